"""The bytes of a letter: the same values always give the same bytes, so that every try is the same letter."""

import base64
import hashlib
import hmac
import re
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from quopri import encodestring
from uuid import UUID

from django.utils.translation import gettext as _t

# Control characters, line and paragraph separators, and the marks that reorder text (CVE-2021-42574's family).
_UNFIT = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class BadHeader(ValueError):
    """A text that must not stand in a mail header; its message names the header."""


def message_id(key: str, letter_id: UUID, domain: str) -> str:
    """The letter's Message-ID on every try: a dedupe handle for receivers that reveals nothing."""
    derived = hashlib.sha256(b"outspoken.message-id." + key.encode()).digest()
    digest = hmac.new(derived, letter_id.bytes, hashlib.sha256).digest()
    return f"<{base64.b32encode(digest).decode().lower()[:32]}.l1@{domain}>"


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
) -> bytes:
    """An RFC 5322 message in UTF-8 plain text, quoted-printable; `reply_to` and `to` are (name, address).

    No Auto-Submitted: a person wrote it. Raises BadHeader.
    """
    if is_test:
        subject = f"[TEST] {subject}"
        text = f"{_t('This is a test letter. No office has received it.')}\n\n{text}"
    headers = [
        ("From", _mailbox("From", sender_name, sender_email)),
        ("Reply-To", _mailbox("Reply-To", *reply_to)),
        ("To", _mailbox("To", *to)),
        ("Subject", _encoded("Subject", subject)),
        ("Date", format_datetime(date)),
        ("Message-ID", message_id),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'text/plain; charset="utf-8"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]
    if is_test:
        headers.append(("X-Outspoken-Test", "yes"))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    body = encodestring(text.replace("\r\n", "\n").replace("\r", "\n").encode(), quotetabs=False)
    return head.encode("ascii") + b"\r\n" + body.replace(b"\n", b"\r\n")


def _encoded(header: str, value: str) -> str:
    """A header's text folded at 76 characters, as encoded words where it is not ASCII."""
    charset = "us-ascii" if value.isascii() else "utf-8"
    return Header(_fit(header, value), charset, header_name=header).encode(linesep="\r\n")


def _mailbox(header: str, name: str, address: str) -> str:
    _fit(header, address)
    return formataddr((_fit(header, name), address))


def _fit(header: str, value: str) -> str:
    if _UNFIT.search(value):
        raise BadHeader(_t("%(header)s contains a character that mail headers can't carry.") % {"header": header})
    return value
