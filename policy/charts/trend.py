from collections.abc import Sequence

from django.utils.safestring import SafeString

from policy.charts import svg

DOT = 2.5


def trend_line(
    *, title: str, values: Sequence[float], description: str = "", width: float = 120, height: float = 28
) -> SafeString:
    """A small line over equally spaced days, from zero, without words: print what it says beside it.

    One day alone is a dot. The last day is always marked, at the right, so that it is seen which way time goes.
    """
    top = max((*values, 0)) or 1
    floor = height - DOT
    right = width - DOT
    step = (right - DOT) / max(len(values) - 1, 1)
    places = [
        (right - step * (len(values) - 1 - at), floor - (floor - DOT) * value / top)
        for at, value in enumerate(values)
    ]
    parts = [
        svg.element(
            "line", x1=0, x2=width, y1=floor, y2=floor, stroke=svg.LINE, stroke_width=1, class_="chart-grid"
        )
    ]
    if len(places) > 1:
        parts.append(
            svg.element(
                "polyline",
                points=" ".join(f"{svg.number(x)},{svg.number(y)}" for x, y in places),
                fill="none",
                stroke=svg.ACCENT,
                stroke_width=1.5,
                stroke_linejoin="round",
                class_="chart-line",
            )
        )
    if places:
        x, y = places[-1]
        parts.append(svg.element("circle", cx=x, cy=y, r=DOT, fill=svg.ACCENT, class_="chart-bar"))
    return svg.chart(title, description or title, width, height, *parts)
