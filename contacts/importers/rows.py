"""What every reader gives the loader: plain rows, independent of where they came from."""

from dataclasses import dataclass, field
from datetime import date


class FilesMissing(ValueError):
    """The published files are not there, or are not what they should be; the message says which."""


@dataclass(frozen=True)
class BadRow:
    """Something in a file that can't be used, with where it stands (`file:line`) and why."""

    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


@dataclass(frozen=True)
class DivisionRow:
    ocd_id: str
    name: str
    level: str
    country: str
    parent: str = ""
    time_zone: str = ""


@dataclass(frozen=True)
class JurisdictionRow:
    ocd_id: str
    name: str
    division: str
    level: str
    time_zone: str


@dataclass(frozen=True)
class ChamberRow:
    """A chamber, or a committee with the code of what it belongs to as `parent`."""

    code: str
    name: str
    kind: str
    parent: str = ""


@dataclass(frozen=True)
class SeatRow:
    """A post somebody holds; `seat` is empty where the source does not tell seats of a district apart."""

    chamber: str
    division: str
    role: str
    label: str
    seat: str = ""
    party: str = ""
    start_on: date | None = None
    term_ends_on: date | None = None


@dataclass(frozen=True)
class OfficeRow:
    """An office with its contact points as (kind, value) pairs."""

    key: str
    kind: str
    name: str = ""
    points: tuple[tuple[str, str], ...] = ()
    time_zone: str = ""


@dataclass(frozen=True)
class PersonRow:
    """A person in office. `identifiers` are (scheme, value); the first names the person in this source."""

    where: str
    identifiers: tuple[tuple[str, str], ...]
    name: str
    given_name: str = ""
    family_name: str = ""
    photo_url: str = ""
    website: str = ""
    seats: tuple[SeatRow, ...] = ()
    offices: tuple[OfficeRow, ...] = ()


@dataclass(frozen=True)
class CommitteeMemberRow:
    """A person (by the identifier of this source) on a committee (by its code)."""

    committee: str
    person: tuple[str, str]
    role: str = ""


@dataclass
class Source:
    """Everything one source says of one jurisdiction. `scope` marks the rows it keeps in the database."""

    scope: str
    jurisdiction: JurisdictionRow
    divisions: list[DivisionRow] = field(default_factory=list)
    chambers: list[ChamberRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    committees: list[ChamberRow] = field(default_factory=list)
    committee_members: list[CommitteeMemberRow] = field(default_factory=list)
    unresolved_members: int = 0
    bad: list[BadRow] = field(default_factory=list)
