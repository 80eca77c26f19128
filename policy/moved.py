"""Who moved on a measure: where legislators stood on one day and where on a later one, from what was recorded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contacts.models import Legislator
from policy.models import Measure, Stance


@dataclass(frozen=True)
class Move:
    """A legislator's stance on the first day (None: nothing was known by then) and on the last."""

    legislator: Legislator
    before: Stance | None
    after: Stance | None

    @property
    def steps(self) -> int:
        """How many levels they moved towards us (negative: away); 0 where one of the two is not known."""
        first, last = (one.level if one else None for one in (self.before, self.after))
        return last - first if first and last else 0


def moves_of(
    measure: Measure, since: date, until: date, legislators: Collection[UUID] | None = None
) -> list[Move]:
    """Each legislator with a stance by `until`, by name; one query. What was corrected or taken back says nothing."""
    rows = (
        Stance.objects.filter(measure=measure, organization=measure.organization_id, on__lte=until)
        .standing()
        .select_related("legislator")
        .order_by("on", "recorded_at")
    )
    if legislators is not None:
        rows = rows.filter(legislator__in=legislators)
    found: dict[UUID, list[Stance]] = {}
    for stance in rows:
        found.setdefault(stance.legislator_id, []).append(stance)
    moves = [
        Move(some[-1].legislator, next((one for one in reversed(some) if one.on <= since), None), some[-1])
        for some in found.values()
    ]
    return sorted(moves, key=lambda move: (move.legislator.family_name, move.legislator.name))
