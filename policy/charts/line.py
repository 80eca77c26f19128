from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString

from policy.charts import svg
from policy.words import labelled

SIZE = 12.0


@dataclass(frozen=True)
class Point:
    """One moment: its label under the axis, its value, and the value as printed."""

    label: str
    value: float
    shown: str


def line_chart(
    *, title: str, points: Sequence[Point], description: str = "", width: float = 480, height: float = 180
) -> SafeString:
    """A line over equally spaced moments, from zero, with the last value named at its end."""
    description = description or "; ".join(labelled(point.label, point.shown) for point in points)
    top = svg.nice_top(max((point.value for point in points), default=1) or 1)
    last = points[-1].shown if points else ""
    left = svg.text_width(intcomma(round(top)), SIZE) + 8
    right = width - max(svg.text_width(last, SIZE + 1) + 10, 12)
    bottom = height - SIZE - 10
    ceiling = SIZE
    parts: list[str] = []
    for share in (0.0, 0.5, 1.0):
        value = top * share
        y = bottom - (bottom - ceiling) * share
        parts.append(
            svg.element(
                "line",
                x1=left,
                x2=right,
                y1=y,
                y2=y,
                stroke=svg.MUTED if share == 0 else svg.LINE,
                stroke_width=1,
                class_="chart-axis" if share == 0 else "chart-grid",
            )
        )
        if value == int(value):
            parts.append(
                svg.text(
                    intcomma(round(value)),
                    left - 6,
                    y + SIZE * 0.35,
                    size=SIZE,
                    fill=svg.MUTED,
                    text_anchor="end",
                    class_="chart-note",
                )
            )
    step = (right - left) / max(len(points) - 1, 1)
    places = [
        (left + step * at, bottom - (bottom - ceiling) * point.value / top) for at, point in enumerate(points)
    ]
    if len(places) > 1:
        path = " ".join(f"{svg.number(x)},{svg.number(y)}" for x, y in places)
        parts.append(
            svg.element(
                "polyline",
                points=path,
                fill="none",
                stroke=svg.ACCENT,
                stroke_width=2.5,
                stroke_linejoin="round",
                class_="chart-line",
            )
        )
    parts += [_day_label(point, x, height, at, points) for at, (point, (x, _)) in _ends(points, places)]
    if places:
        x, y = places[-1]
        parts.append(svg.element("circle", cx=x, cy=y, r=4, fill=svg.ACCENT, class_="chart-bar"))
        parts.append(
            svg.text(
                last,
                x + 8,
                y + SIZE * 0.35,
                size=SIZE + 1,
                fill=svg.INK,
                font_weight="700",
                class_="chart-value",
            )
        )
    return svg.chart(title, description, width, height, *parts)


def _ends(
    points: Sequence[Point], places: Sequence[tuple[float, float]]
) -> list[tuple[int, tuple[Point, tuple[float, float]]]]:
    """The first and the last moment, which alone are named under the axis."""
    numbered = list(enumerate(zip(points, places, strict=True)))
    return numbered if len(numbered) < 2 else [numbered[0], numbered[-1]]


def _day_label(point: Point, x: float, height: float, at: int, points: Sequence[Point]) -> SafeString:
    anchor = "start" if at == 0 else "end"
    return svg.text(
        point.label, x, height - 4, size=SIZE, fill=svg.MUTED, text_anchor=anchor, class_="chart-note"
    )
