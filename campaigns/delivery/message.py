"""The bytes of a letter: the same values always give the same bytes, so that every try is the same letter.

Written out here and not by the standard library's `email`: the bytes must not change with its version, only
the checks below decide what a header may hold, and composing is what caps the speed of sending.
"""

import base64
import binascii
import hashlib
import hmac
import re
import unicodedata
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _t
from django.utils.translation import override

from campaigns.channels.base import BadEnvelope, Unfit, wire_address

# RFC 5322 §2.1.1: lines should have no more than 78 characters, without their CRLF.
LINE = 78
# RFC 2047 §2: an encoded word has no more than 75 characters, 12 of them "=?utf-8?b?" and "?=".
WORD_OCTETS = (75 - 12) // 4 * 3
# Marks that reorder text: a name with them can look like another (CVE-2021-42574's family; Bidi_Control).
REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_IDENTITY = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9._-]+>")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
# Unicode's control characters (Cc) but for tab and line ends, and lone surrogates (Cs).
_UNFIT_IN_BODY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# A line that quoted-printable leaves as it is: short, nothing in it to be quoted.
_QUOTED_AS_IT_IS = re.compile(rb"(?!From )[!-\-/-<>-~](?:[ -<>-~]{0,68}[!-<>-~])?")
_LINE_END = re.compile(r"\r\n|\r|\n")


class UnfitForMail(Unfit):
    """A text that a mail can't carry; its message says which and why, in words for a person."""


class BadHeader(UnfitForMail):
    """A text that must not stand in a mail header; its message names the header."""


class BadBody(UnfitForMail):
    """A letter with a character that a mail can't carry."""


def message_id(key: str, letter_id: UUID, domain: str) -> str:
    """The letter's Message-ID on every try: a dedupe handle for receivers that reveals nothing."""
    derived = hashlib.sha256(b"outspoken.message-id." + key.encode()).digest()
    digest = hmac.digest(derived, letter_id.bytes, "sha256")
    # Lower case, because some servers fold the case in their logs. 20 octets are 32 characters.
    return f"<{base64.b32encode(digest[:20]).decode().lower()}.l1@{domain}>"


def letter_bytes(
    *,
    sender_name: str,
    sender_email: str,
    reply_to: tuple[str, str],
    to: tuple[str, str],
    subject: str,
    text: str,
    date: datetime,
    message_id: str,
    is_test: bool = False,
    language: str = "en",
) -> bytes:
    """An RFC 5322 message of UTF-8 plain text in ASCII; `reply_to` and `to` are (name, address).

    Line ends are CRLF, lines have 78 characters at the most (but for a longer address), dots are left to the
    channel. `text` is all below the headers, with the writer's postal block, and `language` is its own. No
    Auto-Submitted: a person wrote it. Raises BadHeader and BadBody.
    """
    if is_test:
        subject = f"[TEST] {subject}"
        with override(language):
            notice = _t("This is a test letter. No office has received it.")
        text = f"{notice}\n\n{text}"
    if not _IDENTITY.fullmatch(message_id):
        raise _unfit("Message-ID")
    encoding, body = _body(text)
    headers = [
        _mailbox("From", sender_name, sender_email),
        _mailbox("Reply-To", *reply_to),
        _mailbox("To", *to),
        _free_text("Subject", subject),
        _date(date),
        f"Message-ID: {message_id}",
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        f"Content-Transfer-Encoding: {encoding}",
    ]
    if is_test:
        headers.append("X-Outspoken-Test: yes")
    return "\r\n".join([*headers, "", ""]).encode("ascii") + body


@lru_cache(maxsize=256)
def _date(date: datetime) -> str:
    return f"Date: {format_datetime(date.astimezone(UTC))}"


def check_header(header: str, value: str) -> None:
    """Raise BadHeader when a value has a character that no mail header may hold."""
    # Nearly all texts: everything in them can be printed, and nothing reorders them.
    if value.isprintable() and REORDERING.isdisjoint(value):
        return
    for character in value:
        # Control characters, line and paragraph separators, lone surrogates.
        if unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} or character in REORDERING:
            raise _unfit(header)


