"""Letters on paper: merged into batches, put into window envelopes and posted by people."""

import re

from django.utils.translation import gettext as _t

from campaigns.channels.base import Parcel, Route, Unfit
from campaigns.channels.sheet import Sheet, read
from campaigns.models import ChannelName
from contacts.models import ContactKind

# "1 Main Street, Springfield, IL 62701" and "1 Example House Office Building Washington DC 20515".
_US_PLACE = re.compile(r"[,\s]\s*((?:[^,\d]+,|Washington,?)\s*[A-Z]{2}\s+\d{5}(?:-\d{4})?)$")
# What fits into the window of an envelope: lines below the name, and characters in a line.
MOST_LINES = 5
LONGEST_LINE = 44


def address_lines(to: str, address: str) -> list[str]:
    """An address as it stands in an envelope's window: the addressee first, the place last."""
    parts = [part.strip(" ,") for part in re.split(r"[\n;]", address)]
    lines = [part for part in parts if part]
    if len(lines) == 1:
        found = _US_PLACE.search(lines[0])
        if found:
            lines = [lines[0][: found.start()].strip(" ,"), found[1].replace(" ,", ",")]
    return [to, *(piece for line in lines for piece in _folded(line))]


def _folded(line: str) -> list[str]:
    """A line cut at commas, or else at spaces, so that each piece fits into the window."""
    pieces: list[str] = []
    rest = line
    while len(rest) > LONGEST_LINE:
        cut = max(rest.rfind(", ", 0, LONGEST_LINE), 0) or rest.rfind(" ", 0, LONGEST_LINE)
        if cut <= 0:
            break
        pieces.append(rest[:cut].strip(" ,"))
        rest = rest[cut:].strip(" ,")
    return [*pieces, rest]


def freeze(parcel: Parcel) -> bytes:
    lines = address_lines(parcel.to, parcel.recipient)
    if len(lines) > MOST_LINES + 1:
        raise Unfit(_t("The office's postal address has too many lines for an envelope's window."))
    return sheet(parcel, lines).to_bytes()


def sheet(parcel: Parcel, recipient: list[str]) -> Sheet:
    """The letter's parts with the writer's postal block: without the phone, as anybody sees it in the window."""
    phone = parcel.letter.pledge.phone
    return Sheet(
        sender=[line for line in parcel.signature.splitlines() if line and line != phone],
        recipient=recipient,
        date=parcel.date.date().isoformat(),
        language=parcel.letter.pledge.language,
        subject=parcel.subject,
        text=parcel.text,
    )


ROUTE = Route(ChannelName.PRINT, ContactKind.POSTAL, freeze, read)
