"""Helplines and services from a table of our own (docs/importing.md says which columns) → rows. Pure."""

from collections.abc import Callable
from typing import Any

from contacts.importers.values import BadValue, day, shown, text
from policy.importers.resource_rows import (
    ADDRESS,
    DESCRIPTION,
    ELIGIBILITY,
    KEY,
    NAME,
    NOTE,
    WORDS,
    FoundResources,
    ResourceRow,
    phone,
    web,
    words,
)
from policy.importers.tables import read_table
from policy.languages import items
from policy.models import Cost, ResourceKind
from policy.opening import BadHours, read_hours, zone_named

NEEDED = ["kind", "name"]
COLUMNS = [
    "id",
    *NEEDED,
    "place",
    "emergency",
    "description",
    "phone",
    "text_number",
    "text_words",
    "chat",
    "website",
    "address",
    "opening",
    "time_zone",
    "hours",
    "languages",
    "audience",
    "eligibility",
    "cost",
    "cost_note",
    "verified_on",
    "listed",
    "example",
]
# In characters; the longest text that fits has a few hundred.
_LONGEST_CELL = 10_000
# What a spreadsheet takes for the beginning of a formula; a number may begin with a plus.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NUMBERS = {"phone", "text_number"}
_YES, _NO = {"yes", "true", "1"}, {"no", "false", "0", ""}

Cells = dict[str, Any]


def read_csv(data: bytes, name: str, most_rows: int) -> FoundResources:
    """The resources of a table. Raises FilesMissing when it is none."""
    return FoundResources(*read_table(data, name, _row, needed=NEEDED, known=COLUMNS, most_rows=most_rows))


def _row(where: str, line: dict[str, str]) -> ResourceRow:
    cells = {column: _cell(column, cell) for column, cell in line.items()}
    row = ResourceRow(
        where,
        name=words(cells, "name", NAME, needed=True),
        external_id=text(cells, "id", KEY),
        place=text(cells, "place", 200) if "place" in cells else None,
    )
    row.values = {field: read(cells, column) for column, (field, read) in _READERS.items() if column in cells}
    # An empty day takes no verification back.
    if row.values.get("verified_on", 0) is None:
        del row.values["verified_on"]
    if "opening" in cells:
        try:
            row.spans, row.values["is_always_open"] = read_hours(cells["opening"])
        except BadHours as fault:
            raise BadValue(f"opening: {fault}") from fault
    return row


def _cell(column: str, cell: str) -> str:
    """A cell as it was before a table quoted it. Raises BadValue for what a spreadsheet would run."""
    value = cell.strip()
    if len(value) > _LONGEST_CELL:
        raise BadValue(f"{column} has {len(value):,} characters, more than any column takes")
    if value.startswith("'") and value[1:].startswith(_FORMULA):
        return value[1:]  # our own exports are quoted so
    if value.startswith(_FORMULA) and not (column in _NUMBERS and value.startswith(("+", "＋"))):
        raise BadValue(f"{column} begins like a formula: {shown(value)}")
    return value


def _one_of(known: list[str]) -> Callable[[Cells, str], str]:
    def read(cells: Cells, column: str) -> str:
        value = text(cells, column, 40).lower()
        if value not in known:
            raise BadValue(f"{column}: {shown(value)} is none of {', '.join(filter(None, known))}")
        return value

    return read


def _yes_or_no(cells: Cells, column: str) -> bool:
    value = text(cells, column, 10).lower()
    if value not in _YES | _NO:
        raise BadValue(f"{column}: {shown(value)} is neither yes nor no")
    return value in _YES


def _line(most: int) -> Callable[[Cells, str], str]:
    return lambda cells, column: words(cells, column, most)


def _list(cells: Cells, column: str) -> str:
    return ", ".join(items(words(cells, column, NOTE)))


def _zone(cells: Cells, column: str) -> str:
    value = text(cells, column, 60, needed=True)
    if zone_named(value) is None:
        raise BadValue(f"{column}: there is no time zone {shown(value)}")
    return value


# Column -> the field of the model, and how a cell is read.
_READERS: dict[str, tuple[str, Callable[[Cells, str], Any]]] = {
    "kind": ("kind", _one_of(list(ResourceKind.values))),
    "name": ("name", _line(NAME)),
    "emergency": ("is_emergency", _yes_or_no),
    "description": ("description", _line(DESCRIPTION)),
    "phone": ("phone", phone),
    "text_number": ("text_number", phone),
    "text_words": ("text_words", _line(WORDS)),
    "chat": ("chat", web),
    "website": ("website", web),
    "address": ("address", _line(ADDRESS)),
    "time_zone": ("time_zone", _zone),
    "hours": ("hours", _line(NOTE)),
    "languages": ("languages", _list),
    "audience": ("audience", _list),
    "eligibility": ("eligibility", _line(ELIGIBILITY)),
    "cost": ("cost", _one_of(["", *Cost.values])),
    "cost_note": ("cost_note", _line(NOTE)),
    "verified_on": ("verified_on", day),
    "listed": ("is_listed", _yes_or_no),
    "example": ("is_example", _yes_or_no),
}
