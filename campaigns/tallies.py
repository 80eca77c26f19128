"""Numbers without counting: sums of tally rows, whose strokes are folded now and then.

A stroke is a row of its own, so that nobody who signs waits for another. Folding replaces strokes by one row with their
sum; whoever reads in between sees either, never both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from campaigns import tally_rows
from campaigns.models import Tally, TallyKind

# Strokes folded in one transaction.
MOST = 10_000
# Names the lock that one mender at a time holds, on PostgreSQL; any number that nothing else of ours uses.
_MENDING = 7_411_225
_SUMS = (
    "SELECT owner, kind, key, SUM(n), true FROM {source} GROUP BY owner, kind, key ORDER BY owner, kind, key"
)
_ADD = (
    "INSERT INTO campaigns_tally (owner, kind, key, n, is_folded) {sums} "
    "ON CONFLICT (owner, kind, key) WHERE is_folded DO UPDATE SET n = campaigns_tally.n + EXCLUDED.n"
)
# One statement: what is taken away is what is added, whoever else folds at the same time.
_POSTGRESQL = (
    "WITH strokes AS (SELECT id FROM campaigns_tally WHERE NOT is_folded ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED), "
    "gone AS (DELETE FROM campaigns_tally t USING strokes WHERE t.id = strokes.id RETURNING owner, kind, key, n), "
    "added AS (" + _ADD.format(sums=_SUMS.format(source="gone")) + " RETURNING 1) SELECT COUNT(*) FROM gone"
)
# SQLite has one writer at a time, and nobody comes between.
_STROKES = "(SELECT * FROM campaigns_tally WHERE NOT is_folded ORDER BY id LIMIT %s)"
_SQLITE = (
    _ADD.format(sums=_SUMS.format(source=f"{_STROKES} WHERE true")),
    f"DELETE FROM campaigns_tally WHERE id IN (SELECT id FROM {_STROKES})",
)


def sums(kind: TallyKind, owners: Iterable[Any]) -> QuerySet[Tally, tuple[str, int]]:
    """Key and number, added over the owners; keys whose number is 0 are left out."""
    found = (
        Tally.objects.filter(kind=kind, owner__in=owners).order_by().values("key").annotate(total=Sum("n"))
    )
    return found.exclude(total=0).values_list("key", "total")


def fold(most: int = MOST) -> int:
    """Add up the oldest strokes; gives how many. Safe at any time, by any number of workers at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL, [most])
            return int(cursor.fetchone()[0])
        for statement in _SQLITE:
            cursor.execute(statement, [most])
        return int(cursor.rowcount)


def fold_all(rounds: int = 20) -> None:
    """Fold until few strokes are left, or so many rounds."""
    for _ in range(rounds):
        if fold() < MOST:
            return


@dataclass(frozen=True)
class Difference:
    """A number that its tally rows don't add up to."""

    owner: UUID
    kind: str
    key: str
    missing: int


def differences() -> list[Difference]:
    """Where tallies say something else than a count of the rows themselves, all in one snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(tally_rows.differences(connection.vendor))
        found = cursor.fetchall()
    return [Difference(UUID(str(owner)), kind, key, int(n)) for owner, kind, key, n in found]


def mend() -> int:
    """Make the tallies say what a count says; gives how many numbers were wrong.

    Who mends at the same time waits, and then counts what the first has added.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A statement of its own: the next one sees what was committed while this waited.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MENDING])
        cursor.execute(tally_rows.mend(connection.vendor))
        return int(cursor.rowcount)
