"""The tables of a page as files: its own address with `format=csv` or `xlsx` gives them, under the page's rights.

Where a page has several, `table` names one by its key.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import urlencode

from campaigns.findings.table import Table
from campaigns.views.console.csv_file import csv_file, xlsx_file

FORMATS = {"csv": csv_file, "xlsx": xlsx_file}


@dataclass(frozen=True)
class ShownTable:
    """A table as a page prints it, all rows or the `most` first ones, and its files by name and address."""

    table: Table
    files: Sequence[tuple[str, str]]
    most: int | None = None

    @property
    def rows(self) -> list[list[tuple[str, bool]]]:
        return self.table.printed(self.most)

    @property
    def total(self) -> int:
        return len(self.table.rows)


def with_files(table: Table, page: str = "", query: str = "") -> ShownTable:
    """A table with the files that its page gives; `query` is what else the page was asked for, ending in &."""
    files = [
        (ending.upper(), f"{page}?{query}{urlencode({'table': table.key, 'format': ending})}")
        for ending in FORMATS
    ]
    return ShownTable(table, files)


def wants_file(request: HttpRequest) -> bool:
    """Whether the address asks for a file instead of the page."""
    return bool(request.GET.get("format"))


def file_of(request: HttpRequest, name: str, tables: Iterable[Table]) -> HttpResponse:
    """The table that was asked for, whole; the first where none is named. Raises Http404."""
    every = {table.key: table for table in tables}
    table = every.get(request.GET.get("table") or next(iter(every), ""))
    make = FORMATS.get(request.GET.get("format", ""))
    if table is None or make is None:
        raise Http404
    return make(f"{name} {table.key}", table.head(), table.for_file())
