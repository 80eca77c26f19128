"""Measures from a table of our own (docs/importing.md says which columns) → rows.

A line is a measure with at most one milestone; further lines of the same measure add milestones to it.
"""

import csv
import io
from datetime import date
from typing import BinaryIO

from contacts.importers.rows import BadRow, FilesMissing
from contacts.importers.values import LINE, BadValue, day, link, shown, text
from policy.importers.rows import NOTE, EventRow, Found, MeasureRow
from policy.importers.tables import check_columns, decoded
from policy.models import MILESTONES, MeasureKind, Position

NEEDED = ["jurisdiction", "number", "title"]
COLUMNS = [
    *NEEDED,
    "session",
    "kind",
    "url",
    "summary",
    "issue",
    "position",
    "position_since",
    "reasons",
    "milestone",
    "milestone_date",
    "milestone_note",
    "milestone_source",
    "milestone_chamber",
]
_KINDS, _POSITIONS = set(MeasureKind.values), set(Position.values)
_MILESTONES = {kind for kind, _label in MILESTONES}


def read_csv(stream: BinaryIO, name: str, most_bytes: int, most_rows: int) -> Found:
    """The measures of a table. Raises FilesMissing when it is none."""
    data = stream.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise FilesMissing(f"{name}: larger than this import takes.")
    reader = csv.DictReader(io.StringIO(decoded(data, name), newline=""), strict=True)
    found, rows = Found(), dict[tuple[str, str, str], MeasureRow]()
    try:
        check_columns(name, list(reader.fieldnames or []), NEEDED, COLUMNS)
        for number, cells in enumerate(reader, start=1):
            where = f"{name}:{reader.line_num}"
            if number > most_rows:
                found.bad.append(BadRow(where, f"more than {most_rows:,} lines; the rest was not read"))
                break
            try:
                if None in cells or None in cells.values():
                    raise BadValue("the line has more or fewer cells than there are columns")
                row = _row(where, cells)
                known = rows.setdefault(row.key, row)
                if known is not row:
                    _join(known, row)
            except BadValue as fault:
                found.bad.append(BadRow(where, str(fault)))
    except csv.Error as fault:
        raise FilesMissing(f"{name}:{reader.line_num}: not a table: {fault}.") from fault
    found.rows = list(rows.values())
    return found


def _row(where: str, cells: dict[str, str]) -> MeasureRow:
    sets = {
        "title": text(cells, "title", 240, needed=True),
        "url": link(cells, "url"),
        "summary": text(cells, "summary", 20_000),
        "kind": _one_of(cells, "kind", _KINDS),
        "position": _one_of(cells, "position", _POSITIONS),
        "reasons": text(cells, "reasons", 20_000),
    }
    if len(sets["url"]) > 200:
        raise BadValue("url has more than 200 characters")
    return MeasureRow(
        where,
        text(cells, "jurisdiction", LINE, needed=True),
        text(cells, "session", 40),
        text(cells, "number", 40, needed=True),
        sets={name: value for name, value in sets.items() if value},
        fills={"kind": MeasureKind.BILL, "position": Position.WATCH},
        issue=text(cells, "issue", 160),
        since=day(cells, "position_since"),
        events=_events(cells),
    )


def _one_of(cells: dict[str, str], column: str, known: set[str]) -> str:
    value = text(cells, column, 40).lower()
    if value and value not in known:
        raise BadValue(f"{column}: {shown(value)} is none of {', '.join(sorted(known))}")
    return value


def _events(cells: dict[str, str]) -> list[EventRow]:
    kind = _one_of(cells, "milestone", _MILESTONES)
    on: date | None = day(cells, "milestone_date", needed=bool(kind))
    source = link(cells, "milestone_source")
    if not kind or on is None:
        if on or source:
            raise BadValue("milestone is missing")
        return []
    if not source:
        raise BadValue("milestone_source is missing: a milestone needs its source")
    note = text(cells, "milestone_note", NOTE)
    return [EventRow(kind, on, source, note, text(cells, "milestone_chamber", LINE))]


def _join(known: MeasureRow, row: MeasureRow) -> None:
    """Add another line of the same measure. Raises BadValue where it says something else of it."""
    for name, value in row.sets.items():
        if known.sets.setdefault(name, value) != value:
            raise BadValue(f"{name} differs from that in {known.where}")
    known.issue = known.issue or row.issue
    known.since = known.since or row.since
    known.events += [event for event in row.events if event not in known.events]
