from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString

from policy.charts import svg
from policy.words import labelled

SIZE = 13.0
LEGEND_ROW = 22.0
# Radius of the innermost row, as a share of the outermost; the figure in the middle stands inside it.
INNER = 0.48
# A small council sits in one row, so that the middle stays free.
ONE_ROW = 15
BAD = "#b3261e"


@dataclass(frozen=True)
class Block:
    """Seats of one stance: its sign (one of SIGNS), what it is called, and how many they are."""

    sign: str
    label: str
    count: int


def _circle(x: float, y: float, r: float) -> str:
    d = svg.number(2 * r)
    s = svg.number(r)
    return f"M{svg.number(x - r)} {svg.number(y)}a{s} {s} 0 1 0 {d} 0a{s} {s} 0 1 0 -{d} 0z"


def _square(x: float, y: float, r: float) -> str:
    side = svg.number(1.7 * r)
    return f"M{svg.number(x - 0.85 * r)} {svg.number(y - 0.85 * r)}h{side}v{side}h-{side}z"


def _diamond(x: float, y: float, r: float) -> str:
    s = svg.number(r * 1.12)
    return f"M{svg.number(x)} {svg.number(y - r * 1.12)}l{s} {s}l-{s} {s}l-{s} -{s}z"


def _dot(x: float, y: float, r: float) -> str:
    return _circle(x, y, r * 0.5)


def _dash(x: float, y: float, r: float) -> str:
    return f"M{svg.number(x - 0.6 * r)} {svg.number(y)}h{svg.number(1.2 * r)}"


@dataclass(frozen=True)
class _Sign:
    draw: Callable[[float, float, float], str]
    colour: str
    tone: str
    is_filled: bool


# A stance is told by shape and filling first: round is for, pointed is against, filled is firm.
SIGNS: dict[str, _Sign] = {
    "champion": _Sign(_circle, svg.ACCENT, "for", True),
    "supports": _Sign(_circle, svg.ACCENT, "for", False),
    "undecided": _Sign(_square, svg.MUTED, "open", False),
    "unknown": _Sign(_dot, svg.MUTED, "open", True),
    "leans_against": _Sign(_diamond, BAD, "against", False),
    "opposed": _Sign(_diamond, BAD, "against", True),
    "vacant": _Sign(_dash, svg.MUTED, "open", False),
}


def seat_chart(
    *,
    title: str,
    blocks: Sequence[Block],
    needed: int = 0,
    needed_label: str = "",
    middle: tuple[str, str] = ("", ""),
    description: str = "",
    width: float = 360,
) -> SafeString:
    """A chamber as a half circle of seats, blocks from left to right, each stance with a shape of its own.

    A line stands where `needed` seats from the left are reached. `middle` is a figure and the words below it.
    The legend under the seats names each shape with its count. `width` in px as it will be shown; made for 360.
    """
    description = description or "; ".join(labelled(block.label, intcomma(block.count)) for block in blocks)
    places = _places(sum(block.count for block in blocks))
    pitch = places.pitch
    top = 24.0 if needed else 6.0
    # The outermost row with half a seat on both sides fills the width.
    outer = (width - 4) / (2 + pitch)
    radius = outer * pitch * 0.43
    cx, cy = width / 2, top + outer + radius
    parts: list[str] = []
    at = 0
    for block in blocks:
        seats = [
            (cx - outer * r * cos(pi * share), cy - outer * r * sin(pi * share))
            for share, r in places.seats[at : at + block.count]
        ]
        at += block.count
        if seats:
            parts.append(_shape(block.sign, seats, radius))
    if 0 < needed <= len(places.seats):
        parts += _line(places.seats, needed, needed_label, cx, cy, outer, radius, width)
    parts += _middle(middle, cx, cy, 2 * (outer * INNER - radius) - 12)
    legend, height = _legend(blocks, width, cy + radius + 14)
    return svg.chart(title, description, width, height, *parts, *legend)


@dataclass(frozen=True)
class _Places:
    """Where seats stand, from left to right, as (share of the half turn, radius) with an outer radius of 1."""

    seats: list[tuple[float, float]]
    pitch: float


def _places(count: int) -> _Places:
    if count <= 0:
        return _Places([], 0.2)
    rows = 1 if count <= ONE_ROW else min(range(2, 40), key=lambda n: _unevenness(count, n))
    radii = _radii(rows)
    per_row = _shared_out(count, radii)
    seats = [
        (share if n > 1 else 0.5, radius)
        for radius, n in zip(radii, per_row, strict=True)
        for share in (at / max(n - 1, 1) for at in range(n))
    ]
    along = (
        min(pi * r / (n - 1) for r, n in zip(radii, per_row, strict=True) if n > 1) if count > rows else 0.3
    )
    across = (radii[1] - radii[0]) if rows > 1 else along
    return _Places(sorted(seats, key=lambda seat: (seat[0], seat[1])), min(along, across, 0.3))


