"""A document as HTML: the same sections for the page on screen and for the PDF."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from policy.briefs.sections import (
    Ask,
    Document,
    Help,
    Person,
    Section,
)

RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}


@dataclass(frozen=True)
class Version:
    """Which version of a brief this is, and where a reader learns whether it is current."""

    content_hash: str
    url: str

    @property
    def short(self) -> str:
        return self.content_hash[:16]


def body(document: Document, version: Version, logo_url: str = "") -> SafeString:
    """Everything between the page's own head and foot: title, sections, footnotes, who speaks."""
    with translation.override(document.language):
        return render_to_string("briefs/body.html", {**_context(document, version), "logo_url": logo_url})


def print_page(document: Document, version: Version, logo_url: str = "") -> SafeString:
    """The whole HTML page that becomes the PDF."""
    with translation.override(document.language):
        return render_to_string("briefs/print.html", {**_context(document, version), "logo_url": logo_url})


def _context(document: Document, version: Version) -> dict[str, object]:
    return {
        "document": document,
        "version": version,
        "direction": "rtl" if document.language.split("-")[0] in RIGHT_TO_LEFT else "ltr",
        "numbers": document.numbers(),
        "notes": document.notes(),
        "aged": {source.key: source.published_on for source in document.sources if source.age},
        "rows": rows(document),
    }


@dataclass(frozen=True)
class Cell:
    """One section in its row of the twelve-column grid."""

    section: Section
    columns: int

    @property
    def template(self) -> str:
        return f"briefs/sections/{self.section.kind}.html"


# Neighbours that stand side by side, with the columns each takes.
PAIRS: dict[tuple[type[Section], type[Section]], tuple[int, int]] = {
    (Ask, Person): (7, 5),
    (Help, Help): (6, 6),
}


def rows(document: Document) -> list[list[Cell]]:
    """The sections in rows, in reading order."""
    found: list[list[Cell]] = []
    waiting = list(document.sections)
    while waiting:
        section = waiting.pop(0)
        widths = PAIRS.get((type(section), type(waiting[0]))) if waiting else None
        if widths:
            found.append([Cell(section, widths[0]), Cell(waiting.pop(0), widths[1])])
        else:
            found.append([Cell(section, 12)])
    return found
