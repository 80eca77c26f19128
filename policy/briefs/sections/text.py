"""Sections of words: the ask, prose, what happened to a measure, where help is to be had, a cover."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from policy.briefs.sections.source import required


@dataclass(frozen=True)
class Ask:
    """What we ask for, in one box: the sentence, the measure it is about, and by when."""

    kind: ClassVar[str] = "ask"
    text: str
    measure: str = ""
    vote_on: date | None = None
    heading: str = ""

    def cited(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Paragraphs:
    """Prose in Markdown under a heading."""

    kind: ClassVar[str] = "paragraphs"
    heading: str
    markdown: str

    def cited(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Milestone:
    on: date
    label: str
    note: str = ""
    source: str = ""
    is_ahead: bool = False


@dataclass(frozen=True)
class Timeline:
    """What happened to a measure, oldest first, and what comes next."""

    kind: ClassVar[str] = "timeline"
    heading: str
    milestones: tuple[Milestone, ...]

    def cited(self) -> tuple[str, ...]:
        return tuple(stone.source for stone in self.milestones if stone.source)


@dataclass(frozen=True)
class Help:
    """A helpline, group or service, in a box."""

    kind: ClassVar[str] = "help"
    name: str
    description: str = ""
    phone: str = ""
    website: str = ""
    hours: str = ""
    languages: str = ""
    verified_on: date | None = None

    def cited(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Cover:
    """The first sheet of a delivery: how many ask for what, of whom."""

    kind: ClassVar[str] = "cover"
    count: str
    unit: str
    text: str
    to: str
    source: str
    on: date | None = None

    def cited(self) -> tuple[str, ...]:
        return (required(self.source, self.unit),)
