from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from policy.charts import svg

SIZE = 12.0


@dataclass(frozen=True)
class Hour:
    """One column: its label, how many are planned and how many are done."""

    label: str
    planned: int
    done: int = 0


def hours_chart(
    *, title: str, hours: Sequence[Hour], description: str = "", width: float = 640, height: float = 170
) -> SafeString:
    """Columns per hour: the plan as an outline, what is done filled in."""
    description = description or "; ".join(
        _("%(hour)s: %(planned)s planned, %(done)s done")
        % {"hour": hour.label, "planned": intcomma(hour.planned), "done": intcomma(hour.done)}
        for hour in hours
    )
    top = svg.nice_top(max((max(hour.planned, hour.done) for hour in hours), default=1) or 1)
    left = svg.text_width(intcomma(round(top)), SIZE) + 8
    ceiling, bottom = SIZE, height - SIZE - 10
    step = (width - left - 2) / max(len(hours), 1)
    bar = min(max(step - 3, 1), 40)
    scale = (bottom - ceiling) / top
    parts: list[str] = [
        svg.element(
            "line",
            x1=left,
            x2=width,
            y1=ceiling,
            y2=ceiling,
            stroke=svg.LINE,
            stroke_width=1,
            class_="chart-grid",
        ),
        svg.text(
            intcomma(round(top)),
            left - 6,
            ceiling + SIZE * 0.35,
            size=SIZE,
            fill=svg.MUTED,
            text_anchor="end",
            class_="chart-note",
        ),
        svg.text(
            "0",
            left - 6,
            bottom + SIZE * 0.35,
            size=SIZE,
            fill=svg.MUTED,
            text_anchor="end",
            class_="chart-note",
        ),
    ]
    widest = max((svg.text_width(hour.label, SIZE) for hour in hours), default=0) + 10
    every = max(1, -int(-widest // step)) if hours else 1
    for at, hour in enumerate(hours):
        x = left + step * at + (step - bar) / 2
        if hour.done:
            parts.append(
                svg.element(
                    "rect",
                    x=x,
                    y=bottom - hour.done * scale,
                    width=bar,
                    height=hour.done * scale,
                    fill=svg.ACCENT,
                    class_="chart-bar",
                )
            )
        if hour.planned:
            parts.append(
                svg.element(
                    "rect",
                    x=x,
                    y=bottom - hour.planned * scale,
                    width=bar,
                    height=hour.planned * scale,
                    fill="none",
                    stroke=svg.INK,
                    stroke_width=1,
                    class_="chart-outline",
                )
            )
        if at % every == 0:
            half = svg.text_width(hour.label, SIZE) / 2
            parts.append(
                svg.text(
                    hour.label,
                    min(max(left + step * (at + 0.5), half), width - half - 2),
                    height - 4,
                    size=SIZE,
                    fill=svg.MUTED,
                    text_anchor="middle",
                    class_="chart-note",
                )
            )
    axis = svg.element(
        "line", x1=left, x2=width, y1=bottom, y2=bottom, stroke=svg.MUTED, stroke_width=1, class_="chart-axis"
    )
    return svg.chart(title, description, width, height, *parts, axis)
