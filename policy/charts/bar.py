from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from policy.charts import svg
from policy.words import labelled

SIZE = 13.0
LINE_HEIGHT = 15.0
BAR_HEIGHT = 16.0
ROW_GAP = 10.0


@dataclass(frozen=True)
class Bar:
    """One row: a label, its value, and the value as printed. Emphasised bars take the accent colour."""

    label: str
    value: float
    shown: str
    emphasis: bool = False


def bar_chart(*, title: str, bars: Sequence[Bar], description: str = "", width: float = 480) -> SafeString:
    """Horizontal bars from zero, each with its number at its end. `width` in px as it will be shown."""
    description = description or "; ".join(labelled(bar.label, bar.shown) for bar in bars)
    label_width = min(max((svg.text_width(bar.label, SIZE) for bar in bars), default=0), width * 0.42)
    value_width = max((svg.text_width(bar.shown, SIZE) for bar in bars), default=0) + 10
    start = label_width + 10
    room = max(width - start - value_width, 20)
    highest = max((bar.value for bar in bars), default=0) or 1
    emphasised = sum(bar.emphasis for bar in bars)
    parts: list[str] = []
    y = 2.0
    for bar in bars:
        lines = svg.wrap(bar.label, SIZE, label_width + 1, lines=3)
        height = max(BAR_HEIGHT, LINE_HEIGHT * len(lines))
        middle = y + height / 2
        strong = bar.emphasis or not emphasised
        first = middle + SIZE * 0.35 - LINE_HEIGHT * (len(lines) - 1) / 2
        parts += [
            svg.text(
                line,
                label_width,
                first + LINE_HEIGHT * at,
                size=SIZE,
                fill=svg.INK,
                text_anchor="end",
                font_weight="700" if bar.emphasis and emphasised == 1 else None,
                class_="chart-label",
            )
            for at, line in enumerate(lines)
        ]
        length = room * max(bar.value, 0) / highest
        if length:
            parts.append(
                svg.element(
                    "rect",
                    x=start,
                    y=middle - BAR_HEIGHT / 2,
                    width=max(length, 1),
                    height=BAR_HEIGHT,
                    fill=svg.ACCENT if strong else svg.COMPARISON,
                    class_="chart-bar" if strong else "chart-bar-quiet",
                )
            )
        parts.append(
            svg.text(
                bar.shown,
                start + length + 6,
                middle + SIZE * 0.35,
                size=SIZE,
                fill=svg.INK,
                font_weight="700",
                class_="chart-value",
            )
        )
        y += height + ROW_GAP
    bottom = y - ROW_GAP + 2
    axis = svg.element(
        "line", x1=start, x2=start, y1=0, y2=bottom, stroke=svg.MUTED, stroke_width=1, class_="chart-axis"
    )
    return svg.chart(title, description, width, bottom, *parts, axis)
