"""An organisation's year as plain facts, counted as its pages count; days are those of its own clock. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Max, Min
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, CampaignState, InboundMail, Letter, Outcome, Pledge
from campaigns.reports import in_groups, signed_by_day_of
from campaigns.year_besides import afterwards, besides, moves
from contacts.clock import now, today
from contacts.models import Organization
from policy.briefs.year_facts import CampaignYear, OutcomeOfYear, YearFacts

# A day that somebody mistyped must not offer a thousand years.
MOST_YEARS = 50
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Year:
    """A calendar year on an organisation's clock."""

    number: int
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        return datetime.combine(date(self.number, 1, 1), time.min, tzinfo=self.zone)

    @property
    def ends(self) -> datetime:
        """The first moment of the next one."""
        return datetime.combine(date(self.number + 1, 1, 1), time.min, tzinfo=self.zone)

    def within(self, field: str) -> dict[str, datetime]:
        """Conditions that a moment lies in it."""
        return {f"{field}__gte": self.begins, f"{field}__lt": self.ends}

    def has(self, moment: datetime | None) -> bool:
        return moment is not None and self.begins <= moment < self.ends

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def years_of(organization: Organization) -> list[int]:
    """The years a report can be of, newest first: from that of its first campaign or outcome to the one it is."""
    zone = ZoneInfo(organization.time_zone)
    this_year = today(organization.time_zone).year
    opened = Campaign.objects.of(organization).filter(is_test=False).aggregate(at=Min("opened_at"))["at"]
    told = Outcome.objects.public().of(organization).aggregate(on=Min("on"))["on"]
    first = min(
        [this_year, *([opened.astimezone(zone).year] if opened else []), *([told.year] if told else [])]
    )
    return list(range(this_year, max(first, this_year - MOST_YEARS) - 1, -1))


def year_facts(organization: Organization, number: int, language: str) -> YearFacts:
    """What is known of a year; texts of campaigns in `language` where they are written in it."""
    year = Year(number, ZoneInfo(organization.time_zone))
    begun = (
        Campaign.objects.of(organization)
        .filter(is_test=False, opened_at__lt=year.ends)
        .exclude(state__in=[CampaignState.DRAFT, CampaignState.IN_REVIEW, CampaignState.SCHEDULED])
        .prefetch_related("translations")
        .order_by("opened_at", "pk")
    )
    campaigns = {one.pk: one for one in begun}
    signed = _signed(campaigns, year)
    outcomes = list(Outcome.objects.public().of(organization).filter(on__year=number).order_by("on", "pk"))
    people = _people(campaigns, year)
    letters = _letters(campaigns, year)
    answers = _answers(campaigns, year)
    also = besides(organization, year.within, campaigns.values())
    stood = moves(organization, number)
    return YearFacts(
        year=number,
        is_over=now() >= year.ends,
        people=people["n"],
        campaigns=_campaigns(campaigns, signed, letters, answers, year, language),
        months=_months(signed, year),
        outcomes=tuple(
            OutcomeOfYear(
                one.campaign.words_in([language]).title, str(one.get_result_display()), one.on, one.learned
            )
            for one in outcomes
        ),
        facts_at=_newest(
            [
                year.begins,
                people["at"],
                *(row["at"] for row in (*letters, *answers)),
                *(one.edited_at or one.published_at for one in outcomes),
                *(at for one in begun for at in (one.opened_at, one.closed_at) if year.has(at)),
                also.newest,
                stood.newest,
            ]
        ),
        records_url=settings.SITE_URL + reverse("campaigns:how-we-count"),
        outcomes_url=settings.SITE_URL + reverse("campaigns:wins", args=[organization.slug]),
        moves=stood.moved,
        newly_known=stood.newly_known,
        events=also.events,
        came=also.came,
        stories=also.stories,
        organizations=also.organizations,
        afterwards=afterwards(campaigns.values(), number),
    )


def _signed(campaigns: Iterable[UUID], year: Year) -> dict[UUID, dict[date, int]]:
    """Signatures that count, by campaign and day of the year; the numbers of the campaigns' own pages."""
    with timezone.override(year.zone):
        found = signed_by_day_of(campaigns)
    return {
        campaign: {day: n for day, n in days if day.year == year.number} for campaign, days in found.items()
    }


# How many there are of the year, and the moment (`at`) that the newest is from.


def _people(campaigns: Iterable[UUID], year: Year) -> Row:
    """Each once, however many campaigns they signed."""
    found = Pledge.objects.counted().filter(campaign__in=list(campaigns), **year.within("confirmed_at"))
    return found.aggregate(n=Count("supporter", distinct=True), at=Max("confirmed_at"))


def _letters(campaigns: Iterable[UUID], year: Year) -> list[Row]:
    """By campaign, channel and state. No tally knows on which days letters left that people carry."""
    found = Letter.objects.counted().filter(drive__campaign__in=list(campaigns), **year.within("sent_at"))
    ways = found.order_by().values("channel", "state", campaign=F("drive__campaign"))
    return list(ways.annotate(n=Count("pk"), at=Max("sent_at")))


def _answers(campaigns: Iterable[UUID], year: Year) -> list[Row]:
    """By campaign."""
    found = InboundMail.objects.answers().filter(
        letter__drive__campaign__in=list(campaigns), **year.within("received_at")
    )
    each = found.order_by().values(campaign=F("letter__drive__campaign"))
    return list(each.annotate(n=Count("pk"), at=Max("received_at")))


def _campaigns(
    campaigns: dict[UUID, Campaign],
    signed: dict[UUID, dict[date, int]],
    letters: list[Row],
    answers: list[Row],
    year: Year,
    language: str,
) -> tuple[CampaignYear, ...]:
    """Those that ran in the year, and those that only gathered something in it."""
    ways: dict[UUID, list[tuple[str, str, int]]] = {}
    for row in letters:
        ways.setdefault(row["campaign"], []).append((row["channel"], row["state"], row["n"]))
    answered = {row["campaign"]: row["n"] for row in answers}
    rows = []
    for key, one in campaigns.items():
        groups = in_groups(ways.get(key, []))
        ended = one.closed_at if one.state in {CampaignState.CLOSED, CampaignState.ARCHIVED} else None
        of_year = CampaignYear(
            title=one.words_in([language]).title,
            since=year.day(one.began_at),
            until=year.day(ended) if ended else None,
            people=sum(signed.get(key, {}).values()),
            accepted=groups["accepted"],
            posted=groups["posted"],
            reported=groups["reported"],
            answers=answered.get(key, 0),
            ran=ended is None or ended >= year.begins,
        )
        numbers = (of_year.people, of_year.accepted, of_year.posted, of_year.reported, of_year.answers)
        if of_year.ran or any(numbers):
            rows.append(of_year)
    return tuple(rows)


def _months(signed: dict[UUID, dict[date, int]], year: Year) -> tuple[tuple[date, int], ...]:
    """Every month of the year that has begun."""
    last = min(year.day(now()), date(year.number, 12, 31))
    months = [date(year.number, month, 1) for month in range(1, last.month + 1)]
    return tuple(
        (first, sum(n for days in signed.values() for day, n in days.items() if day.month == first.month))
        for first in months
    )


def _newest(moments: Iterable[datetime | None]) -> datetime:
    """When the newest fact that the report says came to be."""
    newest = max(at for at in moments if at)
    return newest.astimezone(UTC).replace(microsecond=0)
