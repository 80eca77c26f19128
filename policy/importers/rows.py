"""What every reader of measures gives the loader: plain rows, independent of where they came from."""

from dataclasses import dataclass, field
from datetime import date

from contacts.importers.rows import BadRow

# How much of a published sentence a milestone keeps; the source has the rest.
NOTE = 240


@dataclass(frozen=True)
class EventRow:
    kind: str
    on: date
    source_url: str
    note: str = ""
    chamber: str = ""  # a chamber's name, or `upper` or `lower`


@dataclass(frozen=True)
class SponsorRow:
    """A sponsor by name, and by the published id where there is one."""

    name: str
    kind: str
    openstates: str = ""


@dataclass(frozen=True)
class RelatedRow:
    identifier: str
    session: str
    kind: str
    turned: bool = False  # the other measure is what stands to this one as `kind` says


@dataclass
class MeasureRow:
    """A measure. `sets` are values the source is right about; `fills` only stand where nobody wrote anything.

    `jurisdiction` is an Open Civic Data id or a name; `issue` a slug or a title.
    """

    where: str
    jurisdiction: str
    session: str
    identifier: str
    sets: dict[str, str] = field(default_factory=dict)
    fills: dict[str, str] = field(default_factory=dict)
    issue: str = ""
    since: date | None = None
    events: list[EventRow] = field(default_factory=list)
    sponsors: list[SponsorRow] = field(default_factory=list)
    related: list[RelatedRow] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.jurisdiction.casefold(), self.session, self.identifier


@dataclass
class Found:
    """What a file holds: measures, and what can't be used with where it stands."""

    rows: list[MeasureRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
