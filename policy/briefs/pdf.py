"""A document → the bytes of a tagged PDF. The only place that knows how the press is fed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from policy.briefs.html import Version, print_page
from policy.briefs.plain import text_length
from policy.briefs.renderer import Order, Renderer
from policy.briefs.sections import Document
from policy.errors import BriefTooLarge

STYLES = ("css/tokens.css", "css/brief.css", "css/brief_print.css")
LETTER_STYLES = ("css/tokens.css", "css/brief_print.css", "css/letter_print.css")
# How a document is set when its last page is nearly empty, in the order tried.
CLOSER = ("css/brief_dense.css", "css/brief_tight.css")
TEXT_LIMIT = 200_000
PAGE_LIMIT = 60


@dataclass(frozen=True)
class Pdf:
    content: bytes
    page_count: int


@cache
def warm_press() -> Renderer:
    """The press of this process, kept warm between briefs."""
    return Renderer()


def render(document: Document, version: Version, renderer: Renderer | None = None) -> Pdf:
    """The PDF of a document, the same bytes for the same content on one installation.

    PDF/UA-1: tagged, with language, title, bookmarks and alternative texts. Raises BriefTooLarge, and
    AssetRefused when something in it would be loaded from outside the packaged assets.
    """
    made = (renderer or warm_press()).render(order(document, version))
    return Pdf(made.content, made.pages[0])


def order(document: Document, version: Version) -> Order:
    """What the press is asked for. Raises BriefTooLarge before anything is set."""
    refuse_too_much(document)
    return Order(
        pages=[print_page(document, version)],
        sheets=STYLES,
        closer=CLOSER,
        identifier=version.content_hash,
        most_pages=PAGE_LIMIT,
    )


def refuse_too_much(document: Document) -> None:
    """Raises BriefTooLarge when there is more in a document than a brief can hold; quick, whatever is in it."""
    if text_length(document) > TEXT_LIMIT:
        raise BriefTooLarge


def print_each(pages: Sequence[str]) -> tuple[bytes, list[int]]:
    """Several HTML documents one after the other in one file, each with its own page numbers; and their page counts.

    Raises BriefTooLarge when one is longer than any letter, and AssetRefused as `render` does.
    """
    order = Order(pages=pages, sheets=LETTER_STYLES, tagged=False, most_pages=PAGE_LIMIT)
    made = warm_press().render(order)
    return made.content, made.pages
