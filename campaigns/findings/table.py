"""A table of results: the same rows beside a chart on a page, and in a file for spreadsheets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

Cell = str | int | float | Decimal | date | datetime | None


class Kind(Enum):
    TEXT = "text"
    DAY = "day"
    # On the clock in force, in files with its distance from UTC: an hour that comes twice a year is told apart.
    MOMENT = "moment"
    NUMBER = "number"
    # Of a hundred; None where there is nothing to have a share of.
    PERCENT = "percent"


@dataclass(frozen=True)
class Column:
    label: str
    kind: Kind = Kind.NUMBER

    @property
    def is_number(self) -> bool:
        return self.kind in {Kind.NUMBER, Kind.PERCENT}

    def shown(self, cell: Cell) -> str:
        """A cell as a page prints it."""
        if cell is None:
            return "–"
        if isinstance(cell, str):
            return cell
        if isinstance(cell, datetime):
            return date_format(timezone.localtime(cell), "SHORT_DATETIME_FORMAT")
        if isinstance(cell, date):
            return date_format(cell, "SHORT_DATE_FORMAT")
        if self.kind == Kind.PERCENT:
            return percent(float(cell))
        return mean(cell) if isinstance(cell, float) else str(intcomma(cell))


@dataclass(frozen=True)
class Table:
    """Rows of cells, one for each column. `key` names it in addresses and file names."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]

    def head(self) -> list[str]:
        """The columns' names in a file, where a share is a number without its sign."""
        return [
            f"{column.label} (%)" if column.kind == Kind.PERCENT else column.label for column in self.columns
        ]

    def for_file(self) -> list[list[object]]:
        """All rows as spreadsheets read them: numbers as numbers, days and moments as ISO 8601, shares in percent."""
        return [[_plain(cell) for cell in row] for row in self.rows]

    def printed(self, most: int | None) -> list[list[tuple[str, bool]]]:
        """The first rows, or all, as a page prints them: text, and whether it is a number."""
        return [
            [(column.shown(cell), column.is_number) for column, cell in zip(self.columns, row, strict=True)]
            for row in self.rows[:most]
        ]


def _plain(cell: Cell) -> object:
    if isinstance(cell, datetime):
        return timezone.localtime(cell).isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    return round(cell, 2) if isinstance(cell, float) else cell


def share(part: int, whole: int) -> float | None:
    """How many of a hundred; None of nothing."""
    return 100 * part / whole if whole else None


def mean(value: float) -> str:
    """A number that is no count, to a tenth."""
    return number_format(round(value, 1), 1, force_grouping=True)


def percent(value: float) -> str:
    """A share in words: whole from ten of a hundred on, a decimal below; 0 % and 100 % only where exact."""
    shown = value
    if 0 < value < 0.1:
        return _("under %(share)s %%") % {"share": number_format(0.1, 1)}
    if 99.5 <= value < 100:
        shown = 99.0
    places = 1 if 0 < shown < 9.95 else 0
    # Rounded here: number_format cuts.
    return _("%(share)s %%") % {"share": number_format(round(shown, places), places)}
