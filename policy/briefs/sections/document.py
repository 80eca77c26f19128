"""A whole brief: who speaks, its sections, and the sources of every figure in them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

from django.utils.translation import gettext as _

from policy.briefs.sections.charts import BarChart, LineChart, Places, SeatChart, TileMap
from policy.briefs.sections.figures import KeyFigures, Meanings, Table
from policy.briefs.sections.people import Names, Person, Quotes
from policy.briefs.sections.source import Source
from policy.briefs.sections.text import Ask, Cover, Help, Paragraphs, Timeline
from policy.errors import FigureWithoutSource


@dataclass(frozen=True)
class Sender:
    """The organisation that speaks, shown small."""

    name: str
    about: str = ""
    website: str = ""
    email: str = ""
    postal_address: str = ""
    accent: str = ""
    logo: str = ""  # SHA-256 of its PNG


Section = (
    Ask
    | Person
    | KeyFigures
    | Paragraphs
    | BarChart
    | LineChart
    | SeatChart
    | TileMap
    | Meanings
    | Table
    | Places
    | Timeline
    | Quotes
    | Names
    | Cover
    | Help
)
SECTIONS: dict[str, type[Section]] = {cls.kind: cls for cls in get_args(Section)}


@dataclass(frozen=True)
class Document:
    """A whole brief. Raises FigureWithoutSource or QuoteWithoutConsent when a fact may not be printed.

    `series` names what the versions of one brief have in common; `facts_at` is the moment the newest
    of its facts dates from, never the moment it was made.
    """

    series: str
    kind: str
    kind_label: str
    language: str
    paper: str
    title: str
    sender: Sender
    facts_at: datetime
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    is_test: bool = False

    def __post_init__(self) -> None:
        self.numbers()

    def numbers(self) -> dict[str, int]:
        """The footnote number of each source, in the order of first use; what reads the same has one number."""
        known = {source.key: replace(source, key="") for source in self.sources}
        by_text: dict[Source, int] = {}
        found: dict[str, int] = {}
        for section in self.sections:
            for key in section.cited():
                if key not in known:
                    raise FigureWithoutSource(
                        _("The source “%(source)s” is not in the list.") % {"source": key}
                    )
                found[key] = by_text.setdefault(known[key], len(by_text) + 1)
        return found

    def notes(self) -> list[tuple[int, Source]]:
        """The footnotes: number and source, in order."""
        by_key = {source.key: source for source in self.sources}
        return sorted(
            {number: by_key[key] for key, number in self.numbers().items()}.items(), key=lambda note: note[0]
        )

    def mentions(self) -> list[tuple[str, str]]:
        """Who is quoted (`words`) and who is named (`name`) in it."""
        found: list[tuple[str, str]] = []
        for section in self.sections:
            if isinstance(section, Quotes):
                found += [(quote.mention.of, "words") for quote in section.quotes if quote.mention]
            if isinstance(section, Names):
                found += [(one.of, "name") for group in section.groups for one in group.mentions]
        return found