def _unfit(header: str) -> BadHeader:
    return BadHeader(
        _t("%(header)s contains a character that mail headers can't carry.") % {"header": header}
    )


@lru_cache(maxsize=4096)
def _mailbox(header: str, name: str, address: str) -> str:
    """Remembered, since an office gets letters of many people."""
    check_header(header, name)
    check_header(header, address)
    try:
        angled = f"<{wire_address(address)}>"
    except BadEnvelope:
        raise BadHeader(_t("%(header)s: the mail address can't be used.") % {"header": header}) from None
    name = name.strip()
    if not name:
        return f"{header}: {angled[1:-1]}"
    if name.isascii() and "=?" not in name:
        phrase = name if _PLAIN_PHRASE.fullmatch(name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        if len(header) + 2 + len(phrase) <= LINE:
            return _append(f"{header}: {phrase}", angled)
    return _append(_encoded(f"{header}:", name), angled)


def _free_text(header: str, value: str) -> str:
    """A header of free text, folded; as encoded words when it is not ASCII or a word is too long to fold."""
    check_header(header, value)
    words = value.split()
    if not value.isascii() or "=?" in value or any(len(header) + 2 + len(word) > LINE for word in words):
        return _encoded(f"{header}:", " ".join(words))
    line = f"{header}:"
    for word in words:
        line = _append(line, word)
    return line


def _append(line: str, piece: str) -> str:
    """`piece` after a space, on a line of its own when it does not fit."""
    length = len(line) - (line.rfind("\r\n") + 2 if "\r\n" in line else 0)
    return f"{line} {piece}" if length + 1 + len(piece) <= LINE else f"{line}\r\n {piece}"


def _encoded(line: str, text: str) -> str:
    """`text` as encoded words (RFC 2047) after a header's name; no character is cut in two."""
    octets = text.encode()
    if len(octets) <= WORD_OCTETS:
        return _append(line, _word(octets))
    word = b""
    for character in text:
        octets = character.encode()
        if len(word) + len(octets) > WORD_OCTETS:
            line = _append(line, _word(word))
            word = b""
        word += octets
    return _append(line, _word(word))


def _word(octets: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(octets).decode('ascii')}?="


def _body(text: str) -> tuple[str, bytes]:
    """The transfer encoding and the text in it: none when it can go as it is, else the shorter of two."""
    if _UNFIT_IN_BODY.search(text):
        raise BadBody(_t("The letter contains a character that mail can't carry."))
    lines = _LINE_END.split(text.rstrip("\r\n"))
    octets = "\r\n".join([*lines, ""]).encode()
    # Old mailbox formats change lines that begin with "From ", some relays cut spaces off at the end.
    if octets.isascii() and not any(
        len(line) > LINE or line.startswith("From ") or line.endswith((" ", "\t")) for line in lines
    ):
        return "7bit", octets
    quoted = b"\r\n".join(_quoted_printable(line) for line in octets.split(b"\r\n"))
    if len(quoted) <= _base64_length(len(octets)):
        return "quoted-printable", quoted
    return "base64", base64.encodebytes(octets).replace(b"\n", b"\r\n")


def _base64_length(octets: int) -> int:
    """How long base64 of so many octets is, in lines of 76 characters and CRLF: seldom is it worth making."""
    whole, rest = divmod(octets, 57)
    return whole * 78 + (-(-rest // 3) * 4 + 2 if rest else 0)


def _quoted_printable(line: bytes) -> bytes:
    if not line or _QUOTED_AS_IT_IS.fullmatch(line):
        return line
    # A soft line end may bring "From " to the start of a line.
    quoted = binascii.b2a_qp(line, quotetabs=False, istext=True)
    if b"From " in quoted:
        quoted = re.sub(rb"(?m)^From ", b"=46rom ", quoted)
    return quoted.replace(b"=\n", b"=\r\n")
