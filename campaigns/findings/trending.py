"""Where signatures come from since yesterday, against what is usual: a flood shows however small its campaign is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, FloatField, Max, Q, Value, When
from django.db.models.functions import Cast, Sqrt
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.findings.people import source_name
from campaigns.findings.table import Column, Kind, Table, mean
from campaigns.models import Campaign, Pledge, PledgeState

LATELY = timedelta(days=1)
# Two weeks, so that each day of the week is in it as often as any other.
USUAL_DAYS = 14
# Signatures of a day that comes as usual lie within this of it nearly always (three deviations of a Poisson count) …
_FAR = 3.0
# … and below so many nothing can be told.
_FEWEST = 10


@dataclass(frozen=True)
class Trending:
    """Signatures to one campaign by one code in the last 24 hours.

    `usual` is the mean of the 14 days before, or of those that the campaign was open; None where there were none.
    """

    campaign: Campaign
    code: str
    signed: int
    confirmed: int
    held: int
    usual: float | None
    # How far beyond the usual it is, in deviations of a count.
    beyond: float

    @property
    def is_unusual(self) -> bool:
        return self.usual is not None and self.signed >= _FEWEST and self.beyond >= _FAR

    @property
    def usual_shown(self) -> str:
        return "–" if self.usual is None else mean(self.usual)


def trending(campaigns: Iterable[Campaign], at: datetime, most: int | None = None) -> list[Trending]:
    """What the last 24 hours brought, the furthest beyond the usual first; one query. Tests are never in it."""
    known = {one.pk: one for one in campaigns}
    since = at - LATELY
    days = {pk: _days_open(one, since) for pk, one in known.items()}
    lately = Q(signed_at__gte=since)
    rows = (
        Pledge.objects.filter(
            campaign__in=known, is_test=False, signed_at__gte=since - timedelta(days=USUAL_DAYS)
        )
        .order_by()
        .values("campaign", "source")
        .annotate(
            signed=Count("pk", filter=lately),
            confirmed=Count("pk", filter=lately & Q(state=PledgeState.CONFIRMED)),
            held=Count("pk", filter=lately & Q(state=PledgeState.HELD)),
            # Aggregated only because the others are: all rows of a campaign say the same.
            usual=Cast(Count("pk", filter=~lately), FloatField()) / Max(_per_campaign(days)),
        )
        .filter(signed__gt=0)
        .annotate(beyond=(F("signed") - F("usual")) / Sqrt(F("usual") + 1.0))
        .order_by("-beyond", "-signed", "campaign", "source")[:most]
    )
    return [_trending(known[row["campaign"]], row, has_usual=days[row["campaign"]] > 0) for row in rows]


def _days_open(campaign: Campaign, until: datetime) -> int:
    """How many whole days it was open of those that say what is usual."""
    if campaign.opened_at is None:
        return 0
    return min(max((until - campaign.opened_at).days, 0), USUAL_DAYS)


def _per_campaign(days: dict[UUID, int]) -> Case:
    younger: dict[int, list[UUID]] = defaultdict(list)
    for pk, n in days.items():
        if n < USUAL_DAYS:
            younger[n].append(pk)
    whens = [When(campaign__in=pks, then=Value(float(max(n, 1)))) for n, pks in younger.items()]
    return Case(*whens, default=Value(float(USUAL_DAYS)), output_field=FloatField())


def _trending(campaign: Campaign, row: Mapping[str, Any], *, has_usual: bool) -> Trending:
    return Trending(
        campaign=campaign,
        code=row["source"],
        signed=row["signed"],
        confirmed=row["confirmed"],
        held=row["held"],
        usual=row["usual"] if has_usual else None,
        beyond=row["beyond"],
    )


def trending_table(found: Sequence[Trending]) -> Table:
    return Table(
        "trending",
        _("Signatures of the last 24 hours"),
        (
            Column(_("Source"), Kind.TEXT),
            Column(pgettext("a count", "Signed")),
            Column(_("On a usual day")),
            Column(pgettext("a count", "Confirmed")),
            Column(pgettext("a count", "Held")),
        ),
        [(source_name(one.code), one.signed, one.usual, one.confirmed, one.held) for one in found],
    )
