from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.importers.difference import Difference
from contacts.importers.rows import BadRow
from contacts.models import Division, User
from contacts.named_places import places_named
from policy.importers.indicators_csv import ValueRow, Values
from policy.indicators import figure
from policy.models import Indicator, IndicatorValue

_AT_A_TIME = 500
_WRITTEN = ("value", "source", "source_url")


@dataclass
class Checked:
    """Rows whose places and units are known, and all that can't be used."""

    rows: list[tuple[ValueRow, Division]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


@transaction.atomic
def save_indicator(*, indicator: Indicator, actor: User | None) -> Indicator:
    """Store what a series counts, and its target."""
    if indicator._state.adding:
        indicator.created_at = now()
    indicator.save()
    record(organization=indicator.organization, actor=actor, verb="save indicator", obj=indicator)
    return indicator


def check_values(indicator: Indicator, found: Values) -> Checked:
    """Look places up, by Open Civic Data id or by a name that only one place in the organisation's country has."""
    places = places_named({row.division for row in found.rows}, indicator.organization.country)
    checked = Checked(bad=list(found.bad))
    seen: dict[tuple[object, str], str] = {}
    for row in found.rows:
        named = places.get(row.division, [])
        problem = ""
        if row.unit != indicator.unit:
            problem = f"unit: {row.unit!r}, but {indicator.key} is counted in {indicator.unit!r}"
        elif not named:
            problem = f"division: there is no place {row.division!r}"
        elif len(named) > 1:
            problem = f"division: {len(named)} places are called {row.division!r}; write {named[0].ocd_id} or another"
        elif (named[0].pk, row.period) in seen:
            problem = f"division and period: the same as in {seen[named[0].pk, row.period]}"
        if problem:
            checked.bad.append(BadRow(row.where, problem))
            continue
        seen[named[0].pk, row.period] = row.where
        checked.rows.append((row, named[0]))
    checked.bad.sort(key=lambda bad: int(bad.where.rpartition(":")[2]))
    return checked


@transaction.atomic
def import_values(
    *,
    indicator: Indicator,
    checked: Checked,
    actor: User | None,
    skip_bad: bool = False,
    is_trial: bool = False,
) -> tuple[dict[str, int], Difference]:
    """Store figures; what is here already and the same stays untouched. Gives what the series holds, and what changed.

    Figures that the file does not name stay: a file may hold one year. A trial only tells what would change, and so
    does a file with bad rows unless they are to be left out (`is_refused`).
    """
    kept = {(value.division_id, value.period): value for value in indicator.values_by_place.all()}
    difference, at = Difference(), now()
    fresh: list[IndicatorValue] = []
    changed: list[IndicatorValue] = []
    for row, division in checked.rows:
        value = kept.get((division.pk, row.period))
        what = f"{division.name}, {row.period}: {figure(row.value)}"
        if value is None:
            fresh.append(
                IndicatorValue(
                    indicator=indicator,
                    division=division,
                    period=row.period,
                    starts_on=row.starts_on,
                    value=row.value,
                    source=row.source,
                    source_url=row.source_url,
                    imported_at=at,
                )
            )
            difference.create(what)
        elif any(getattr(value, name) != getattr(row, name) for name in _WRITTEN):
            before = figure(value.value)
            for name in _WRITTEN:
                setattr(value, name, getattr(row, name))
            value.imported_at = at
            changed.append(value)
            was = f" (was {before})" if before != figure(row.value) else " (its source)"
            difference.update(what + was)
    IndicatorValue.objects.bulk_create(fresh, batch_size=_AT_A_TIME)
    IndicatorValue.objects.bulk_update(changed, [*_WRITTEN, "imported_at"], batch_size=_AT_A_TIME)
    record(
        organization=indicator.organization,
        actor=actor,
        verb="import figures",
        obj=indicator,
        added=difference.created,
        changed=difference.updated,
    )
    counts = _counts(indicator)
    transaction.set_rollback(is_trial or is_refused(checked, skip_bad))
    return counts, difference


def is_refused(checked: Checked, skip_bad: bool) -> bool:
    """Whether a file changes nothing: one bad row stops all of it, unless bad rows are to be left out."""
    return bool(checked.bad) and not skip_bad


def _counts(indicator: Indicator) -> dict[str, int]:
    """What the series holds, counted in the database."""
    rows = list(indicator.values_by_place.values_list("division_id", "period", "value"))
    return {
        "values": sum(value is not None for _place, _period, value in rows),
        "without_figure": sum(value is None for _place, _period, value in rows),
        "places": len(Counter(place for place, _period, _value in rows)),
        "periods": len({period for _place, period, _value in rows}),
    }
