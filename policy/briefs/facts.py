"""The plain facts a brief is made of, whoever gathered them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from policy.briefs.sections import (
    Help,
    Meaning,
    Milestone,
    NameGroup,
    Person,
    Quote,
    SeatChart,
    Source,
    TileMap,
)


@dataclass(frozen=True)
class EvidenceFact:
    """A figure with its source; `place` is empty when it holds everywhere the issue does.

    `recorded` are claim and unit in the organisation's own language, where the brief is in another.
    """

    claim: str
    figure: str
    unit: str
    source: Source
    place: str = ""
    division: str = ""
    recorded: tuple[str, str] | None = None

    @property
    def series(self) -> tuple[str, str]:
        """Claim and unit, which figures have in common that can be compared, however far each is translated."""
        return self.recorded or (self.claim, self.unit)


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
class HelpFact:
    """Where help is to be had; `division` is empty when it holds everywhere."""

    help: Help
    division: str = ""


@dataclass(frozen=True)
class IssueFacts:
    """What the organisation knows of an issue and its measure.

    `chambers` are those that vote on the measure, `maps` series of figures; `sources` are those of the series.
    """

    title: str
    summary: str
    body: str
    measure: MeasureFact | None
    evidence: tuple[EvidenceFact, ...]
    help: tuple[HelpFact, ...]
    facts_at: datetime
    chambers: tuple[SeatChart, ...] = ()
    maps: tuple[TileMap, ...] = ()
    sources: tuple[Source, ...] = ()

    def help_in(self, divisions: Collection[str]) -> tuple[Help, ...]:
        """What helps everywhere or in one of these places."""
        return tuple(fact.help for fact in self.help if not fact.division or fact.division in divisions)


@dataclass(frozen=True)
class LegislatorFacts:
    """Who a leave-behind is for. `divisions` are the place they sit for and all it lies in.

    `meanings` is what series of figures say of that place.
    """

    person: Person
    divisions: frozenset[str]
    sources: tuple[Source, ...]
    facts_at: datetime | None
    meanings: tuple[Meaning, ...] = ()


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
    # Those that support it, as they are shown on its page.
    organizations: tuple[str, ...] = ()
    # Of the letters accepted, those from people who are no longer counted: what left, left.
    letters_uncounted: int = 0
    letters_here_uncounted: int = 0


@dataclass(frozen=True)
class Count:
    """A number with what it counts."""

    label: str
    number: int


@dataclass(frozen=True)
class ResultFacts:
    """What became of a campaign: letters by what is known of them, people by week, answers, the outcome."""

    outcome: str
    outcome_text: str
    letters: tuple[Count, ...]
    weeks: tuple[tuple[date, int], ...]
    answers: tuple[Count, ...]
    facts_at: datetime


@dataclass(frozen=True)
class SignerFacts:
    """Who signed, by place. `named` is how many agreed to their name being shown."""

    groups: tuple[NameGroup, ...]
    places: tuple[PlaceCount, ...]
    named: int
    consent: str


@dataclass(frozen=True)
class Wording:
    """What a person wrote for the briefs of a campaign in one language, as Markdown."""

    summary: str = ""
    points: str = ""
