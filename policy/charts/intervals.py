from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from policy.charts import svg
from policy.words import labelled

SIZE = 13.0
ROW = 46.0
DOT = 5.0


@dataclass(frozen=True)
class Interval:
    """One row: a label, a value with the bounds it lies within, and the three as printed."""

    label: str
    low: float
    value: float
    high: float
    shown: str


def interval_chart(
    *,
    title: str,
    intervals: Sequence[Interval],
    say: Callable[[float], str],
    description: str = "",
    width: float = 400,
) -> SafeString:
    """A dot on a line from its lower to its upper bound, its label above it.

    All have one axis from zero, whose ends `say` names.
    """
    description = description or "; ".join(labelled(row.label, row.shown) for row in intervals)
    top = svg.nice_top(max((row.high for row in intervals), default=1) or 1)
    room = width - 2 * DOT
    parts: list[str] = []
    for at, row in enumerate(intervals):
        y = ROW * at + SIZE
        low, value, high = (DOT + room * min(max(x, 0), top) / top for x in (row.low, row.value, row.high))
        figures = svg.text_width(row.shown, SIZE) + 12
        label = svg.wrap(row.label, SIZE, width - figures, lines=1)[0]
        parts += [
            svg.text(label, 0, y, size=SIZE, fill=svg.INK, class_="chart-label"),
            svg.text(
                row.shown,
                width,
                y,
                size=SIZE,
                fill=svg.INK,
                font_weight="700",
                text_anchor="end",
                class_="chart-value",
            ),
            svg.element(
                "line",
                x1=DOT,
                x2=width - DOT,
                y1=y + 16,
                y2=y + 16,
                stroke=svg.LINE,
                stroke_width=1,
                class_="chart-grid",
            ),
            svg.element(
                "line",
                x1=low,
                x2=high,
                y1=y + 16,
                y2=y + 16,
                stroke=svg.ACCENT,
                stroke_width=3,
                class_="chart-line",
            ),
            svg.element("circle", cx=value, cy=y + 16, r=DOT, fill=svg.ACCENT, class_="chart-bar"),
        ]
    height = ROW * len(intervals) + SIZE
    parts += [
        svg.text(
            say(value), x, height - 4, size=SIZE, fill=svg.MUTED, text_anchor=anchor, class_="chart-note"
        )
        for value, x, anchor in ((0, 0, "start"), (top, width, "end"))
    ]
    return svg.chart(title, description, width, height, *parts)
