"""Organisations that support a campaign from a table of our own (docs/importing.md says which columns) → rows. Pure."""

import csv
import io
from dataclasses import dataclass, field

from campaigns.models.endorsement import host_of, may_be_one, name_key
from contacts.importers.rows import BadRow, FilesMissing
from contacts.importers.values import BadValue, text
from policy.importers.resource_rows import web
from policy.importers.tables import check_columns, decoded

NEEDED = ["name"]
COLUMNS = [*NEEDED, "website", "place", "statement"]
MOST_ROWS = 5_000


@dataclass(frozen=True)
class EndorsementRow:
    where: str
    name: str
    # Of the columns that the file has.
    values: dict[str, str]

    @property
    def name_key(self) -> str:
        return name_key(self.name)

    @property
    def host(self) -> str:
        return host_of(self.values.get("website", ""))


@dataclass
class Found:
    """What a file holds."""

    rows: list[EndorsementRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


def read(data: bytes, name: str, most_rows: int) -> Found:
    """The organisations of a table. Raises FilesMissing when it is none."""
    reader = csv.reader(io.StringIO(decoded(data, name), newline=""), strict=True)
    found = Found()
    first: dict[str, dict[str, str]] = {}
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        check_columns(name, header, NEEDED, COLUMNS)
        for number, line in enumerate(reader, start=1):
            where = f"{name}:{reader.line_num}"
            if not any(cell.strip() for cell in line):
                continue
            if number > most_rows:
                found.bad.append(BadRow(where, f"more than {most_rows:,} lines; the rest was not read"))
                break
            try:
                row = _row(where, header, line)
                lines = first.setdefault(row.name_key, {})
                double = next((line for host, line in lines.items() if may_be_one(host, row.host)), "")
                if double:
                    raise BadValue(f"the same organisation stands in {double}")
            except BadValue as fault:
                found.bad.append(BadRow(where, str(fault)))
                continue
            lines[row.host] = where
            found.rows.append(row)
    except csv.Error as fault:
        raise FilesMissing(f"{name}:{reader.line_num}: not a table: {fault}.") from fault
    if not found.rows and not found.bad:
        raise FilesMissing(f"{name} has no rows.")
    return found


def _row(where: str, header: list[str], line: list[str]) -> EndorsementRow:
    if len(line) != len(header):
        raise BadValue(f"{len(line)} cells instead of {len(header)}")
    cells = dict(zip(header, line, strict=True))
    name = text(cells, "name", 120, needed=True)
    if not name_key(name):
        raise BadValue("name has no letters")
    values = {}
    if "website" in cells:
        values["website"] = web(cells, "website")
        if len(values["website"]) > 300:
            raise BadValue("website has more than 300 characters")
    if "place" in cells:
        values["place"] = text(cells, "place", 120)
    if "statement" in cells:
        values["statement"] = text(cells, "statement", 280)
    return EndorsementRow(where, name, values)
