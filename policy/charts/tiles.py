from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, sqrt
from pathlib import Path

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from policy.charts import svg
from policy.words import labelled

SIZE = 13.0
GAP = 3.0
STEPS = 4
# From the lowest quarter of places to the highest: how much of the accent colour, and what it prints as.
SHADES = ["#e1eeec", "#b6d4cf", "#85b7af", svg.ACCENT]
ON_ACCENT = "#ffffff"
LEGEND_ROW = 24.0

Places = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Tile:
    """One place: its short code, its value (None where no figure is known), the value as printed in the tile,
    and whether it falls short of a target."""

    code: str
    value: float | None
    shown: str = ""
    falls_short: bool = False


@cache
def us_states() -> Places:
    """Column and row of each US state and the capital, by its two letters."""
    drawing = Path(__file__).with_name("us_states.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in drawing if not line.startswith("#")]
    return {code: (x, y) for y, row in enumerate(rows) for x, code in enumerate(row) if code != "."}


def in_rows(codes: Sequence[str], columns: int = 0) -> Places:
    """Any places in the order given, row by row, a little wider than high."""
    columns = columns or max(ceil(sqrt(len(codes) * 1.4)), 1)
    return {code: (at % columns, at // columns) for at, code in enumerate(codes)}


def tile_map(
    *,
    title: str,
    tiles: Sequence[Tile],
    places: Places | None = None,
    description: str = "",
    short_words: str = "",
    width: float = 360,
) -> SafeString:
    """Places as tiles of one size, shaded by quarter from the lowest figures to the highest.

    A tile prints its code and its figure, or, where one of the figures would not fit, the number of its quarter
    from 1 to 4. A place without a figure is an outline with a dash, never the lowest shade. A corner marks places
    that fall short of a target (`short_words` says so in the legend). Without `places`, and for codes that are not
    among them, tiles stand in rows. `width` in px as it will be shown; made for 360.
    """
    unknown = _("no figure")
    description = description or "; ".join(labelled(tile.code, tile.shown or unknown) for tile in tiles)
    where = _everywhere(tiles, places)
    columns = max((x for x, _y in where.values()), default=0) + 1
    rows = max((y for _x, y in where.values()), default=-1) + 1
    side = min((width + GAP) / columns - GAP, 56)
    left = (width - columns * (side + GAP) + GAP) / 2
    quarters = _quarters(tiles)
    size = _size_of_figures(tiles, side)
    parts: list[str] = []
    for tile in tiles:
        x, y = (step * (side + GAP) for step in where[tile.code])
        parts += _tile(tile, left + x, y, side, quarters.get(tile.code), size)
    legend, height = _legend(tiles, quarters, bool(size), short_words, width, rows * (side + GAP) + 10)
    return svg.chart(title, description, width, height, *parts, *legend)


def _everywhere(tiles: Sequence[Tile], places: Places | None) -> dict[str, tuple[int, int]]:
    """Where each tile stands; what the places don't know follows below them in rows."""
    known = {tile.code: places[tile.code] for tile in tiles if places and tile.code in places}
    rest = [tile.code for tile in tiles if tile.code not in known]
    if not known:
        return dict(in_rows(rest))
    columns = max(x for x, _y in known.values()) + 1
    below = max(y for _x, y in known.values()) + 2
    return known | {code: (x, y + below) for code, (x, y) in in_rows(rest, columns).items()}


def _quarters(tiles: Sequence[Tile]) -> dict[str, int]:
    """The quarter of each place with a figure, from 0; equal figures fall in one quarter."""
    values = sorted(tile.value for tile in tiles if tile.value is not None)
    first = {value: at for at, value in reversed(list(enumerate(values)))}
    return {tile.code: first[tile.value] * STEPS // len(values) for tile in tiles if tile.value is not None}


def _size_of_figures(tiles: Sequence[Tile], side: float) -> float:
    """The type size at which every figure fits its tile; 0 when none does: a figure is never cut."""
    widest = max((svg.text_width(tile.shown, 1) for tile in tiles if tile.value is not None), default=1) or 1
    size = min((side - 4) / widest, SIZE, side * 0.38)
    return size if size >= 8 else 0


def _tile(tile: Tile, x: float, y: float, side: float, quarter: int | None, size: float) -> list[str]:
    is_known = quarter is not None
    is_dark = quarter == STEPS - 1
    ink = ON_ACCENT if is_dark else svg.INK
    label = "chart-on-accent" if is_dark else "chart-label"
    middle = x + side / 2
    code_size = min(SIZE, side * 0.36, (side - 3) / max(svg.text_width(tile.code, 1), 0.1))
    figure = (tile.shown if size else str((quarter or 0) + 1)) if is_known else "–"
    parts: list[str] = [
        _box(x, y, side, quarter),
        svg.text(
            tile.code,
            middle,
            y + side * 0.46,
            size=code_size,
            fill=ink,
            text_anchor="middle",
            font_weight="700",
            class_=label,
        ),
        svg.text(
            figure,
            middle,
            y + side * 0.86,
            size=size or 10,
            fill=ink,
            text_anchor="middle",
            class_=label,
        ),
    ]
    if tile.falls_short and is_known:
        parts.append(_corner(x, y, side, side * 0.22, is_dark=is_dark))
    return parts


def _box(x: float, y: float, side: float, quarter: int | None) -> SafeString:
    if quarter is None:
        return svg.element(
            "rect",
            x=x + 0.5,
            y=y + 0.5,
            width=side - 1,
            height=side - 1,
            fill="none",
            stroke=svg.MUTED,
            stroke_width=1,
            stroke_dasharray="3 2",
            class_="chart-tile-none",
        )
    return svg.element(
        "rect", x=x, y=y, width=side, height=side, fill=SHADES[quarter], class_=f"chart-tile-{quarter + 1}"
    )


def _corner(x: float, y: float, side: float, leg: float, *, is_dark: bool) -> SafeString:
    return svg.element(
        "path",
        d=f"M{svg.number(x + side - leg)} {svg.number(y)}h{svg.number(leg)}v{svg.number(leg)}z",
        fill=ON_ACCENT if is_dark else svg.INK,
        class_="chart-on-accent" if is_dark else "chart-label",
    )


def _legend(
    tiles: Sequence[Tile],
    quarters: Mapping[str, int],
    has_figures: bool,
    short_words: str,
    width: float,
    top: float,
) -> tuple[list[str], float]:
    """What shades, dashes and corners mean, as many to a row as fit."""
    entries: list[tuple[list[str], str]] = []
    for quarter in range(STEPS):
        members = [tile for tile in tiles if quarters.get(tile.code) == quarter]
        if not members:
            continue
        lowest = min(members, key=lambda tile: tile.value or 0).shown
        highest = max(members, key=lambda tile: tile.value or 0).shown
        words = lowest if lowest == highest else _("%(low)s to %(high)s") % {"low": lowest, "high": highest}
        entries.append(([_box(0, 0, 16, quarter)], words if has_figures else labelled(quarter + 1, words)))
    if any(tile.value is None for tile in tiles):
        entries.append(([_box(0, 0, 16, None)], _("no figure")))
    if short_words and any(tile.falls_short for tile in tiles):
        entries.append(([_corner(0, 3, 13, 9, is_dark=False)], short_words))
    parts: list[str] = []
    x = 0.0
    y = top
    for pictures, words in entries:
        needed = 22 + svg.text_width(words, SIZE) + 14
        if x and x + needed > width:
            x, y = 0.0, y + LEGEND_ROW
        parts += [
            svg.element("g", *pictures, transform=f"translate({svg.number(x)} {svg.number(y)})"),
            svg.text(words, x + 22, y + 13, size=SIZE, fill=svg.INK, class_="chart-label"),
        ]
        x += needed
    return parts, y + (LEGEND_ROW if entries else 0)
