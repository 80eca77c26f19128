"""A letter's fixed parts → a page of HTML for the press, with the address where the envelope's window is."""

from collections.abc import Sequence
from datetime import date

from django.template.loader import render_to_string
from django.utils.translation import override

from campaigns.channels.sheet import Sheet
from campaigns.letters.bundle import Signer
from contacts.models import Organization

# Countries that use US Letter (ANSI/ASME Y14.1) by habit; all others use A4 (ISO 216).
LETTER_COUNTRIES = {"us", "ca", "mx", "ph", "cl", "co", "cr", "gt", "pa", "sv", "ni", "do", "ve"}


def paper_of(country: str) -> str:
    """`letter` or `a4`, by the office's country."""
    return "letter" if country.lower() in LETTER_COUNTRIES else "a4"


def page_of(sheet: Sheet, paper: str) -> str:
    """The page in the letter's language. What people typed is escaped and never compiled."""
    with override(sheet.language):
        return render_to_string(
            "letters/paper.html", {"sheet": sheet, "paper": paper, "date": date.fromisoformat(sheet.date)}
        )


def bundle_page(
    sheet: Sheet, paper: str, signers: Sequence[Signer], text: str, sender: Organization, on: date
) -> str:
    """The pages of a bundle: a cover letter of the organisation, the common text once, then who signed it.

    `sheet` is one of its letters: whom it is for, its subject and language.
    """
    greeting = sheet.text.partition("\n\n")[0]
    with override(sheet.language):
        return render_to_string(
            "letters/bundle.html",
            {
                "sheet": sheet,
                "paper": paper,
                "signers": signers,
                "with_own": sum(bool(signer.own) for signer in signers),
                "greeting": greeting,
                "text": text,
                "sender": sender,
                "sender_lines": [sender.name, *sender.postal_address.splitlines()],
                "date": on,
            },
        )
