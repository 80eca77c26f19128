"""What a brief is made of: frozen sections of typed facts, each naming the sources of its figures."""

from policy.briefs.sections.charts import (
    BarChart,
    ChartRow,
    LineChart,
    Places,
    SeatChart,
    Seats,
    TileMap,
    TileRow,
)
from policy.briefs.sections.document import SECTIONS, Document, Section, Sender
from policy.briefs.sections.figures import Figure, KeyFigures, Meaning, Meanings, Table
from policy.briefs.sections.people import (
    EarlierStand,
    Mention,
    NameGroup,
    Names,
    Person,
    Quote,
    Quotes,
    Stand,
)
from policy.briefs.sections.source import Source
from policy.briefs.sections.text import Ask, Cover, Help, Milestone, Paragraphs, Timeline

__all__ = [
    "SECTIONS",
    "Ask",
    "BarChart",
    "ChartRow",
    "Cover",
    "Document",
    "EarlierStand",
    "Figure",
    "Help",
    "KeyFigures",
    "LineChart",
    "Meaning",
    "Meanings",
    "Mention",
    "Milestone",
    "NameGroup",
    "Names",
    "Paragraphs",
    "Person",
    "Places",
    "Quote",
    "Quotes",
    "SeatChart",
    "Seats",
    "Section",
    "Sender",
    "Source",
    "Stand",
    "Table",
    "TileMap",
    "TileRow",
    "Timeline",
]
