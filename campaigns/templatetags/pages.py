"""What every page shares: tables that a phone can read, and moments to the second."""

import re
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

HEAD = re.compile(r"(<thead>)(.*?)(</thead>)", re.DOTALL)
HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
PIECE = re.compile(r"<(thead|tbody|tfoot|tr|th|td)\b([^>]*)>")
# A phone shows the cells of a table below each other, and browsers then forget what they were: the roles remind them.
ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}
FITS = 2  # columns that stand beside each other on any screen


@register.filter
def to_the_second(at: datetime | None) -> str:
    """The moment as histories write it: in the reader's format, with its seconds."""
    if at is None:
        return "–"
    local = timezone.localtime(at)
    return f"{date_format(local, 'SHORT_DATETIME_FORMAT')}:{date_format(local, 's')}"


@register.simple_block_tag
def table(content: str, label: str) -> SafeString:
    """The rows between the tags as a table named `label`, in a region the keyboard can scroll.

    Where it has more than two columns, each cell carries its column's heading as `data-label`:
    narrow screens show one row below the other, each cell with its heading. A heading that only
    readers hear gives no label.
    """
    found = HEAD.search(content)
    head = found[2] if found else ""
    labels = [
        "" if "visually-hidden" in heading else " ".join(strip_tags(heading).split())
        for heading in HEADING.findall(head)
    ]
    stacks = found is not None and len(labels) > FITS
    rows = _with_labels(content, found.end(), labels) if found and stacks else content
    opening = '<table class="rows" role="table">' if stacks else "<table>"
    # Content comes rendered, each value in it escaped already.
    return mark_safe(  # noqa: S308
        f'<div class="scroll-x" tabindex="0" role="region" aria-label="{escape(label)}">'
        f"{opening}{rows}</table></div>"
    )


def _with_labels(content: str, body_at: int, labels: list[str]) -> str:
    column = 0

    def piece(match: re.Match[str]) -> str:
        nonlocal column
        tag, rest = match.groups()
        in_body = match.start() >= body_at
        if tag == "tr":
            column = 0
        if tag not in {"th", "td"}:
            return f'<{tag}{rest} role="{ROLES[tag]}">'
        role = ROLES.get(tag) or ("rowheader" if in_body else "columnheader")
        name = labels[column] if in_body and column < len(labels) else ""
        column += 1
        said = ' data-label="{}"'.format(name.replace('"', "&quot;")) if name else ""
        return f'<{tag}{rest} role="{role}"{said}>'

    return PIECE.sub(piece, content)
