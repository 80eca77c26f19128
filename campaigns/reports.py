"""Numbers for pages and dashboards: aggregates, one query each. Tests are never in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate, TruncHour

from campaigns.constituents import Counts, add_town
from campaigns.models import Campaign, ChannelName, Drive, Letter, LetterState, Pledge, PledgeState
from campaigns.models.letter import LetterQuerySet
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


def campaign_numbers(campaign: Campaign) -> Numbers:
    """A campaign's honest numbers: people, letters and offices, one query each."""
    pledges = Pledge.objects.filter(campaign=campaign, is_test=False).aggregate(
        people=Count("pk", filter=Q(state=PledgeState.CONFIRMED)),
        pending=Count("pk", filter=Q(state=PledgeState.PENDING)),
    )
    letters = Letter.objects.counted().filter(drive__campaign=campaign)
    reached = letters.filter(state__in=Letter.ACCEPTED).exclude(REPORTED).values("post").distinct().count()
    return Numbers(pledges["people"], pledges["pending"], in_groups(by_way(letters)), reached)


def by_state(letters: QuerySet[Letter]) -> dict[str, int]:
    """How many of the letters are in each state; states without any are missing."""
    return dict(letters.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))


def by_way(letters: QuerySet[Letter]) -> list[tuple[str, str, int]]:
    """Channel, state and how many, in the order of a letter's life: what a state means depends on the channel."""
    rows = letters.order_by().values("channel", "state").annotate(n=Count("pk"))
    found = {(channel, state): n for channel, state, n in rows.values_list("channel", "state", "n")}
    return [
        (channel, state, found[channel, state])
        for state in LetterState.values
        for channel in ChannelName.values
        if (channel, state) in found
    ]


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
    rows = Pledge.objects.counted().filter(campaign__in=[c.pk for c in campaigns])
    return dict(rows.values("campaign").annotate(n=Count("pk")).values_list("campaign", "n"))


def tests_of(campaign: Campaign) -> tuple[int, int]:
    """Pledges and letters made in test mode, which no number counts."""
    pledges = Pledge.objects.filter(campaign=campaign, is_test=True).count()
    return pledges, Letter.objects.filter(drive__campaign=campaign, is_test=True).count()


def drive_numbers(drive: Drive) -> list[tuple[str, str, int]]:
    """Letters of a drive by channel and state, tests left out."""
    return by_way(Letter.objects.counted().filter(drive=drive))


def signed_by_day(campaign: Campaign) -> list[tuple[date, int]]:
    """Confirmed pledges per day of confirmation (in the time zone in force), oldest first."""
    rows = Pledge.objects.counted().filter(campaign=campaign).annotate(day=TruncDate("confirmed_at"))
    return list(rows.values("day").annotate(n=Count("pk")).order_by("day").values_list("day", "n"))


def sent_by_hour(drive: Drive) -> list[tuple[datetime, int]]:
    """Accepted letters per clock hour (UTC, the hours in which rates count), oldest first.

    What people carry keeps no hours and is not among them.
    """
    rows = Letter.objects.counted().filter(drive=drive, sent_at__isnull=False).exclude(POSTED | REPORTED)
    return _by_hour(rows, "sent_at")


def planned_by_hour(drive: Drive) -> list[tuple[datetime, int]]:
    """Letters that have a moment and have not left, per clock hour (UTC)."""
    waiting = [*Letter.WAITING, *Letter.LEAVING]
    rows = (
        Letter.objects.counted()
        .filter(drive=drive, state__in=waiting, send_after__isnull=False)
        .exclude(POSTED | REPORTED)
    )
    return _by_hour(rows, "send_after")


def _by_hour(letters: QuerySet[Letter], moment: str) -> list[tuple[datetime, int]]:
    hours = letters.annotate(hour=TruncHour(moment, tzinfo=UTC)).values("hour").annotate(n=Count("pk"))
    return list(hours.order_by("hour").values_list("hour", "n"))


def by_office(drive: Drive) -> QuerySet[Any, Any]:
    """Per post: letters in all, in each group, and the last that left; fullest first."""
    return (
        Letter.objects.counted()
        .filter(drive=drive)
        .values("post", "post__label", "post__role")
        .annotate(
            letters=Count("pk"),
            **{group: Count("pk", filter=is_in(group)) for group in GROUPS},
            last_at=Max("sent_at"),
        )
        .order_by("-letters", "post__label", "post")
    )


@dataclass(frozen=True)
class NeedsPerson:
    """Letters of an organisation that only a person can move on, with the earliest deadline of each kind."""

    uncertain: int
    uncertain_until: datetime | None
    held: int
    held_until: datetime | None
    stuck: int
    stuck_until: datetime | None


def needs_person(organization: Organization) -> NeedsPerson:
    """What waits for somebody; `stuck` are letters that can't leave for a reason written on them."""
    is_uncertain, is_held = Q(state=LetterState.UNCERTAIN), Q(state=LetterState.HELD)
    is_stuck = Q(state=LetterState.READY) & ~Q(note="")
    return NeedsPerson(
        **Letter.objects.counted()
        .filter(is_uncertain | is_held | is_stuck, drive__campaign__organization=organization)
        .aggregate(
            uncertain=Count("pk", filter=is_uncertain),
            uncertain_until=Min("deadline", filter=is_uncertain),
            held=Count("pk", filter=is_held),
            held_until=Min("deadline", filter=is_held),
            stuck=Count("pk", filter=is_stuck),
            stuck_until=Min("deadline", filter=is_stuck),
        )
    )


def by_locality(campaign: Campaign, limit: int = 12) -> list[tuple[str, int]]:
    """Confirmed people per town (postal code where no town is known), most first."""
    rows = (
        Pledge.objects.counted()
        .filter(campaign=campaign)
        .values("city", "postal_code")
        .annotate(n=Count("pk"))
        .order_by("-n", "city", "postal_code")
    )
    towns: Counts = {}
    for row in rows:
        add_town(towns, row["city"], row["postal_code"], row["n"])
    return sorted(towns.values(), key=lambda item: (-item[1], item[0]))[:limit]