def _radii(rows: int) -> list[float]:
    if rows == 1:
        return [1.0]
    return [INNER + (1 - INNER) * at / (rows - 1) for at in range(rows)]


def _unevenness(count: int, rows: int) -> float:
    """How much wider seats stand along a row than across rows, or the reverse."""
    along = pi * sum(_radii(rows)) / count
    across = (1 - INNER) / (rows - 1)
    return max(along / across, across / along)


def _shared_out(count: int, radii: list[float]) -> list[int]:
    """Seats per row in proportion to its length, to the last seat (largest remainders)."""
    exact = [count * r / sum(radii) for r in radii]
    whole = [int(n) for n in exact]
    behind = sorted(range(len(radii)), key=lambda row: (whole[row] - exact[row], -row))
    for row in behind[: count - sum(whole)]:
        whole[row] += 1
    return whole


def _shape(name: str, seats: list[tuple[float, float]], radius: float) -> SafeString:
    sign = SIGNS[name]
    stroke = max(radius * 0.36, 1)
    # A hollow shape is as large as a filled one, its outline included.
    inner = radius if sign.is_filled else radius - stroke / 2
    return svg.element(
        "path",
        d="".join(sign.draw(x, y, inner) for x, y in seats),
        fill=sign.colour if sign.is_filled else "none",
        stroke=None if sign.is_filled else sign.colour,
        stroke_width=None if sign.is_filled else stroke,
        class_=f"chart-seat-{sign.tone}{'' if sign.is_filled else '-hollow'}",
    )


def _line(
    seats: list[tuple[float, float]],
    needed: int,
    label: str,
    cx: float,
    cy: float,
    outer: float,
    radius: float,
    width: float,
) -> list[str]:
    """Between the last seat that is needed and the first that is not."""
    shares = [share for share, _radius in seats]
    around = next(pairwise(shares[needed - 1 : needed + 1]), (shares[-1], 1.0))
    angle = pi * sum(around) / 2
    reach = outer + radius + 6
    inside = outer * min(distance for _share, distance in seats) - radius - 3
    ends = [(cx - length * cos(angle), cy - length * sin(angle)) for length in (inside, reach)]
    half = svg.text_width(label, SIZE) / 2
    return [
        svg.element(
            "line",
            x1=ends[0][0],
            y1=ends[0][1],
            x2=ends[1][0],
            y2=ends[1][1],
            stroke=svg.INK,
            stroke_width=1.5,
            stroke_dasharray="5 3",
            class_="chart-outline",
        ),
        svg.text(
            label,
            min(max(ends[1][0], half + 2), width - half - 2),
            max(ends[1][1] - 5, SIZE),
            size=SIZE,
            fill=svg.INK,
            text_anchor="middle",
            class_="chart-label",
        ),
    ]


def _middle(middle: tuple[str, str], cx: float, cy: float, room: float) -> list[str]:
    figure, words = middle
    lines = svg.wrap(words, SIZE, room) if words else []
    base = cy - 2 - (len(lines) - 1) * 15
    parts: list[str] = [
        svg.text(
            line, cx, base + 15 * at, size=SIZE, fill=svg.MUTED, text_anchor="middle", class_="chart-note"
        )
        for at, line in enumerate(lines)
    ]
    if figure:
        above = base - 18 if lines else base
        parts.append(
            svg.text(
                figure,
                cx,
                above,
                size=26,
                fill=svg.INK,
                font_weight="700",
                text_anchor="middle",
                class_="chart-label",
            )
        )
    return parts


def _legend(blocks: Sequence[Block], width: float, top: float) -> tuple[list[str], float]:
    """Two columns of shape, name and count, read down and then across."""
    shown = [block for block in blocks if block.count]
    rows = -(-len(shown) // 2)
    column = width / 2
    parts: list[str] = []
    for at, block in enumerate(shown):
        x, y = 10 + column * (at // rows), top + LEGEND_ROW * (at % rows) + LEGEND_ROW / 2
        count = intcomma(block.count)
        room = column - 44 - svg.text_width(count, SIZE)
        name = svg.wrap(block.label, SIZE, room, lines=1)[0]
        parts += [
            _shape(block.sign, [(x, y)], 6),
            svg.text(name, x + 14, y + SIZE * 0.35, size=SIZE, fill=svg.INK, class_="chart-label"),
            svg.text(
                count,
                column * (at // rows) + column - 20,
                y + SIZE * 0.35,
                size=SIZE,
                fill=svg.INK,
                font_weight="700",
                text_anchor="end",
                class_="chart-value",
            ),
        ]
    return parts, top + LEGEND_ROW * rows + 4
