"""Numbers for pages and dashboards: aggregates, one query each. Tests are never in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, DateTimeField, Min, Q, QuerySet, Sum
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

from campaigns.constituents import in_districts, in_towns
from campaigns.letters.reasons import NOT_COUNTED
from campaigns.models import (
    Campaign,
    ChannelName,
    Letter,
    LetterState,
    Pledge,
    PledgeState,
    Tally,
    TallyKind,
)
from campaigns.models.letter import LetterQuerySet
from campaigns.tallies import sums
from contacts.models import Organization

POSTED, REPORTED = Q(channel=ChannelName.PRINT), Q(channel=ChannelName.LINK)
# Every letter is in exactly one of these groups: counted by them, letters add up to all there are.
GROUPS = (
    "accepted",
    "posted",
    "reported",
    "leaving",
    "waiting",
    "with_supporters",
    "uncertain",
    "held",
    "failed",
    "stopped",
)
_BY_STATE = {
    **dict.fromkeys(Letter.ACCEPTED, "accepted"),
    **dict.fromkeys(Letter.LEAVING, "leaving"),
    **dict.fromkeys(Letter.OUTGOING, "waiting"),
    **dict.fromkeys(Letter.FAILED, "failed"),
    **dict.fromkeys(Letter.STOPPED, "stopped"),
    LetterState.DRAFT: "with_supporters",
    LetterState.UNCERTAIN: "uncertain",
    LetterState.HELD: "held",
}
Ways = Iterable[tuple[str, str, int]]


def group_of(channel: str, state: str) -> str:
    """The group of a letter that goes this way and is in this state."""
    group = _BY_STATE[state]
    if group == "accepted":
        return {ChannelName.PRINT: "posted", ChannelName.LINK: "reported"}.get(ChannelName(channel), group)
    # Queued on this channel, it waits for its supporter to fill in the office's form.
    if (channel, state) == (ChannelName.LINK, LetterState.QUEUED):
        return "with_supporters"
    return group


def in_groups(ways: Ways) -> dict[str, int]:
    """Letters by channel and state → letters by group."""
    found = dict.fromkeys(GROUPS, 0)
    for channel, state, n in ways:
        found[group_of(channel, state)] += n
    return found


def is_in(group: str, path: str = "") -> Q:
    """The condition that a letter is in a group; `path` leads to the letter, as in `letters__`."""
    states: dict[str, list[str]] = {}
    for channel in ChannelName.values:
        for state in LetterState.values:
            if group_of(channel, state) == group:
                states.setdefault(channel, []).append(state)
    condition = Q()
    for channel, some in states.items():
        condition |= Q(**{f"{path}channel": channel, f"{path}state__in": some})
    return condition


@dataclass(frozen=True)
class Numbers:
    """What may be said of a campaign. People, letters and offices are never added to each other."""

    people: int
    pending: int
    letters_in: dict[str, int]
    offices_reached: int

    @property
    def letters(self) -> int:
        return sum(self.letters_in.values())

    @property
    def letters_accepted(self) -> int:
        """Taken over by a mail server or an office's system; nothing that a person says is in it."""
        return self.letters_in["accepted"]

    @property
    def letters_posted(self) -> int:
        """Printed and posted by people."""
        return self.letters_in["posted"]

    @property
    def letters_reported(self) -> int:
        """Sent by supporters themselves, as they say."""
        return self.letters_in["reported"]

    @property
    def letters_by_hand(self) -> int:
        """Posted, or sent by their writers: both rest on what people say."""
        return self.letters_posted + self.letters_reported


def campaign_numbers(campaign: Campaign) -> Numbers:
    """A campaign's honest numbers: people, letters and offices, one query each."""
    drives = campaign.drives.order_by().values("pk")
    pledges = dict(sums(TallyKind.PLEDGES, [campaign.pk]))
    return Numbers(
        people=pledges.get(PledgeState.CONFIRMED, 0),
        pending=pledges.get(PledgeState.PENDING, 0),
        letters_in=in_groups(ways_of(dict(sums(TallyKind.LETTERS, drives)))),
        offices_reached=sums(TallyKind.OFFICES, drives).count(),
    )


def ways_of(found: dict[str, int]) -> list[tuple[str, str, int]]:
    """Numbers by channel and state, both in one key, in the order of a letter's life."""
    return [
        (channel, state, found[f"{channel} {state}"])
        for state in LetterState.values
        for channel in ChannelName.values
        if f"{channel} {state}" in found
    ]


def by_state(letters: QuerySet[Letter]) -> dict[str, int]:
    """How many of the letters are in each state; states without any are missing."""
    return dict(letters.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))


def by_way(letters: QuerySet[Letter]) -> list[tuple[str, str, int]]:
    """Channel, state and how many, in the order of a letter's life: what a state means depends on the channel."""
    rows = letters.order_by().values("channel", "state").annotate(n=Count("pk"))
    return ways_of(
        {f"{channel} {state}": n for channel, state, n in rows.values_list("channel", "state", "n")}
    )


