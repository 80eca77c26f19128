"""The plain facts a brief is made of, whoever gathered them."""

from dataclasses import dataclass
from datetime import date, datetime

from policy.briefs.sections import Help, Milestone, Person, Quote, Source


@dataclass(frozen=True)
class EvidenceFact:
    """A figure with its source; `place` is empty when it holds everywhere the issue does."""

    claim: str
    figure: str
    unit: str
    source: Source
    place: str = ""
    division: str = ""


@dataclass(frozen=True)
class MeasureFact:
    identifier: str
    title: str
    summary: str
    reasons: str
    jurisdiction: str
    vote_on: date | None
    milestones: tuple[Milestone, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class IssueFacts:
    """What the organisation knows of an issue and its measure."""

    title: str
    summary: str
    body: str
    measure: MeasureFact | None
    evidence: tuple[EvidenceFact, ...]
    help: tuple[Help, ...]
    facts_at: datetime


@dataclass(frozen=True)
class LegislatorFacts:
    """Who a leave-behind is for. `divisions` are the place they sit for and all it lies in."""

    person: Person
    divisions: frozenset[str]
    sources: tuple[Source, ...]
    facts_at: datetime | None


@dataclass(frozen=True)
class PlaceCount:
    name: str
    people: int
    is_rest: bool = False


@dataclass(frozen=True)
class Decider:
    name: str
    seat: str
    party: str
    level: int | None
    stand: str


@dataclass(frozen=True)
class CampaignFacts:
    """A campaign's numbers as they are counted everywhere: confirmed people only, no tests.

    With a legislator, `people_here`, `letters_here`, `places` and `quotes` are of the people they represent.
    """

    series: str
    title: str
    ask: str
    why: str
    page_url: str
    definition_url: str
    is_test: bool
    people: int
    people_here: int
    letters_accepted: int
    letters_here: int
    offices: int
    places: tuple[PlaceCount, ...]
    quotes: tuple[Quote, ...]
    deciders: tuple[Decider, ...]
    facts_at: datetime
