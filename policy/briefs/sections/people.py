"""Sections of people: a legislator's card, quotes, and the names of those who signed."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from policy.briefs.sections.source import required
from policy.errors import QuoteWithoutConsent


@dataclass(frozen=True)
class Stand:
    """Where a person stands on the measure, 1 opposed … 5 champion; None is not known."""

    level: int | None
    label: str
    on: date | None = None
    evidence: str = ""
    source: str = ""


@dataclass(frozen=True)
class EarlierStand:
    """Where a person stood before, and since when."""

    label: str
    on: date


@dataclass(frozen=True)
class Person:
    """The card of a legislator: who they are, where they sit, where they stand."""

    kind: ClassVar[str] = "person"
    name: str
    role: str
    place: str
    chamber: str
    party: str = ""
    committees: tuple[str, ...] = ()
    stand: Stand | None = None
    history: tuple[EarlierStand, ...] = ()

    def cited(self) -> tuple[str, ...]:
        return (self.stand.source,) if self.stand and self.stand.source else ()


@dataclass(frozen=True)
class Mention:
    """Whose words or name this is, in words of the app that knows, such as `pledge:<uuid>`. Never printed."""

    of: str


@dataclass(frozen=True)
class Quote:
    """A supporter's own words. `consent` names the consent on record that allows printing them."""

    text: str
    attribution: str
    place: str
    consent: str
    language: str = ""
    mention: Mention | None = None


@dataclass(frozen=True)
class Quotes:
    kind: ClassVar[str] = "quotes"
    heading: str
    quotes: tuple[Quote, ...]

    def cited(self) -> tuple[str, ...]:
        for quote in self.quotes:
            if not quote.consent:
                raise QuoteWithoutConsent
        return ()


@dataclass(frozen=True)
class NameGroup:
    """Who signed in one place: names of those who agreed to that, and how many more there are."""

    place: str
    names: tuple[str, ...]
    more: int
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True)
class Names:
    """Everybody who signed, place by place, or all in one group that names no place.

    `consent` names the consent that allows printing the names.
    """

    kind: ClassVar[str] = "names"
    heading: str
    groups: tuple[NameGroup, ...]
    consent: str
    source: str
    note: str = ""

    def cited(self) -> tuple[str, ...]:
        if not self.consent:
            raise QuoteWithoutConsent
        return (required(self.source, self.heading),)
