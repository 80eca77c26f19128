"""Who moved on a measure: where legislators stood on one day and where on a later one, from what was recorded."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from contacts.models import Legislator
from policy.models import Measure, Stance

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True)
class Move:
    """A legislator's stance on the first day (None: nothing was known by then) and on the last."""

    legislator: Legislator
    before: Stance | None
    after: Stance

    @property
    def steps(self) -> int:
        """How many levels they moved towards the measure (negative: away); 0 where one of the two is not known."""
        first, last = (one.level if one else None for one in (self.before, self.after))
        return last - first if first and last else 0


def moves_of(
    measure: Measure, since: date, until: date, legislators: Collection[UUID] | None = None
) -> list[Move]:
    """Each legislator with a stance by `until`, by name; one query. What was corrected or taken back says nothing."""
    moves = moves_of_measures([(measure.pk, measure, since, until)])[measure.pk]
    return [move for move in moves if legislators is None or move.legislator.pk in legislators]


def moves_of_measures(spans: Sequence[tuple[_Key, Measure, date, date]]) -> dict[_Key, list[Move]]:
    """The same for many measures, each with its own two days, by the key that is given with it; one query for all."""
    rows: dict[UUID, list[Stance]] = {}
    wanted = {measure.pk: measure.organization_id for _key, measure, _since, _until in spans}
    stances = Stance.objects.filter(measure__in=list(wanted)).standing().select_related("legislator")
    for stance in stances.order_by("on", "recorded_at"):
        if stance.organization_id == wanted[stance.measure_id]:
            rows.setdefault(stance.measure_id, []).append(stance)
    return {key: _moves(rows.get(measure.pk, []), since, until) for key, measure, since, until in spans}


def _moves(stances: Iterable[Stance], since: date, until: date) -> list[Move]:
    found: dict[UUID, list[Stance]] = {}
    for stance in stances:
        if stance.on <= until:
            found.setdefault(stance.legislator_id, []).append(stance)
    moves = [
        Move(some[-1].legislator, next((one for one in reversed(some) if one.on <= since), None), some[-1])
        for some in found.values()
    ]
    return sorted(moves, key=lambda move: (move.legislator.family_name, move.legislator.name))
