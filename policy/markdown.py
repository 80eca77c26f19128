"""Markdown as people write it → HTML that can do no harm. The one place with the list of what is allowed."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_ALLOWED_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "strong", "ul",
}  # fmt: skip
_PARSER = MarkdownIt("commonmark", {"html": False})


def to_html(text: str) -> SafeString:
    """Paragraphs, lists, links, emphasis and headings from the second level; other markup as plain text."""
    html = nh3.clean(
        _PARSER.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>"),
        tags=_ALLOWED_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308  # cleaned in the line above