def stuck_of(letters: LetterQuerySet) -> dict[tuple[str, str], int]:
    """Letters that can't leave, by channel and reason; the commonest first."""
    rows = letters.stuck().order_by().values("channel", "note").annotate(n=Count("pk"))
    return {
        (channel, note): n
        for channel, note, n in rows.order_by("-n", "note", "channel").values_list("channel", "note", "n")
    }


def by_reason(stuck: dict[tuple[str, str], int]) -> dict[str, int]:
    """Letters that can't leave, by reason whatever their channel."""
    found: dict[str, int] = {}
    for (_channel, note), n in stuck.items():
        found[note] = found.get(note, 0) + n
    return found


def people_of(campaigns: Iterable[Campaign]) -> dict[object, int]:
    """Confirmed pledges per campaign id, in one query for a whole list."""
    rows = Tally.objects.filter(
        kind=TallyKind.PLEDGES, key=PledgeState.CONFIRMED, owner__in=[c.pk for c in campaigns]
    )
    return dict(rows.order_by().values("owner").annotate(total=Sum("n")).values_list("owner", "total"))


def held_signatures(organization: Organization) -> int:
    """Signatures that wait for a person to look at them."""
    ours = Campaign.objects.of(organization).values("pk")
    found = Tally.objects.filter(kind=TallyKind.PLEDGES, key=PledgeState.HELD, owner__in=ours)
    return found.aggregate(total=Sum("n"))["total"] or 0


def tests_of(campaign: Campaign) -> tuple[int, int]:
    """Pledges and letters made in test mode, which no number counts."""
    pledges = Pledge.objects.filter(campaign=campaign, is_test=True).count()
    return pledges, Letter.objects.filter(drive__campaign=campaign, is_test=True).count()


def signed_by_day(campaign: Campaign) -> list[tuple[date, int]]:
    """Confirmed pledges per day of confirmation (in the time zone in force), oldest first."""
    rows = Tally.objects.filter(kind=TallyKind.SIGNED, owner=campaign.pk).order_by()
    days = rows.values(day=TruncDate(Cast("key", DateTimeField()))).annotate(total=Sum("n")).exclude(total=0)
    return list(days.order_by("day").values_list("day", "total"))


def signed_by_day_of(
    campaigns: Iterable[UUID], since: date | None = None
) -> dict[UUID, list[tuple[date, int]]]:
    """The same for each of many, in one query; from a day on (in the time zone in force), or all."""
    rows = Tally.objects.filter(kind=TallyKind.SIGNED, owner__in=list(campaigns)).order_by()
    if since is not None:
        begins = datetime.combine(since, time(), timezone.get_current_timezone())
        rows = rows.filter(key__gte=begins.astimezone(UTC).strftime("%Y-%m-%d %H:%M"))
    days = rows.values("owner", day=TruncDate(Cast("key", DateTimeField()))).annotate(total=Sum("n"))
    found: dict[UUID, list[tuple[date, int]]] = {}
    for owner, day, n in days.exclude(total=0).order_by("day").values_list("owner", "day", "total"):
        found.setdefault(owner, []).append((day, n))
    return found


@dataclass(frozen=True)
class NeedsPerson:
    """Letters of an organisation that only a person can move on, with the earliest deadline of each kind."""

    uncertain: int
    uncertain_until: datetime | None
    held: int
    held_until: datetime | None
    stuck: int
    stuck_until: datetime | None


def stuck_letters(organization: Organization) -> LetterQuerySet:
    """An organisation's letters that can't leave, for the reason written on them."""
    return Letter.objects.counted().stuck().filter(drive__campaign__organization=organization)


def needs_person(organization: Organization) -> NeedsPerson:
    """What waits for somebody; `stuck` are letters that can't leave for a reason written on them."""
    letters = Letter.objects.counted().filter(drive__campaign__organization=organization)
    # One query each: every one reads the few rows of an index of its own, all together would read every letter.
    uncertain, uncertain_until = _waiting(letters.filter(state=LetterState.UNCERTAIN))
    # What is held because its pledge does not count is decided.
    held, held_until = _waiting(letters.filter(state=LetterState.HELD).exclude(note=NOT_COUNTED))
    stuck, stuck_until = _waiting(stuck_letters(organization))
    return NeedsPerson(uncertain, uncertain_until, held, held_until, stuck, stuck_until)


def _waiting(letters: QuerySet[Letter]) -> tuple[int, datetime | None]:
    """How many, and the nearest deadline."""
    found = letters.aggregate(n=Count("pk"), until=Min("deadline"))
    return found["n"], found["until"]


def by_locality(campaign: Campaign, limit: int = 12) -> list[tuple[str, int]]:
    """Confirmed people per town (postal code where no town is known), most first."""
    return _most_first(in_towns(campaign))[:limit]


def by_district(campaign: Campaign) -> list[tuple[str, int]]:
    """Confirmed people per district of the chamber that divides the place most finely, most first; [] without one."""
    return _most_first(in_districts(campaign))


def _most_first(counts: Mapping[Any, tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(counts.values(), key=lambda item: (-item[1], item[0]))
