from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from policy.charts import svg
from policy.words import labelled

SHADES = {
    "accent": svg.ACCENT,
    "soft": "#6fb3a7",
    "framed": svg.ACCENT,
    "quiet": svg.COMPARISON,
    "warn": "#8a5a00",
    "bad": "#b3261e",
    "empty": svg.SUNKEN,
    "open": "#8a5a00",
    "dashed": "#8a5a00",
}
# Tones that are outlined instead of filled, with their dashes: told from a filled one without colour, too.
_OUTLINED = {"open": None, "dashed": "3 2", "framed": None}
# Of these, the ones that are tinted inside, so that the outline's colour alone need not tell them from the others.
_TINTED = {"framed": "0.25"}
_STROKE = 2


@dataclass(frozen=True)
class Part:
    """A piece of the whole: its name, its size, and its tone, one of SHADES."""

    label: str
    value: float
    shown: str
    tone: str = "accent"


def parts_bar(
    *, title: str, parts: Sequence[Part], description: str = "", width: float = 640, height: float = 20
) -> SafeString:
    """One bar that shows how a whole divides. It carries no words: list the parts with figures beside it."""
    description = description or "; ".join(labelled(part.label, part.shown) for part in parts)
    whole = sum(max(part.value, 0) for part in parts)
    pieces: list[str] = []
    x = 0.0
    for part in parts:
        if part.value <= 0:
            continue
        length = width * part.value / whole
        # A hairline of paper keeps neighbours apart where colour can't.
        pieces.append(_piece(part.tone, x, max(length - 1, 0.75), height))
        x += length
    if not pieces:
        pieces.append(
            svg.element(
                "rect", x=0, y=0, width=width, height=height, fill=svg.SUNKEN, class_="chart-part-empty"
            )
        )
    return svg.chart(title, description, width, height, *pieces)


def _piece(tone: str, x: float, width: float, height: float) -> SafeString:
    if tone not in _OUTLINED:
        return svg.element(
            "rect", x=x, y=0, width=width, height=height, fill=SHADES[tone], class_=f"chart-part-{tone}"
        )
    return svg.element(
        "rect",
        x=x + _STROKE / 2,
        y=_STROKE / 2,
        width=max(width - _STROKE, 0.1),
        height=height - _STROKE,
        fill=SHADES[tone] if tone in _TINTED else "none",
        fill_opacity=_TINTED.get(tone),
        stroke=SHADES[tone],
        stroke_width=_STROKE,
        stroke_dasharray=_OUTLINED[tone],
        class_=f"chart-part-{tone}",
    )
