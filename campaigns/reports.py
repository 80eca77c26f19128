"""Numbers for pages and dashboards: aggregates, one query each. Tests are never in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate, TruncHour

from campaigns.models import Campaign, ChannelName, Drive, Letter, LetterState, Pledge, PledgeState
from contacts.models import Organization

POSTED, REPORTED = Q(channel=ChannelName.PRINT), Q(channel=ChannelName.LINK)
FAILED = [LetterState.FAILED, LetterState.BOUNCED, LetterState.ABANDONED]


@dataclass(frozen=True)
class Numbers:
    """What may be said of a campaign. People, letters and offices are never added to each other."""

    people: int
    pending: int
    letters_by_state: dict[str, int]
    offices_reached: int
    # Of those accepted: printed and posted by people, and sent by supporters themselves, as they say.
    letters_posted: int = 0
    letters_reported: int = 0

    @property
    def letters(self) -> int:
        return sum(self.letters_by_state.values())

    @property
    def letters_accepted(self) -> int:
        """Taken over by a mail server or an office's system; nothing that a person says is in it."""
        done = sum(self.letters_by_state.get(state, 0) for state in Letter.ACCEPTED)
        return done - self.letters_posted - self.letters_reported

    @property
    def letters_waiting(self) -> int:
        return sum(self.letters_by_state.get(state, 0) for state in [*Letter.WAITING, *Letter.LEAVING])

    @property
    def letters_uncertain(self) -> int:
        return self.letters_by_state.get(LetterState.UNCERTAIN, 0)

    @property
    def letters_failed(self) -> int:
        return sum(self.letters_by_state.get(state, 0) for state in FAILED)


def campaign_numbers(campaign: Campaign) -> Numbers:
    """A campaign's honest numbers: people, letters and offices, one query each."""
    pledges = Pledge.objects.filter(campaign=campaign, is_test=False).aggregate(
        people=Count("pk", filter=Q(state=PledgeState.CONFIRMED)),
        pending=Count("pk", filter=Q(state=PledgeState.PENDING)),
    )
    letters = Letter.objects.counted().filter(drive__campaign=campaign)
    done = letters.filter(state__in=Letter.ACCEPTED).aggregate(
        offices=Count("post", distinct=True, filter=~REPORTED),
        posted=Count("pk", filter=POSTED),
        reported=Count("pk", filter=REPORTED),
    )
    return Numbers(
        pledges["people"],
        pledges["pending"],
        by_state(letters),
        done["offices"],
        done["posted"],
        done["reported"],
    )


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
    """Per post: letters in all, accepted, by people, waiting, failed, and the last that left; fullest first."""
    return (
        Letter.objects.counted()
        .filter(drive=drive)
        .values("post", "post__label", "post__role")
        .annotate(
            letters=Count("pk"),
            accepted=Count("pk", filter=Q(state__in=Letter.ACCEPTED) & ~(POSTED | REPORTED)),
            by_people=Count("pk", filter=Q(state__in=Letter.ACCEPTED) & (POSTED | REPORTED)),
            waiting=Count("pk", filter=Q(state__in=[*Letter.WAITING, *Letter.LEAVING])),
            uncertain=Count("pk", filter=Q(state=LetterState.UNCERTAIN)),
            failed=Count("pk", filter=Q(state__in=FAILED)),
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
    )
    towns: dict[str, int] = {}
    for row in rows:
        town = row["city"] or row["postal_code"]
        towns[town] = towns.get(town, 0) + row["n"]
    return sorted(towns.items(), key=lambda item: (-item[1], item[0]))[:limit]
