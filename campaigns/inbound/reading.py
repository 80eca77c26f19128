"""Bytes of a mail → headers and text, whatever is broken in them: reading never fails."""

import email
import re
from contextlib import suppress
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

from campaigns.inbound.html import text_of_html

# Nobody reads more of a mail on a page; the whole mail is kept beside it.
LONGEST_TEXT = 100_000
_LONGEST_HEADER = 2_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# A letter's Message-ID (see campaigns.delivery.message): 32 characters of base32 before the mark of its kind.
LETTER_ID = re.compile(r"<?([a-z2-7]{32}\.l1@[A-Za-z0-9._-]{1,253})>?")


def parsed(raw: bytes) -> Message:
    """The mail as a tree. The old policy: the new one raises on headers that are no such thing."""
    return email.message_from_bytes(raw, policy=policy.compat32)


def clean(text: str) -> str:
    """Text without characters that a page or a database can't hold, with plain line ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def header(message: Message, name: str) -> str:
    """A header's words, decoded, on one line; empty when it is missing."""
    value = message.get(name)
    if value is None:
        return ""
    return _words(str(value)[:_LONGEST_HEADER])


def _words(text: str) -> str:
    # An encoding nobody knows is shown as it came.
    with suppress(LookupError, ValueError, TypeError, IndexError, MessageError):
        text = str(make_header(decode_header(text)))
    return " ".join(clean(text).split())


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """(name, address) pairs of some headers, in lower case, in the order of the names."""
    values = [
        " ".join(str(value)[:_LONGEST_HEADER].split())
        for name in names
        for value in message.get_all(name, [])
    ]
    found = []
    for name, address in getaddresses(values):
        if "@" in address:
            found.append((_words(name), clean(address).strip().lower()))
    return found


def letter_ids(*texts: str) -> list[str]:
    """Message-IDs of ours in some texts, in angle brackets as letters keep them, each once."""
    found = (match[1] for text in texts for match in LETTER_ID.finditer(text))
    return list(dict.fromkeys(f"<{identity}>" for identity in found))


def decoded(part: Message) -> str:
    """The text of one part. A charset that is missing, wrong or unknown costs some characters at the most."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    payload = payload[: 4 * LONGEST_TEXT]
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return clean(payload.decode(charset))
        except (LookupError, ValueError):
            continue
    return clean(payload.decode("cp1252", "replace"))


def text_of(message: Message) -> str:
    """What the mail says: its plain text, else its HTML as text. Attachments and mails inside it are left out."""
    plain, html = _texts(message)
    text = plain if plain.strip() else text_of_html(html)
    return text[:LONGEST_TEXT].strip()


def _texts(part: Message, depth: int = 0) -> tuple[str, str]:
    if part.get_content_type() == "message/rfc822" or "attachment" in str(
        part.get("Content-Disposition", "")
    ):
        return "", ""
    if part.is_multipart():
        children = part.get_payload()
        if depth > 20 or not isinstance(children, list):
            return "", ""
        pairs = [_texts(child, depth + 1) for child in children if isinstance(child, Message)]
        return "\n".join(filter(None, (p for p, _ in pairs))), "\n".join(filter(None, (h for _, h in pairs)))
    if part.get_content_type() == "text/html":
        return "", decoded(part)
    return (decoded(part), "") if part.get_content_type() == "text/plain" else ("", "")
