"""What the templates of briefs need: footnote marks, charts, Markdown."""

import re
from collections.abc import Sequence
from typing import Any

import qrcode
import qrcode.constants
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from policy.briefs.sections import ChartRow, SeatChart, Stand, TileMap, TileRow
from policy.charts import (
    Bar,
    Block,
    Point,
    Tile,
    bar_chart,
    line_chart,
    scale_chart,
    seat_chart,
    svg,
    tile_map,
    us_states,
)
from policy.markdown import to_html
from policy.words import labelled

register = template.Library()


@register.filter
def prose(text: str) -> SafeString:
    """Markdown in which no paragraph ends with one short word alone on its line."""
    html = re.sub(r" ([^\s<>\"]{1,14})</p>", "\u00a0\\1</p>", to_html(text))
    return mark_safe(html)  # noqa: S308  # `to_html` cleans it


@register.simple_tag(takes_context=True)
def note(context: dict[str, Any], key: str) -> SafeString:
    """The footnote number of a source, linked to it; nothing for an empty key."""
    if not key:
        return SafeString("")
    number = context["numbers"][key]
    return format_html(
        '<sup class="brief-note"><a href="#source-{}" aria-label="{}">{}</a></sup>',
        number,
        _("Source %(number)s") % {"number": number},
        number,
    )


@register.simple_tag(takes_context=True)
def year(context: dict[str, Any], key: str) -> SafeString:
    """The year of an old figure, so that nobody takes it for a new one; nothing for a figure of these days."""
    published_on = context["aged"].get(key)
    if not published_on:
        return SafeString("")
    return format_html(
        ' <span class="brief-aged">{}</span>', _("(figure of %(year)s)") % {"year": published_on.year}
    )


@register.simple_tag(takes_context=True)
def bars(context: dict[str, Any], rows: Sequence[ChartRow], heading: str, width: int) -> SafeString:
    """A bar chart of a section's rows; a table with the same rows in the same order stands beside it.

    The engine sets text in pictures letter by letter, which breaks joined scripts: from right to left the table
    alone names the rows.
    """
    is_joined = context.get("direction") == "rtl"
    return bar_chart(
        title=heading,
        description="; ".join(labelled(row.label, row.shown) for row in rows),
        bars=[Bar("" if is_joined else row.label, row.value, row.shown, row.emphasis) for row in rows],
        width=width,
    )


@register.simple_tag
def seats(section: SeatChart, width: int) -> SafeString:
    """A chamber as a half circle of seats; a table with the same numbers stands beside it."""
    return seat_chart(
        title=section.finding,
        blocks=[Block(block.sign, block.label, block.count) for block in section.blocks],
        needed=section.needed,
        needed_label=section.needed_label,
        middle=(section.middle[0], section.middle[1]),
        width=width,
    )


@register.simple_tag
def tiles(section: TileMap, width: int) -> SafeString:
    """A series of figures as a map of tiles; a table with the same figures stands below it."""
    return tile_map(
        title=labelled(section.heading, section.finding),
        description="; ".join(labelled(row.place, row.said) for row in section.rows),
        tiles=[Tile(row.code, row.value, row.in_tile, row.falls_short) for row in by_code(section)],
        places=us_states() if section.is_states else None,
        short_words=_("misses the target"),
        width=width,
    )


def by_code(section: TileMap) -> list[TileRow]:
    """Rows in the order of their codes, which says where an unmapped tile stands."""
    return sorted(section.rows, key=lambda row: row.code)


@register.simple_tag
def line(rows: Sequence[ChartRow], heading: str, width: int) -> SafeString:
    """A line over a section's rows."""
    points = [Point(row.label, row.value, row.shown) for row in rows]
    return line_chart(title=heading, points=points, width=width)


ACROSS = 3


@register.filter
def in_threes(rows: Sequence[ChartRow]) -> list[Sequence[ChartRow]]:
    """Rows three abreast, read from left to right."""
    return [rows[at : at + ACROSS] for at in range(0, len(rows), ACROSS)]


@register.filter
def rest_of_threes(row: Sequence[ChartRow]) -> int:
    """The cells, two for each figure, that a short last row lacks."""
    return 2 * (ACROSS - len(row))


@register.filter
def heads(rows: Sequence[ChartRow]) -> range:
    """One for each of the columns that `in_threes` makes."""
    return range(min(ACROSS, len(rows)))


@register.simple_tag
def qr(url: str) -> SafeString:
    """A square code that a telephone reads as the address."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=2, border=0)
    code.add_data(url)
    code.make()
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.modules) for x, is_dark in enumerate(row) if is_dark
    )
    side = len(code.modules)
    title = _("Code for a telephone: leads to the page that says whether this version is current")
    return svg.chart(title, url, side, side, svg.element("path", d=dark, fill=svg.INK, class_="chart-code"))


@register.simple_tag
def stand_scale(stand: Stand) -> SafeString:
    """Five boxes with the one filled where a person stands."""
    if stand.level is None:
        return scale_chart(title=_("Position: not known yet"), level=None)
    words = {"label": stand.label, "level": stand.level}
    return scale_chart(title=_("Position: %(label)s, %(level)s of 5") % words, level=stand.level)


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:]))


@register.filter
def one_line(text: str) -> str:
    """Lines joined with commas, as in an address."""
    return ", ".join(line.strip().rstrip(",") for line in text.splitlines() if line.strip())


@register.filter
def no_widow(text: str) -> str:
    """A headline whose last three words stay on one line."""
    words = text.split()
    if len(words) < 6:
        return text
    return format_html(
        '{} <span class="brief-together">{}</span>', " ".join(words[:-3]), " ".join(words[-3:])
    )
