"""A CSV of figures per place and period → rows. Pure: places are looked up by whoever stores them."""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from contacts.importers.rows import BadRow, FilesMissing
from contacts.importers.values import BadValue, link, shown, text
from policy.importers.tables import decoded

NEEDED = ("division", "period", "value", "unit", "source")
OPTIONAL = ("source_url",)
MOST_BYTES = 10_000_000
MOST_ROWS = 100_000
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
# Twelve digits before the point and four after: what the database holds.
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,4})?")


@dataclass(frozen=True)
class ValueRow:
    """A figure as published; `value` is None where the source says that it has none. `where` is file:line."""

    where: str
    division: str
    period: str
    starts_on: date
    value: Decimal | None
    unit: str
    source: str
    source_url: str = ""


@dataclass
class Values:
    """What a file holds, and what in it can't be used."""

    rows: list[ValueRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


def read(data: bytes, name: str) -> Values:
    """The file's rows. Raises FilesMissing when it is no such file at all."""
    if len(data) > MOST_BYTES:
        raise FilesMissing(f"{name} is larger than 10 MB.")
    reader = csv.reader(io.StringIO(decoded(data, name), newline=""), strict=True)
    found = Values()
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        _check_header(header, name)
        seen: dict[tuple[str, str], int] = {}
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(found.rows) + len(found.bad) >= MOST_ROWS:
                raise FilesMissing(f"{name} has more than {MOST_ROWS:,} rows.")
            _add(cells, header, name, reader.line_num, seen, found)
    except csv.Error as fault:
        raise FilesMissing(f"{name}:{reader.line_num}: not valid CSV: {fault}.") from fault
    if not found.rows and not found.bad:
        raise FilesMissing(f"{name} has no rows.")
    return found


def _check_header(header: list[str], name: str) -> None:
    missing = [column for column in NEEDED if column not in header]
    unknown = [column for column in header if column not in {*NEEDED, *OPTIONAL}]
    if missing:
        raise FilesMissing(
            f"{name}:1: the first line must name {', '.join(NEEDED)}; missing: {', '.join(missing)}."
        )
    if unknown:
        raise FilesMissing(f"{name}:1: there is no column {shown(unknown[0])}.")
    if len(set(header)) != len(header):
        raise FilesMissing(f"{name}:1: a column stands twice.")


def _add(
    cells: list[str], header: list[str], name: str, line: int, seen: dict[tuple[str, str], int], found: Values
) -> None:
    where = f"{name}:{line}"
    try:
        row = _row(cells, header, where)
        key = (row.division, row.period)
        if key in seen:
            raise BadValue(f"division and period: the same as in line {seen[key]}")
        seen[key] = line
        found.rows.append(row)
    except BadValue as fault:
        found.bad.append(BadRow(where, str(fault)))


def _row(cells: list[str], header: list[str], where: str) -> ValueRow:
    """Raises BadValue with the field's name."""
    if len(cells) != len(header):
        raise BadValue(f"{len(cells)} fields instead of {len(header)}")
    fields = dict(zip(header, cells, strict=True))
    period = text(fields, "period", 10, needed=True).upper()
    return ValueRow(
        where=where,
        division=text(fields, "division", 200, needed=True),
        period=period,
        starts_on=first_day(period),
        value=_value(text(fields, "value", 40)),
        unit=text(fields, "unit", 40, needed=True),
        source=text(fields, "source", 240, needed=True),
        source_url=link(fields, "source_url"),
    )


def first_day(period: str) -> date:
    """The first day of 2024, 2024-Q3 or 2024-07. Raises BadValue."""
    match = _PERIOD.fullmatch(period)
    if match is None or match[1] < "1800":
        raise BadValue(f"period: {shown(period)} is not like 2024, 2024-Q3 or 2024-07")
    month = int(match[2]) * 3 - 2 if match[2] else int(match[3] or 1)
    return date(int(match[1]), month, 1)


def _value(written: str) -> Decimal | None:
    if not written:
        return None
    if not _NUMBER.fullmatch(written):
        raise BadValue(
            f"value: {shown(written)} is not a number like 1234.5; leave it empty where the source has none"
        )
    return Decimal(written)
