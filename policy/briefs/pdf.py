"""A document → the bytes of a tagged PDF. The only place that knows WeasyPrint."""

import atexit
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from policy.briefs.html import Version, print_page
from policy.briefs.plain import text_length
from policy.briefs.sections import Document
from policy.errors import AssetRefused, BriefTooLarge

# The stylesheets ask for fonts below this address, which nobody can own (RFC 2606); nothing else is answered.
ASSETS = "https://assets.invalid/static/"
STYLES = ("css/tokens.css", "css/brief.css", "css/brief_print.css")
LETTER_STYLES = ("css/tokens.css", "css/brief_print.css", "css/letter_print.css")
MEDIA_TYPES = {".woff2": "font/woff2"}
OPTIONS = {"pdf_variant": "pdf/ua-1"}
TEXT_LIMIT = 200_000
PAGE_LIMIT = 60
# The share of its height that makes the last page worth a sheet of paper.
NEARLY_EMPTY = 0.5
# How a document is set when its last page is nearly empty, in the order tried; the first that saves a page is taken.
DENSER = ("dense", "tight")


@dataclass(frozen=True)
class Pdf:
    content: bytes
    page_count: int


def assets() -> dict[str, Path]:
    """Everything a brief may load: address → packaged file."""
    return {f"{ASSETS}fonts/{path.name}": path for path in sorted((_static() / "fonts").glob("*.woff2"))}


def _static() -> Path:
    return Path(settings.BASE_DIR) / "static"


def render(document: Document, version: Version) -> Pdf:
    """The PDF of a document, the same bytes for the same content on one installation.

    PDF/UA-1: tagged, with language, title, bookmarks and alternative texts. Raises BriefTooLarge, and
    AssetRefused when something in it would be loaded from outside the packaged assets.
    """
    if text_length(document) > TEXT_LIMIT:
        raise BriefTooLarge
    press = _press()
    try:
        laid_out = _lay_out(press, document, version)
        if len(laid_out.pages) > 1 and _is_nearly_empty(laid_out.pages[-1]):
            denser = (_lay_out(press, document, version, density) for density in DENSER)
            fewer = (one for one in denser if len(one.pages) < len(laid_out.pages))
            laid_out = next(fewer, laid_out)
        content = laid_out.write_pdf(pdf_identifier=version.content_hash.encode(), **OPTIONS)
    except press.asset_refused as refusal:
        raise AssetRefused from refusal
    return Pdf(content, len(laid_out.pages))


def print_each(pages: Sequence[str]) -> tuple[bytes, list[int]]:
    """Several HTML documents one after the other in one file, each with its own page numbers; and their page counts.

    Raises BriefTooLarge when one is longer than any letter, and AssetRefused as `render` does.
    """
    press = _press(LETTER_STYLES)
    laid_out = []
    try:
        for page in pages:
            document = press.html(string=page, base_url=ASSETS, url_fetcher=press.fetcher)
            laid_out.append(document.render(stylesheets=press.styles, font_config=press.fonts))
            if len(laid_out[-1].pages) > PAGE_LIMIT:
                raise BriefTooLarge
        everything = [page for document in laid_out for page in document.pages]
        return laid_out[0].copy(everything).write_pdf(), [len(document.pages) for document in laid_out]
    except press.asset_refused as refusal:
        raise AssetRefused from refusal


def _lay_out(press: "Press", document: Document, version: Version, density: str = "") -> Any:
    page = press.html(
        string=print_page(document, version, density), base_url=ASSETS, url_fetcher=press.fetcher
    )
    laid_out = page.render(stylesheets=press.styles, font_config=press.fonts, **OPTIONS)
    if len(laid_out.pages) > PAGE_LIMIT:
        raise BriefTooLarge
    return laid_out


def _is_nearly_empty(page: Any) -> bool:
    """Whether a page holds a few lines only, which would look better on the page before."""
    sheet = page._page_box
    ends = [
        box.position_y + box.height for box in sheet.children[0].descendants() if box.element_tag == "section"
    ]
    used = max(ends, default=0)
    return bool(used < sheet.content_box_y() + sheet.height * NEARLY_EMPTY)


@dataclass(frozen=True)
class Press:
    """What takes long to set up and is the same for every brief of a process."""

    html: Any
    fetcher: Any
    fonts: Any
    styles: list[Any]
    asset_refused: type[BaseException]


@cache
def _press(sheets: tuple[str, ...] = STYLES) -> Press:
    # Here and not above: the import takes half a second and needs Pango, which pages can do without.
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    known = assets()

    class PackagedOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Answers from the map of packaged assets; stops the whole document at anything else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            path = known.get(url)
            if path is None:
                raise FatalURLFetchingError("not a packaged asset")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]})

    fetcher = PackagedOnly(allowed_protocols=set(), allow_redirects=False, fail_on_errors=True)
    fonts = FontConfiguration()
    styles = [
        weasyprint.CSS(
            string=(_static() / name).read_text(),
            base_url=ASSETS + name,
            url_fetcher=fetcher,
            font_config=fonts,
        )
        for name in sheets
    ]
    return Press(weasyprint.HTML, fetcher, fonts, styles, FatalURLFetchingError)


# WeasyPrint removes its folder of fonts when the set is let go; at the interpreter's very end that fails.
atexit.register(_press.cache_clear)
