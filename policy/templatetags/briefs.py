"""What the templates of briefs need: footnote marks, charts, Markdown."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from policy.briefs.sections import ChartRow, Stand
from policy.charts import Bar, bar_chart, scale_chart
from policy.markdown import to_html

register = template.Library()
register.filter("markdown", to_html)


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


@register.simple_tag
def bars(rows: Sequence[ChartRow], heading: str, width: int) -> SafeString:
    """A bar chart of a section's rows."""
    return bar_chart(
        title=heading,
        bars=[Bar(row.label, row.value, row.shown, row.emphasis) for row in rows],
        width=width,
    )


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
