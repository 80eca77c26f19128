"""Numbers for pages and dashboards: aggregates, one query each. Tests are never in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate, TruncHour

from campaigns.models import Campaign, Drive, Letter, LetterState, Pledge, PledgeState


@dataclass(frozen=True)
class Numbers:
    """What may be said of a campaign. People, letters and offices are never added to each other."""

    people: int
    pending: int
    letters_by_state: dict[str, int]
    offices_reached: int

    @property
    def letters(self) -> int:
        return sum(self.letters_by_state.values())

    @property
    def letters_accepted(self) -> int:
        return sum(self.letters_by_state.get(state, 0) for state in Letter.ACCEPTED)

    @property
    def letters_waiting(self) -> int:
        return sum(self.letters_by_state.get(state, 0) for state in [*Letter.WAITING, *Letter.LEAVING])

    @property
    def letters_uncertain(self) -> int:
        return self.letters_by_state.get(LetterState.UNCERTAIN, 0)

    @property
    def letters_failed(self) -> int:
        return sum(
            self.letters_by_state.get(s, 0) for s in (LetterState.FAILED, LetterState.BOUNCED, LetterState.ABANDONED)
        )


def campaign_numbers(campaign: Campaign) -> Numbers:
    """A campaign's honest numbers (two queries)."""
    pledges = Pledge.objects.filter(campaign=campaign, is_test=False).aggregate(
        people=Count("pk", filter=Q(state=PledgeState.CONFIRMED)), pending=Count("pk", filter=Q(state=PledgeState.PENDING))
    )
    return Numbers(pledges["people"], pledges["pending"], *_letters(Letter.objects.filter(drive__campaign=campaign)))


def _letters(letters: "Iterable[Letter]") -> tuple[dict[str, int], int]:
    counted = letters.filter(is_test=False)  # type: ignore[attr-defined]
    rows = counted.values("state").annotate(n=Count("pk")).values_list("state", "n")
    by_state = dict(rows)
    reached = counted.filter(state__in=Letter.ACCEPTED).values("post").distinct().count()
    return by_state, reached


def people_of(campaigns: Iterable[Campaign]) -> dict[object, int]:
    """Confirmed pledges per campaign id, in one query for a whole list."""
    rows = Pledge.objects.counted().filter(campaign__in=[c.pk for c in campaigns])
    return dict(rows.values("campaign").annotate(n=Count("pk")).values_list("campaign", "n"))


def drive_numbers(drive: Drive) -> dict[str, int]:
    """Letters of a drive by state, tests left out."""
    rows = Letter.objects.filter(drive=drive, is_test=False).values("state").annotate(n=Count("pk"))
    return dict(rows.values_list("state", "n"))


def signed_by_day(campaign: Campaign) -> list[tuple[date, int]]:
    """Confirmed pledges per day of confirmation (UTC), oldest first."""
    rows = Pledge.objects.counted().filter(campaign=campaign).annotate(day=TruncDate("confirmed_at"))
    return list(rows.values("day").annotate(n=Count("pk")).order_by("day").values_list("day", "n"))


def sent_by_hour(drive: Drive) -> list[tuple[datetime, int]]:
    """Accepted letters per clock hour (UTC), oldest first."""
    rows = Letter.objects.filter(drive=drive, is_test=False, sent_at__isnull=False).annotate(hour=TruncHour("sent_at"))
    return list(rows.values("hour").annotate(n=Count("pk")).order_by("hour").values_list("hour", "n"))


def planned_by_hour(drive: Drive) -> list[tuple[datetime, int]]:
    """Letters that have a moment and have not left, per clock hour (UTC)."""
    rows = Letter.objects.filter(
        drive=drive, is_test=False, state__in=[*Letter.WAITING, *Letter.LEAVING], send_after__isnull=False
    ).annotate(hour=TruncHour("send_after"))
    return list(rows.values("hour").annotate(n=Count("pk")).order_by("hour").values_list("hour", "n"))


def by_office(drive: Drive, limit: int = 100) -> list[dict[str, object]]:
    """Per post: letters in all, accepted, waiting, failed, and the last acceptance; fullest first."""
    rows = (
        Letter.objects.filter(drive=drive, is_test=False)
        .values("post", "post__label", "post__role")
        .annotate(
            letters=Count("pk"),
            accepted=Count("pk", filter=Q(state__in=Letter.ACCEPTED)),
            waiting=Count("pk", filter=Q(state__in=[*Letter.WAITING, *Letter.LEAVING])),
            uncertain=Count("pk", filter=Q(state=LetterState.UNCERTAIN)),
            failed=Count("pk", filter=Q(state__in=[LetterState.FAILED, LetterState.BOUNCED, LetterState.ABANDONED])),
            last_at=Max("sent_at"),
        )
        .order_by("-letters", "post__label")
    )
    return list(rows[:limit])


def by_locality(campaign: Campaign, limit: int = 12) -> list[tuple[str, int]]:
    """Confirmed people per town (postal code where no town is known), most first."""
    rows = Pledge.objects.counted().filter(campaign=campaign).values("city", "postal_code").annotate(n=Count("pk"))
    towns: dict[str, int] = {}
    for row in rows:
        town = row["city"] or row["postal_code"]
        towns[town] = towns.get(town, 0) + row["n"]
    return sorted(towns.items(), key=lambda item: (-item[1], item[0]))[:limit]
