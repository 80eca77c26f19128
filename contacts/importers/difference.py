"""What an import changes, counted and in words."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models


class TooManyEndings(ValueError):
    """The files would end so much that they are more likely cut short than true."""


@dataclass
class Difference:
    """What an import changes: how many rows, and each change in words."""

    created: int = 0
    updated: int = 0
    ended: int = 0
    lines: list[str] = field(default_factory=list)

    def create(self, what: str, count: int = 1) -> None:
        self.created += count
        self.lines.append(f"+ {what}")

    def update(self, what: str) -> None:
        self.updated += 1
        self.lines.append(f"~ {what}")

    def end(self, what: str, count: int = 1) -> None:
        self.ended += count
        self.lines.append(f"- {what}")

    def add(self, other: "Difference") -> None:
        self.created += other.created
        self.updated += other.updated
        self.ended += other.ended
        self.lines += other.lines


@dataclass(frozen=True)
class Endings:
    """How much an import may end.

    With bad rows left out nobody is ended for being missing: the missing row may be the bad one.
    """

    allowed: bool = True
    many: bool = False

    def check(self, gone: int, before: int, what: str) -> None:
        """Raises TooManyEndings when more than a quarter would go (small numbers aside)."""
        if not self.many and gone > max(10, before // 4):
            raise TooManyEndings(
                f"{gone:,} of {before:,} {what} are no longer listed. Are the files complete? "
                "Nothing was imported; use --allow-many-endings if it is so."
            )


def set_values(row: models.Model, values: dict[str, Any]) -> bool:
    """Set `values` on a row; whether any differed."""
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed
