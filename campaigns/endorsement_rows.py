"""Organisations that support a campaign from a table of our own (docs/importing.md says which columns) → rows. Pure."""

from dataclasses import dataclass, field

from campaigns.models.endorsement import host_of, may_be_one, name_key
from contacts.importers.rows import BadRow, FilesMissing
from contacts.importers.values import BadValue, text
from policy.importers.resource_rows import web
from policy.importers.tables import read_table

NEEDED = ["name"]
COLUMNS = [*NEEDED, "website", "place", "statement"]
MOST_BYTES, MOST_ROWS = 2_000_000, 5_000


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
    if len(data) > MOST_BYTES:
        raise FilesMissing(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.")
    first: dict[str, dict[str, str]] = {}

    def row_of(where: str, cells: dict[str, str]) -> EndorsementRow:
        row = _row(where, cells)
        lines = first.setdefault(row.name_key, {})
        double = next((line for host, line in lines.items() if may_be_one(host, row.host)), "")
        if double:
            raise BadValue(f"the same organisation stands in {double}")
        lines[row.host] = where
        return row

    return Found(*read_table(data, name, row_of, needed=NEEDED, known=COLUMNS, most_rows=most_rows))


def _row(where: str, cells: dict[str, str]) -> EndorsementRow:
    name = text(cells, "name", 120, needed=True)
    if not name_key(name):
        raise BadValue("name has no letters")
    values = {}
    if "website" in cells:
        values["website"] = web(cells, "website", 300)
    if "place" in cells:
        values["place"] = text(cells, "place", 120)
    if "statement" in cells:
        values["statement"] = text(cells, "statement", 280)
    return EndorsementRow(where, name, values)
