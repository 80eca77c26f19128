"""What an organisation's year holds besides campaigns: positions, events, stories, support, figures. Reads only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q

from campaigns.impact import campaigns_of, series_of
from campaigns.models import (
    Campaign,
    Endorsement,
    EndorsementState,
    Event,
    EventState,
    Registration,
    Story,
    StoryState,
)
from contacts.clock import now
from contacts.models import Organization
from policy.briefs.gather_series import cited
from policy.briefs.year_facts import FigureAfterwards, MoveOfYear
from policy.indicators import with_unit
from policy.models import Issue, Measure
from policy.moved import moves_of_measures

_OF_NO_TEST = Q(campaign__isnull=True) | Q(campaign__is_test=False)


@dataclass(frozen=True)
class Besides:
    """Numbers, and the moment that the newest of them is from; None without any."""

    events: int
    came: int
    stories: int
    organizations: int
    newest: datetime | None


def besides(
    organization: Organization, within: Callable[[str], dict[str, datetime]], campaigns: Iterable[Campaign]
) -> Besides:
    """`within` gives conditions that the moment in a field lies in the year."""
    held = Event.objects.filter(_OF_NO_TEST, organization=organization, state=EventState.OPEN)
    held = held.filter(ends_at__lte=now(), **within("ends_at"))
    told = Story.objects.filter(_OF_NO_TEST, organization=organization, **within("confirmed_at"))
    told = told.exclude(state__in=[StoryState.PENDING, StoryState.EXPIRED, StoryState.WITHDRAWN])
    joined = Endorsement.objects.filter(campaign__in=list(campaigns), state=EndorsementState.APPROVED)
    first = joined.annotate(at=Min("history__at", filter=Q(history__to_state=EndorsementState.APPROVED)))
    supporting = list(first.filter(**within("at")).values_list("name_key", "host", "at"))
    events = held.aggregate(n=Count("pk"), at=Max("ends_at"))
    stories = told.aggregate(n=Count("pk"), at=Max("confirmed_at"))
    moments = [events["at"], stories["at"], *(at for _name, _host, at in supporting)]
    return Besides(
        events=events["n"],
        came=Registration.objects.filter(event__in=held, checked_in_at__isnull=False).count(),
        stories=stories["n"],
        organizations=len({(name, host) for name, host, _at in supporting}),
        newest=max((at for at in moments if at), default=None),
    )


@dataclass(frozen=True)
class Moves:
    """Who moved in a year, how many became known, and when the newest of it was recorded."""

    moved: tuple[MoveOfYear, ...]
    newly_known: int
    newest: datetime | None


def moves(organization: Organization, year: int) -> Moves:
    """Where legislators stood on each measure at both ends of the year, from what was recorded."""
    spans = [
        (measure, measure, date(year - 1, 12, 31), date(year, 12, 31))
        for measure in Measure.objects.filter(organization=organization).order_by("identifier", "pk")
    ]
    moved: list[MoveOfYear] = []
    known = 0
    recorded: list[datetime] = []
    for measure, some in moves_of_measures(spans).items():
        for move in some:
            if move.before is None:
                known += 1
            elif move.steps:
                moved.append(
                    MoveOfYear(
                        name=move.legislator.name,
                        measure=measure.identifier,
                        before=str(move.before.get_level_display()),
                        after=str(move.after.get_level_display()),
                        on=move.after.on,
                    )
                )
            else:
                continue
            recorded.append(move.after.recorded_at)
    return Moves(tuple(moved), known, max(recorded, default=None))


def afterwards(campaigns: Iterable[Campaign], year: int) -> tuple[FigureAfterwards, ...]:
    """Of each issue whose page of impact has them: the figure before, and the newest of this year after an outcome."""
    issues = Issue.objects.filter(pk__in={one.issue_id for one in campaigns}, indicators__isnull=False)
    rows = []
    for issue in issues.distinct().order_by("title", "pk"):
        for series in series_of(issue, campaigns_of(issue)):
            of_year = [one for one in series.afterwards if one.starts_on.year == year]
            if not of_year:
                continue
            unit, before, after = series.indicator.unit, series.before, of_year[-1]
            told = {after.name, before.name if before else ""}
            sources = [cited(one.source, one.source_url) for one in series.rows if one.period in told]
            rows.append(
                FigureAfterwards(
                    what=series.indicator.name,
                    before=f"{with_unit(before.middle, unit)} ({before.name})" if before else "",
                    after=f"{with_unit(after.middle, unit)} ({after.name})",
                    sources=tuple(dict.fromkeys(sources)),
                )
            )
    return tuple(rows)
