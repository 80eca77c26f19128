"""The plain facts of an organisation's year, whoever gathered them."""

from dataclasses import dataclass
from datetime import date, datetime

from policy.briefs.sections import Source


@dataclass(frozen=True)
class CampaignYear:
    """A campaign that ran in the year or still gathered something in it; days are the organisation's.

    `until` is None while it can be signed or is paused. Letters are by the group they are counted in.
    """

    title: str
    since: date
    until: date | None
    people: int
    accepted: int
    posted: int
    reported: int
    answers: int
    ran: bool


@dataclass(frozen=True)
class OutcomeOfYear:
    """What came of a campaign, on the day that its page names; `learned` is Markdown."""

    campaign: str
    result: str
    on: date
    learned: str


@dataclass(frozen=True)
class MoveOfYear:
    """Somebody who stood elsewhere at the end of the year than at its start, as recorded."""

    name: str
    measure: str
    before: str
    after: str
    on: date


@dataclass(frozen=True)
class FigureAfterwards:
    """A series of an issue: its figure before the first campaign, or nothing, and this year's, after an outcome."""

    what: str
    before: str
    after: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class YearFacts:
    """What an organisation did in a year and what came of it; no tests.

    `people` are counted once, however many campaigns they signed. `months` are signatures by the first day of the month
    they were confirmed in, and `newly_known` are those whose position was not known before.
    """

    year: int
    is_over: bool
    people: int
    campaigns: tuple[CampaignYear, ...]
    months: tuple[tuple[date, int], ...]
    outcomes: tuple[OutcomeOfYear, ...]
    facts_at: datetime
    records_url: str
    outcomes_url: str
    moves: tuple[MoveOfYear, ...] = ()
    newly_known: int = 0
    events: int = 0
    came: int = 0
    stories: int = 0
    organizations: int = 0
    afterwards: tuple[FigureAfterwards, ...] = ()

    @property
    def is_empty(self) -> bool:
        numbers = (self.people, self.newly_known, self.events, self.stories, self.organizations)
        return not (any(numbers) or self.campaigns or self.outcomes or self.moves or self.afterwards)
