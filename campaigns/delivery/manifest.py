"""The list of what is in a file to print: written with the file, and read again when something of it has to go."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.utils.translation import gettext as _t
from django.utils.translation import override

from campaigns.channels.sheet import Sheet
from campaigns.letters.bundle import Signer
from campaigns.models import Letter
from campaigns.spreadsheet import safe

# Columns of both lists, and of that of letters alone, which also tell which list it is.
_NUMBER, _LETTER, _WRITER = 0, 1, 2
_FIRST_PAGE, _PAGES, _OF_LETTERS = 5, 6, 8


@dataclass(frozen=True)
class Line:
    """A letter's place in a file and who wrote it by the file; a signer of a bundle has no page of their own."""

    number: int
    writer: str
    first_page: int = 0
    last_page: int = 0


def letters_list(letters: list[Letter], sheets: list[Sheet], pages: list[int]) -> str:
    """A line a letter, in the order of the file, with the name and town that stand in it."""
    firsts = [1, *(1 + end for end in accumulate(pages))]
    with _in_their_language(letters[0]):
        about = [_t("number"), _t("letter"), _t("writer"), _t("town"), _t("office")]
        rows: list[Sequence[object]] = [[*about, _t("first page"), _t("pages"), "SHA-256"]]
    for number, (letter, sheet, first, count) in enumerate(
        zip(letters, sheets, firsts, pages, strict=False), start=1
    ):
        # Their details may have changed since the letter was fixed.
        cells = [sheet.sender[0], sheet.sender[-1] if sheet.sender[1:] else "", sheet.recipient[0]]
        rows.append([number, letter.pk, *map(safe, cells), first, count, letter.content_sha256])
    return _csv(rows)


def signers_list(signers: list[Signer]) -> str:
    """A line a signer, in the order of the bundle, with the sentences that are their own."""
    with _in_their_language(signers[0].letter):
        heads = [_t("number"), _t("letter"), _t("signer"), _t("address"), _t("own sentences"), "SHA-256"]
    rows: list[Sequence[object]] = [heads]
    for number, signer in enumerate(signers, start=1):
        cells = [signer.signature[0], ", ".join(signer.signature[1:]), " ".join(signer.own)]
        rows.append([number, signer.letter.pk, *map(safe, cells), signer.letter.content_sha256])
    return _csv(rows)


def without_people(manifest: str) -> str:
    """What may stay of a list when somebody in it is erased: which letter lay where, and nothing of anybody."""
    keep = {_NUMBER, _LETTER, _FIRST_PAGE, _PAGES}
    header, *rows = csv.reader(io.StringIO(manifest)) if manifest else [[]]
    kept = keep if len(header) == _OF_LETTERS else {_NUMBER, _LETTER}
    if not rows or len(header) <= _WRITER:
        return ""
    return _csv([header, *([cell if n in kept else "" for n, cell in enumerate(row)] for row in rows)])


def lines_of(manifest: str) -> dict[str, Line]:
    """The lines of a list by the key of their letter."""
    found = {}
    for row in list(csv.reader(io.StringIO(manifest)))[1:]:
        first, pages = map(int, row[_FIRST_PAGE : _PAGES + 1]) if len(row) == _OF_LETTERS else (0, 0)
        found[row[_LETTER]] = Line(int(row[_NUMBER]), row[_WRITER], first, first + pages - 1)
    return found


def _in_their_language(letter: Letter) -> override:
    """Lists are made by workers, which speak no language of their own."""
    return override(letter.pledge.campaign.organization.language)


def _csv(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()
