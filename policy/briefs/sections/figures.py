"""Sections of figures: large numbers in a row, tables, and what a series means in one place."""

from dataclasses import dataclass
from typing import ClassVar

from policy.briefs.sections.source import required


@dataclass(frozen=True)
class Figure:
    """A number as printed, with what it counts. `beside` is the same number elsewhere, or a part of it."""

    value: str
    label: str
    source: str
    unit: str = ""
    beside: str = ""
    beside_source: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """Up to three or four large numbers in a row."""

    kind: ClassVar[str] = "key_figures"
    heading: str
    figures: tuple[Figure, ...]

    def cited(self) -> tuple[str, ...]:
        keys: list[str] = []
        for figure in self.figures:
            keys.append(required(figure.source, figure.label))
            if figure.beside:
                keys.append(required(figure.beside_source, figure.beside))
        return tuple(keys)


@dataclass(frozen=True)
class Table:
    """Rows of text. With `counts`, the last column holds figures, set to the right.

    `also` are further sources, of figures that it takes from elsewhere.
    """

    kind: ClassVar[str] = "table"
    heading: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str
    counts: bool = False
    note: str = ""
    also: tuple[str, ...] = ()

    def cited(self) -> tuple[str, ...]:
        return (required(self.source, self.caption), *self.also)


@dataclass(frozen=True)
class Meaning:
    """What one series of figures says of a place, in a sentence; its target has a source of its own."""

    what: str
    sentence: str
    source: str
    target_source: str = ""


@dataclass(frozen=True)
class Meanings:
    """What the local figures mean, a sentence each."""

    kind: ClassVar[str] = "meanings"
    heading: str
    rows: tuple[Meaning, ...]

    def cited(self) -> tuple[str, ...]:
        keys: list[str] = []
        for row in self.rows:
            keys.append(required(row.source, row.what))
            if row.target_source:
                keys.append(row.target_source)
        return tuple(keys)
