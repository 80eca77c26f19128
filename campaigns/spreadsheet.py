"""Cells that no spreadsheet takes for formulas, and rows as CSV or XLSX without holding them all."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO

from openpyxl import Workbook

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe(value: object) -> object:
    """A value as it may stand in a cell: numbers stay numbers, a text never becomes a formula."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_bytes(rows: Iterable[Sequence[object]], *, is_first: bool = False) -> bytes:
    """Rows in UTF-8; the first ones carry the mark that spreadsheets look for."""
    out = io.StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig" if is_first else "utf-8")


def write_xlsx(rows: Iterable[Sequence[object]], out: IO[bytes], title: str) -> None:
    """Rows, whose cells are safe already, as one sheet; memory does not grow with them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for row in rows:
        # Control characters can't stand in XML.
        sheet.append([_without_controls(cell) for cell in row])
    book.save(out)


def _without_controls(cell: object) -> object:
    return _clean(cell) if isinstance(cell, str) else cell


def _clean(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\t\n\r") if not text.isprintable() else text
