"""What a series of figures says: who ranks where, who misses the target, what changed, and what it means in one place.

A missing figure is told as missing, here and in every table and picture; it is never a zero.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from contacts.models import Division
from policy.models import Better, Indicator, IndicatorValue


def figure(value: Decimal | None, decimals: int = 0) -> str:
    """A figure as printed: thousands apart, no more zeros than `decimals` asks for; words when there is none."""
    if value is None:
        return _("no figure")
    plain = value.normalize()
    places = max(-int(plain.as_tuple().exponent), decimals)
    return number_format(plain, decimal_pos=places, use_l10n=True, force_grouping=True)


def with_unit(value: Decimal | None, unit: str, decimals: int = 0) -> str:
    """A figure with its unit: 41 days, 12.5%."""
    if value is None:
        return figure(None)
    shown = figure(value, decimals)
    return f"{shown}%" if unit == "%" else f"{shown} {unit}"


@dataclass(frozen=True)
class Place:
    """A place in a period: its figure, its rank (1 is best; equal figures share one), and against what.

    `gap` is how far it is beyond the target in the wrong direction (negative when it does better), `change` what was
    added since the period before. Both are None where a figure they need is missing.
    """

    division: Division
    value: IndicatorValue | None
    rank: int | None
    gap: Decimal | None
    change: Decimal | None

    @property
    def number(self) -> Decimal | None:
        """The figure itself; None where there is none."""
        return self.value.value if self.value else None

    @property
    def falls_short(self) -> bool:
        return self.gap is not None and self.gap > 0


@dataclass(frozen=True)
class Standing:
    """All places of a series in one period, the best first, those without a figure last."""

    indicator: Indicator
    period: str
    before: str
    places: tuple[Place, ...]

    @cached_property
    def known(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.rank is not None)

    @cached_property
    def decimals(self) -> int:
        """The most decimals a figure of the period has, so that a column of them stands in line."""
        figures = [
            place.value.value for place in self.places if place.value and place.value.value is not None
        ]
        return max((-int(value.normalize().as_tuple().exponent) for value in figures), default=0)

    @property
    def missing(self) -> int:
        return len(self.places) - len(self.known)

    @property
    def short(self) -> int:
        return sum(place.falls_short for place in self.places)


def periods_of(indicators: Iterable[Indicator]) -> dict[UUID, list[str]]:
    """The periods of each series that have a figure, the newest first; one query."""
    rows = (
        IndicatorValue.objects.filter(indicator__in=list(indicators), value__isnull=False)
        .values_list("indicator_id", "period", "starts_on")
        .distinct()
        .order_by("indicator_id", "-starts_on", "-period")
    )
    found: dict[UUID, list[str]] = {}
    for pk, period, _starts_on in rows:
        found.setdefault(pk, []).append(period)
    return found


def standing(indicator: Indicator, period: str = "", within: Division | None = None) -> Standing | None:
    """The series in a period, the newest unless one is named; None while there is no figure in it.

    Places are all that ever had a figure and all of their kind beside them (the other states, the other districts of
    a state), so that a place nobody has a figure for is listed too. `within` leaves those inside one place.
    """
    periods = periods_of([indicator]).get(indicator.pk, [])
    if not periods:
        return None
    period = period if period in periods else periods[0]
    earlier = periods[periods.index(period) + 1 :]
    before = earlier[0] if earlier else ""
    values = list(indicator.values_by_place.filter(period__in=[period, before]))
    divisions = _expected(indicator)
    if within is not None:
        divisions = [place for place in divisions if place.ocd_id.startswith(f"{within.ocd_id}/")]
    return _ranked(indicator, period, before, divisions, values)


def _ranked(
    indicator: Indicator,
    period: str,
    before: str,
    divisions: Sequence[Division],
    values: Iterable[IndicatorValue],
) -> Standing:
    by_key = {(value.division_id, value.period): value for value in values}
    here = [(division, by_key.get((division.pk, period))) for division in divisions]
    figures = [row.value for _place, row in here if row and row.value is not None]
    ranks: dict[Decimal, int] = {}
    for at, best in enumerate(sorted(figures, reverse=indicator.better == Better.HIGHER), start=1):
        ranks.setdefault(best, at)
    places = []
    for division, row in here:
        value = row.value if row else None
        past = by_key.get((division.pk, before))
        places.append(
            Place(
                division=division,
                value=row,
                rank=ranks[value] if value is not None else None,
                gap=_gap(indicator, value),
                change=value - past.value if value is not None and past and past.value is not None else None,
            )
        )
    places.sort(key=lambda place: (place.rank is None, place.rank, place.division.name))
    return Standing(indicator, period, before, tuple(places))


def _gap(indicator: Indicator, value: Decimal | None) -> Decimal | None:
    if value is None or indicator.target is None:
        return None
    above = value - indicator.target
    return above if indicator.better == Better.LOWER else -above


def _kind(ocd_id: str) -> str:
    """The kind of place an id names by its last part: state, cd, sldl…"""
    return ocd_id.rpartition("/")[2].partition(":")[0]


def _expected(indicator: Indicator) -> list[Division]:
    """Every place that a series speaks of, and those of the same kind below the same place; two queries."""
    known = Division.objects.filter(pk__in=indicator.values_by_place.values("division"))
    valued = {place.pk: place for place in known}
    shared: dict[str, list[str]] = {}
    for place in valued.values():
        around = place.ocd_id.rpartition("/")[0]
        kind = _kind(place.ocd_id)
        shared[kind] = _common(shared[kind], around.split("/")) if kind in shared else around.split("/")
    patterns = [
        rf"^{re.escape('/'.join(parts))}/([^/]+/)*{re.escape(kind)}:[^/]+$"
        for kind, parts in shared.items()
        if len(parts) > 1
    ]
    if patterns:
        beside = Division.objects.filter(ocd_id__regex="|".join(f"({pattern})" for pattern in patterns))
        valued.update({place.pk: place for place in beside})
    return sorted(valued.values(), key=lambda place: place.name)


def _common(one: list[str], other: list[str]) -> list[str]:
    length = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return one[:length]


@dataclass(frozen=True)
class Meaning:
    """What a series means in one place, in one sentence, with the source of its figure. No figure, no source."""

    indicator: Indicator
    sentence: str
    period: str
    source: str = ""
    source_url: str = ""


def meanings(indicators: Sequence[Indicator], division: Division) -> list[Meaning]:
    """Each series in one sentence for a place, or for the nearest place around it that has figures."""
    around = [division]
    while around[-1].parent is not None:
        around.append(around[-1].parent)
    return meanings_around(indicators, [around])[0]


def meanings_around(indicators: Sequence[Indicator], places: Sequence[list[Division]]) -> list[list[Meaning]]:
    """The same for many places, each followed by those it lies in, nearest first; two queries for all."""
    periods = periods_of(indicators)
    wanted = {pk: found[:2] for pk, found in periods.items()}
    values: dict[UUID, list[IndicatorValue]] = {pk: [] for pk in wanted}
    newest = {period for found in wanted.values() for period in found}
    for value in IndicatorValue.objects.filter(indicator__in=wanted, period__in=newest).select_related(
        "division"
    ):
        values[value.indicator_id].append(value)
    return [
        [
            _meaning(indicator, wanted.get(indicator.pk, []), values.get(indicator.pk, []), around)
            for indicator in indicators
        ]
        for around in places
    ]


def _meaning(
    indicator: Indicator, periods: list[str], values: list[IndicatorValue], around: list[Division]
) -> Meaning:
    if not periods:
        return Meaning(indicator, _("There is no figure yet."), "")
    period, before = periods[0], periods[1] if len(periods) > 1 else ""
    known = {value.division_id for value in values if value.period == period and value.value is not None}
    here = next((place for place in around if place.pk in known), None)
    if here is None:
        return Meaning(
            indicator,
            _("There is no figure for %(place)s in %(period)s.")
            % {"place": around[0].name, "period": period},
            period,
        )
    beside = [
        v.division for v in values if v.period == period and _kind(v.division.ocd_id) == _kind(here.ocd_id)
    ]
    ranked = _ranked(indicator, period, before, beside, values)
    place = next(row for row in ranked.places if row.division.pk == here.pk)
    sentence = _sentence(ranked, place)
    if here != around[0]:
        sentence = _("%(place)s has no figure of its own. %(rest)s") % {
            "place": around[0].name,
            "rest": sentence,
        }
    source = place.value
    return Meaning(
        indicator, sentence, period, source.source if source else "", source.source_url if source else ""
    )


def _sentence(ranked: Standing, place: Place) -> str:
    indicator, value = ranked.indicator, place.number
    said = [
        _("%(place)s: %(figure)s in %(period)s")
        % {"place": place.division.name, "figure": with_unit(value, indicator.unit), "period": ranked.period}
    ]
    if indicator.target is not None and value is not None:
        about = {
            "gap": figure(abs(value - indicator.target)),
            "target": with_unit(indicator.target, indicator.unit),
        }
        if value == indicator.target:
            said.append(_("exactly the target of %(target)s") % about)
        elif value > indicator.target:
            said.append(_("%(gap)s above the target of %(target)s") % about)
        else:
            said.append(_("%(gap)s below the target of %(target)s") % about)
    if len(ranked.known) > 1:
        said.append(
            _("rank %(rank)s of %(count)s, where 1 is best")
            % {"rank": place.rank, "count": len(ranked.known)}
        )
    if place.change is not None:
        about = {"change": figure(abs(place.change)), "period": ranked.before}
        if place.change == 0:
            said.append(_("the same as in %(period)s") % about)
        elif place.change > 0:
            said.append(_("%(change)s more than in %(period)s") % about)
        else:
            said.append(_("%(change)s less than in %(period)s") % about)
    return _(", ").join(said) + "."
