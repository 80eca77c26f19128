"""The few SVG elements that charts are made of, as escaped strings."""

import unicodedata

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# The same values as in tokens.css (light theme); a test compares them.
ACCENT = "#0b6e5f"
INK = "#1d2430"
MUTED = "#55606e"
LINE = "#d9d5cb"
SUNKEN = "#f2f0ea"
# Grey of the bars that are there for comparison: paler than the accent also when printed without colour.
COMPARISON = "#aab0b8"

FONT = "'Atkinson Hyperlegible Next', 'Atkinson Hyperlegible Next Extended', 'Noto Sans Arabic', sans-serif"


def number(value: float) -> str:
    """A coordinate in at most two decimals, the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def element(name: str, *children: str, **attributes: object) -> SafeString:
    """`<name attribute="…">children</name>`, everything escaped; `font_size` becomes `font-size`."""
    pairs = (
        (key.rstrip("_").replace("_", "-"), number(value) if isinstance(value, int | float) else value)
        for key, value in attributes.items()
        if value is not None
    )
    inner = format_html_join("", "{}", ((child,) for child in children))
    return format_html("<{}{}>{}</{}>", name, format_html_join("", ' {}="{}"', pairs), inner, name)


def text(content: str, x: float, y: float, *, size: float, **attributes: object) -> SafeString:
    """A line of text with its baseline at `y`, in px."""
    return element("text", content, x=x, y=y, font_size=size, font_family=FONT, **attributes)


def chart(title: str, description: str, width: float, height: float, *children: str) -> SafeString:
    """A whole picture of `width` × `height` px with its title and description."""
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
        class_="chart",
    )


def text_width(content: str, size: float) -> float:
    """About how wide a line prints, in px, on the generous side (there is no font here to ask)."""
    units = 0.0
    for character in content:
        if character in "iljft.,:;'’|!()[] ":
            units += 0.34
        elif character in "mwMW@%—":
            units += 0.92
        elif character.isupper():
            units += 0.68
        elif unicodedata.east_asian_width(character) in "WF":
            units += 1.0
        else:
            units += 0.56
    return units * size


def wrap(content: str, size: float, width: float, *, lines: int = 2) -> list[str]:
    """`content` in at most `lines` lines of about `width` px; what does not fit ends in an ellipsis."""
    rows: list[str] = []
    for word in content.split():
        if rows and text_width(f"{rows[-1]} {word}", size) <= width:
            rows[-1] = f"{rows[-1]} {word}"
        else:
            rows.append(word)
    kept = rows[:lines]
    if len(rows) > lines:
        kept[-1] += " …"
    return [_shorten(row, size, width) for row in kept] or [""]


def _shorten(row: str, size: float, width: float) -> str:
    while len(row) > 1 and text_width(row, size) > width:
        row = row.rstrip("…").rstrip()[:-1] + "…"
    return row


def nice_top(highest: float) -> float:
    """The round number an axis ends at: 1, 2, 2.5, 4, 5 or 10 times a power of ten, not below `highest`."""
    step = 1.0
    while step * 10 < highest:
        step *= 10
    return next(step * factor for factor in (1, 2, 2.5, 4, 5, 10) if step * factor >= highest)
