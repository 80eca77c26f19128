"""Compare-and-set moves through a table of allowed states, each with its row of history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from campaigns.errors import BadMove
from contacts.statements import insert


class StateChange(models.Model):
    """One move of one row. Append-only; `actor` is empty when the machine did it."""

    id = models.BigAutoField(primary_key=True)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24)
    reason = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(
        "contacts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.from_state or 'new'} → {self.to_state}"


def check(moves: Mapping[str, Iterable[str]], from_state: str, to_state: str) -> None:
    """Raise BadMove unless the table allows the move."""
    if to_state not in moves[from_state]:
        raise BadMove(f"{from_state} may not become {to_state}")


def move(
    row: models.Model,
    to_state: str,
    *,
    at: datetime,
    reason: str = "",
    actor: object | None = None,
    **changes: object,
) -> None:
    """Move `row` (which has `state`, `MOVES` and `history`) in one compare-and-set UPDATE, with its history row.

    Raises BadMove when the table forbids it or somebody else moved the row first; then nothing is changed.
    """
    from_state: str = row.state  # type: ignore[attr-defined]
    check(row.MOVES, from_state, to_state)  # type: ignore[attr-defined]
    # No savepoint: a move that finds nothing has changed nothing, and is refused when the transaction is left.
    with transaction.atomic(savepoint=False):
        model = type(row)
        moved = model._default_manager.filter(pk=row.pk, state=from_state).update(state=to_state, **changes)
        if moved:
            history, owner = _history_of(model)
            insert(
                [
                    history(
                        **{owner: row.pk},
                        from_state=from_state,
                        to_state=to_state,
                        reason=reason,
                        actor=actor,
                        at=at,
                    )
                ]
            )
    if not moved:
        raise BadMove
    for field, value in {"state": to_state, **changes}.items():
        setattr(row, field, value)


def move_many(
    rows: models.QuerySet[models.Model],
    to_state: str,
    *,
    at: datetime,
    reason: str = "",
    actor: object | None = None,
    **changes: object,
) -> int:
    """Move all of `rows` that may become `to_state`, set-wise, each with its history row; gives how many moved.

    Rows are locked first (on SQLite the transaction itself holds everyone else off), in one order so that
    two callers can't wait for each other.
    """
    model = rows.model
    allowed = [state for state, targets in model.MOVES.items() if to_state in targets]  # type: ignore[attr-defined]
    history, owner = _history_of(model)
    with transaction.atomic():
        found = list(
            rows.filter(state__in=allowed)
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True)
            .values_list("pk", "state")
        )
        for start in range(0, len(found), 500):
            part = found[start : start + 500]
            model._default_manager.filter(pk__in=[pk for pk, _ in part]).update(state=to_state, **changes)
            history._default_manager.bulk_create(
                history(**{owner: pk}, from_state=state, to_state=to_state, reason=reason, actor=actor, at=at)
                for pk, state in part
            )
    return len(found)


def _history_of(model: type[models.Model]) -> tuple[Any, str]:
    """The model that keeps the moves of another, and the name under which it keeps whose they are."""
    rel = model.history.rel  # type: ignore[attr-defined]
    return rel.related_model, rel.field.attname
