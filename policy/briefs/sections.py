"""What a brief is made of: frozen sections of typed facts, each naming the sources of its figures."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, get_args

from django.utils.translation import gettext as _

from policy.errors import FigureWithoutSource, QuoteWithoutConsent


@dataclass(frozen=True)
class Source:
    """Where figures come from. Sections name it by `key`; readers see a number."""

    key: str
    title: str
    url: str
    published_on: date | None = None
    retrieved_on: date | None = None
    is_example: bool = False


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
class Figure:
    """A number as printed, with what it counts. `beside` is the same number elsewhere, such as nationally."""

    value: str
    label: str
    source: str
    unit: str = ""
    beside: str = ""
    beside_source: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """Up to three or four large numbers in a row."""

    kind: ClassVar[str] = "key_figures"
    heading: str
    figures: tuple[Figure, ...]

    def cited(self) -> tuple[str, ...]:
        keys: list[str] = []
        for figure in self.figures:
            keys.append(_required(figure.source, figure.label))
            if figure.beside:
                keys.append(_required(figure.beside_source, figure.beside))
        return tuple(keys)


@dataclass(frozen=True)
class Paragraphs:
    """Prose in Markdown under a heading."""

    kind: ClassVar[str] = "paragraphs"
    heading: str
    markdown: str

    def cited(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class ChartRow:
    label: str
    value: float
    shown: str
    emphasis: bool = False
    source: str = ""


@dataclass(frozen=True)
class BarChart:
    """Bars under a heading that states the finding; `source` holds for each row that names none itself."""

    kind: ClassVar[str] = "bar_chart"
    heading: str
    rows: tuple[ChartRow, ...]
    label_head: str
    value_head: str
    source: str = ""
    note: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether its labels are sentences, which need the whole width."""
        return any(len(row.label) > 32 for row in self.rows)

    def cited(self) -> tuple[str, ...]:
        return tuple(
            _required(row.source or self.source, f"{self.heading}: {row.label}") for row in self.rows
        )


@dataclass(frozen=True)
class Table:
    """Rows of text. With `counts`, the last column holds figures, set to the right."""

    kind: ClassVar[str] = "table"
    heading: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str
    counts: bool = False
    note: str = ""

    def cited(self) -> tuple[str, ...]:
        return (_required(self.source, self.caption),)


@dataclass(frozen=True)
class Places:
    """Who acted, by place: a table and a chart of the same numbers, side by side."""

    kind: ClassVar[str] = "places"
    heading: str
    caption: str
    place_head: str
    count_head: str
    rows: tuple[ChartRow, ...]
    total_label: str
    total: str
    source: str
    note: str = ""

    def cited(self) -> tuple[str, ...]:
        return (_required(self.source, self.caption),)


@dataclass(frozen=True)
class LineChart:
    """A number over equally spaced moments, under a heading that states the finding; a table says the same."""

    kind: ClassVar[str] = "line_chart"
    heading: str
    rows: tuple[ChartRow, ...]
    label_head: str
    value_head: str
    source: str
    note: str = ""

    def cited(self) -> tuple[str, ...]:
        return (_required(self.source, self.heading),)


@dataclass(frozen=True)
class NameGroup:
    """Who signed in one place: names of those who agreed to that, and how many more there are."""

    place: str
    names: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class Names:
    """Everybody who signed, place by place. `consent` names the consent that allows printing the names."""

    kind: ClassVar[str] = "names"
    heading: str
    groups: tuple[NameGroup, ...]
    consent: str
    source: str
    note: str = ""

    def cited(self) -> tuple[str, ...]:
        if not self.consent:
            raise QuoteWithoutConsent
        return (_required(self.source, self.heading),)


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
        return (_required(self.source, self.unit),)


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
class Quote:
    """A supporter's own words. `consent` names the consent on record that allows printing them."""

    text: str
    attribution: str
    place: str
    consent: str
    language: str = ""


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


Section = (
    Ask
    | Person
    | KeyFigures
    | Paragraphs
    | BarChart
    | LineChart
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


def _required(source: str, what: str) -> str:
    if not source:
        raise FigureWithoutSource(
            _("“%(what)s” is printed with a figure and has no source.") % {"what": what}
        )
    return source
