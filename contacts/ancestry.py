"""Which places lie in which: from a place upwards, in one query a level."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from contacts.models import Division

Parents = dict[UUID, UUID | None]


def parents_of(divisions: Iterable[UUID]) -> Parents:
    """The parent of each of these places and of everything they lie in."""
    found: Parents = {}
    layer = set(divisions)
    while layer:
        rows = dict(Division.objects.filter(pk__in=layer).values_list("pk", "parent_id"))
        found |= rows
        layer = {parent for parent in rows.values() if parent is not None} - set(found)
    return found


def upwards(division: UUID, parents: Mapping[UUID, UUID | None]) -> list[UUID]:
    """A place and everything it lies in, nearest first."""
    found = [division]
    while (parent := parents[found[-1]]) is not None and parent not in found:
        found.append(parent)
    return found
