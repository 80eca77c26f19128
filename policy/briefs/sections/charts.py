"""Sections that are a picture and a table of the same numbers."""

from dataclasses import dataclass
from typing import ClassVar

from policy.briefs.sections.source import required


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
        return tuple(required(row.source or self.source, f"{self.heading}: {row.label}") for row in self.rows)


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
        return (required(self.source, self.caption),)


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
        return (required(self.source, self.heading),)


@dataclass(frozen=True)
class Seats:
    """Members of one position: its sign (as in `policy.charts.seats`), its words, how many they are, and by party."""

    sign: str
    label: str
    count: int
    shown: str
    by_party: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeatChart:
    """A chamber, seat by seat, under the finding: who stands where, and the votes still needed.

    `middle` is a figure and its words, which stand inside the half circle.
    """

    kind: ClassVar[str] = "seat_chart"
    heading: str
    finding: str
    blocks: tuple[Seats, ...]
    parties: tuple[str, ...]
    needed: int
    needed_label: str
    middle: tuple[str, ...]
    source: str
    note: str = ""

    def cited(self) -> tuple[str, ...]:
        return (required(self.source, self.finding),)


@dataclass(frozen=True)
class TileRow:
    """A place in a series: its short code, the figure as it fits a tile, and as a table says it."""

    code: str
    place: str
    value: float | None
    in_tile: str
    said: str
    falls_short: bool = False
    source: str = ""


@dataclass(frozen=True)
class TileMap:
    """A series of figures as a map of tiles, under the finding, and the same figures place by place, best first.

    Where there is no room for the table, the picture's own description says them.
    """

    kind: ClassVar[str] = "tile_map"
    heading: str
    finding: str
    rows: tuple[TileRow, ...]
    is_states: bool
    target_source: str = ""
    has_table: bool = True

    @property
    def marks(self) -> tuple[str, ...]:
        """The sources to name beside the finding: those of all figures, unless the table names each row's own."""
        keys = dict.fromkeys(row.source for row in self.rows if row.value is not None)
        shared = tuple(keys) if len(keys) == 1 or not self.has_table else ()
        return (*shared, self.target_source) if self.target_source else shared

    @property
    def names_each(self) -> bool:
        """Whether each row of the table names its own source."""
        return len({row.source for row in self.rows if row.value is not None}) > 1

    def cited(self) -> tuple[str, ...]:
        keys = [
            required(row.source, f"{self.heading}: {row.place}") for row in self.rows if row.value is not None
        ]
        return (*keys, self.target_source) if self.target_source else tuple(keys)
