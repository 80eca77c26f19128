from django.utils.safestring import SafeString

from policy.charts import svg


def scale_chart(*, title: str, level: int | None, steps: int = 5, width: float = 120) -> SafeString:
    """Boxes in a row, the one at `level` (from 1) filled, none when unknown. The word stands beside it."""
    gap = 4.0
    side = (width - gap * (steps - 1)) / steps
    height = 12.0
    boxes = [
        svg.element(
            "rect",
            x=(side + gap) * at + 0.5,
            y=0.5,
            width=side - 1,
            height=height - 1,
            fill=svg.ACCENT if level == at + 1 else "none",
            stroke=svg.ACCENT if level == at + 1 else svg.MUTED,
            stroke_width=1,
            class_="chart-step-on" if level == at + 1 else "chart-step",
        )
        for at in range(steps)
    ]
    return svg.chart(title, title, width, height, *boxes)
