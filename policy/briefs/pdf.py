"""A document → the bytes of a tagged PDF. The only place that knows how the press is fed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from policy.briefs.html import Version, print_page
from policy.briefs.plain import text_length
from policy.briefs.press import ASSETS
from policy.briefs.renderer import Order, Renderer
from policy.briefs.sections import Document
from policy.errors import BriefTooLarge

STYLES = ("css/tokens.css", "css/brief.css", "css/brief_print.css")
LETTER_STYLES = ("css/tokens.css", "css/brief_print.css", "css/letter_print.css")
# How a document is set when its last page is nearly empty, in the order tried.
CLOSER = ("css/brief_dense.css", "css/brief_tight.css")
LOGO = "logo.png"
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


def render(document: Document, version: Version, renderer: Renderer | None = None, logo: bytes = b"") -> Pdf:
    """The PDF of a document, the same bytes for the same content on one installation.

    PDF/UA-1: tagged, with language, title, bookmarks and alternative texts. Raises BriefTooLarge, and
    AssetRefused when something in it would be loaded from outside the packaged assets.
    """
    made = (renderer or warm_press()).render(order(document, version, logo))
    return Pdf(made.content, made.pages[0])


def order(document: Document, version: Version, logo: bytes = b"") -> Order:
    """What the press is asked for. Raises BriefTooLarge before anything is set."""
    refuse_too_much(document)
    return Order(
        pages=[print_page(document, version, f"{ASSETS}{LOGO}" if logo else "")],
        sheets=STYLES,
        closer=CLOSER,
        colour=readable(document.sender.accent),
        files={LOGO: logo} if logo else {},
        identifier=version.content_hash,
        most_pages=PAGE_LIMIT,
    )


def readable(colour: str) -> str:
    """An organisation's colour when text in it can be read on white paper (WCAG 2.2, 1.4.3: 4.5 to 1), else none."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        return ""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return colour.lower() if 1.05 / (luminance + 0.05) >= 4.5 else ""


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
