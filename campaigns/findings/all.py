"""Everything a campaign's results page says, counted together; what takes long is kept for a few minutes."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from time import monotonic

from django.core.cache import cache
from redis.exceptions import RedisError

from campaigns.findings.funnel import Step, funnel, funnel_table
from campaigns.findings.letters import (
    Office,
    Personal,
    Reached,
    by_kind,
    by_office,
    kinds_table,
    offices_table,
    reached,
)
from campaigns.findings.people import (
    Source,
    Views,
    days_table,
    places_table,
    sources_of,
    sources_table,
    views_of,
)
from campaigns.findings.places import Counted, districts
from campaigns.findings.subjects import Trial, subjects_table, trials_of
from campaigns.findings.table import Table
from campaigns.findings.trending import Trending, trending, trending_table
from campaigns.models import Campaign
from campaigns.reports import signed_by_day
from contacts.clock import now

# Counting that takes longer is not done anew for each look at the page and each file.
SLOW_SECONDS = 1.0
KEPT_SECONDS = 300


@dataclass(frozen=True)
class Findings:
    """What was counted; `kept_at` only where it took long: the moment of it, and much may have happened since."""

    views: Views
    sources: Sequence[Source]
    signed: Sequence[tuple[date, int]]
    trending: Sequence[Trending]
    places: Counted
    reached: Reached
    kinds: Sequence[Personal]
    trials: Sequence[Trial]
    offices: Sequence[Office]
    kept_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nobody came yet."""
        return not self.views.counts and not self.sources

    @property
    def steps(self) -> list[Step]:
        return funnel(self.sources, self.views, self.reached)

    def tables(self) -> dict[str, Table]:
        """The table of each part of the page by its key, in the page's order."""
        lived_in = {place.pk: (place.name, n) for place, n in self.places if n}
        every = [
            funnel_table(self.steps),
            days_table(self.signed, self.views),
            sources_table(self.sources, self.views),
            trending_table(self.trending),
            places_table(lived_in),
            kinds_table(self.kinds),
            subjects_table(self.trials),
            offices_table(self.offices),
        ]
        return {table.key: table for table in every}


def findings_of(campaign: Campaign) -> Findings:
    """What the page and its files say now, or at most some minutes ago where counting takes long."""
    key = f"findings:2:{campaign.pk}"  # another number when what is kept looks otherwise
    try:
        kept: Findings | None = cache.get(key)
    except RedisError:
        kept = None
    if kept is not None:
        return kept
    begun, at = monotonic(), now()
    fresh = _count(campaign, at)
    if monotonic() - begun > SLOW_SECONDS:
        fresh = replace(fresh, kept_at=at)
        with suppress(RedisError):  # it is counted again next time
            cache.set(key, fresh, KEPT_SECONDS)
    return fresh


def _count(campaign: Campaign, at: datetime) -> Findings:
    views = views_of(campaign)
    return Findings(
        views=views,
        sources=sources_of(campaign, views),
        signed=signed_by_day(campaign),
        trending=trending([campaign], at),
        places=districts(campaign),
        reached=reached(campaign),
        kinds=by_kind(campaign),
        trials=trials_of(campaign),
        offices=by_office(campaign),
    )
