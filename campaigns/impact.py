"""An issue from its gap to what came afterwards, in numbers that stand beside each other and prove nothing alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from campaigns.drive_reports import numbers_of_drives
from campaigns.models import Campaign, CampaignState, Drive, Outcome, TallyKind, published_outcome
from campaigns.reports import people_of
from campaigns.tallies import sums
from contacts.clock import today
from policy.models import Better, Indicator, IndicatorValue, Issue, Position
from policy.moved import Move, moves_of_measures


@dataclass(frozen=True)
class Asked:
    """A campaign with its numbers, who moved on its measure meanwhile, and what came of it."""

    campaign: Campaign
    people: int
    letters: dict[str, int]
    moves: Sequence[Move]
    outcome: Outcome | None

    @property
    def letters_by_hand(self) -> int:
        """Posted, or sent by their writers: both rest on what people say."""
        return self.letters["posted"] + self.letters["reported"]

    @property
    def _way(self) -> int:
        """Levels say who is for the measure; against one that we oppose, fewer of them is what we ask."""
        measure = self.campaign.measure
        return -1 if measure is not None and measure.position == Position.OPPOSE else 1

    @property
    def towards(self) -> int:
        return sum(move.steps * self._way > 0 for move in self.moves)

    @property
    def away(self) -> int:
        return sum(move.steps * self._way < 0 for move in self.moves)

    @property
    def unmoved(self) -> int:
        """Known at both moments, and the same."""
        return sum(bool(move.before) and move.steps == 0 for move in self.moves)

    @property
    def newly_known(self) -> int:
        return sum(move.before is None for move in self.moves)


@dataclass(frozen=True)
class Period:
    """A series in one period: the middle of its places, how many have a figure, and how many miss the target."""

    name: str
    starts_on: date
    middle: Decimal
    places: int
    short: int | None

    @property
    def next_on(self) -> date:
        """The first day after it: a figure of a period is known of it as a whole."""
        months = 3 if "-Q" in self.name else 1 if "-" in self.name else 12
        years, month = divmod(self.starts_on.month - 1 + months, 12)
        return date(self.starts_on.year + years, month + 1, 1)


@dataclass(frozen=True)
class Series:
    """A series over time. `before` is its last period that was over when the first campaign began, None where there is
    no such figure; `afterwards` are all that began after the first outcome, oldest first."""

    indicator: Indicator
    periods: Sequence[Period]
    rows: Sequence[IndicatorValue]
    before: Period | None
    afterwards: Sequence[Period]

    @property
    def after(self) -> Period | None:
        """The newest of those."""
        return self.afterwards[-1] if self.afterwards else None


@dataclass(frozen=True)
class Impact:
    issue: Issue
    asked: Sequence[Asked]
    offices: int
    series: Sequence[Series]


def campaigns_of(issue: Issue) -> list[Campaign]:
    """The public campaigns of an issue, the first begun first, with outcome and texts; no tests, none yet to begin."""
    return list(
        Campaign.objects.public()
        .filter(issue=issue, is_test=False, opened_at__isnull=False)
        .exclude(state=CampaignState.SCHEDULED)
        .select_related("organization", "measure", "outcome")
        .prefetch_related("translations")
        .order_by("opened_at", "pk")
    )


def impact_of(issue: Issue) -> Impact:
    """Everything the page of an issue's impact says, in a fixed number of queries; no tests, none yet to begin."""
    campaigns = campaigns_of(issue)
    people = people_of(campaigns)
    drives = list(Drive.objects.filter(campaign__in=campaigns))
    letters = numbers_of_drives(drives)
    spans = {
        one.pk: (one.began_on, outcome.on if (outcome := published_outcome(one)) else today())
        for one in campaigns
    }
    moves = moves_of_measures(
        [(one.pk, one.measure, *spans[one.pk]) for one in campaigns if one.measure is not None]
    )
    asked = []
    for one in campaigns:
        theirs = [letters[drive.pk] for drive in drives if drive.campaign_id == one.pk]
        groups = {name: sum(found[name] for found in theirs) for name in ("accepted", "posted", "reported")}
        asked.append(Asked(one, people.get(one.pk, 0), groups, moves.get(one.pk, []), published_outcome(one)))
    return Impact(
        issue=issue,
        asked=asked,
        offices=sums(TallyKind.OFFICES, [drive.pk for drive in drives]).count(),
        series=series_of(issue, campaigns),
    )


def series_of(issue: Issue, campaigns: Sequence[Campaign]) -> list[Series]:
    """The series of an issue that have a figure, before and after what its campaigns asked; two queries."""
    began = min((one.began_on for one in campaigns), default=None)
    outcomes = [outcome for one in campaigns if (outcome := published_outcome(one))]
    ended = min((outcome.on for outcome in outcomes), default=None)
    indicators = list(issue.indicators.all())
    rows: dict[object, list[IndicatorValue]] = {one.pk: [] for one in indicators}
    values = IndicatorValue.objects.filter(indicator__in=indicators, value__isnull=False)
    for value in values.select_related("division").order_by("starts_on", "period", "division__name"):
        rows[value.indicator_id].append(value)
    found = []
    for indicator in indicators:
        periods = _periods(indicator, rows[indicator.pk])
        if not periods:
            continue
        before = [one for one in periods if began is not None and one.next_on <= began]
        after = [one for one in periods if ended is not None and one.starts_on > ended]
        found.append(
            Series(
                indicator,
                periods,
                rows[indicator.pk],
                max(before, key=lambda one: one.next_on, default=None),
                after,
            )
        )
    return found


def _periods(indicator: Indicator, rows: Sequence[IndicatorValue]) -> list[Period]:
    """Each period, oldest first: the median of all places that have a figure in it."""
    grouped: dict[tuple[date, str], list[Decimal]] = {}
    for row in rows:
        if row.value is not None:
            grouped.setdefault((row.starts_on, row.period), []).append(row.value)
    target = indicator.target

    def misses(value: Decimal) -> bool:
        return target is not None and (value > target if indicator.better == Better.LOWER else value < target)

    return [
        Period(
            name,
            starts_on,
            median(figures),
            len(figures),
            sum(map(misses, figures)) if target is not None else None,
        )
        for (starts_on, name), figures in sorted(grouped.items())
    ]
