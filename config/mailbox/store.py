"""The embedded mailbox: every mail the installation sends, kept as files in the data folder."""

import mailbox
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

# A key such as 1764000000.M123456P789Q2.host
_KEY = re.compile(r"\d+")


@dataclass(frozen=True)
class Line:
    """One mail in the list."""

    key: str
    sender: str
    recipient: str
    subject: str
    date: datetime | None


def folder() -> Path:
    return Path(settings.DATA_DIR) / "mailbox"


def _maildir() -> mailbox.Maildir:
    return mailbox.Maildir(folder(), create=True)


def add(content: bytes) -> str:
    """Store a mail; gives its key."""
    return _maildir().add(content)


def newest(count: int, recipient: str = "") -> list[Line]:
    """The newest mails, optionally those to one address."""
    box = _maildir()
    lines: list[Line] = []
    for key in sorted(box.keys(), key=_delivered, reverse=True):
        mail = read(key)
        if mail is None or (recipient and recipient.lower() not in str(mail["To"]).lower()):
            continue
        lines.append(_line(key, mail))
        if len(lines) == count:
            break
    return lines


def _delivered(key: str) -> tuple[int, ...]:
    """When a mail came, read from its key: second, microsecond, and the how-manieth of its process."""
    return tuple(int(number) for number in _KEY.findall(key)[:4])


def _line(key: str, mail: EmailMessage) -> Line:
    try:
        date = parsedate_to_datetime(str(mail["Date"]))
    except (TypeError, ValueError):
        date = None
    return Line(key, str(mail["From"] or ""), str(mail["To"] or ""), str(mail["Subject"] or ""), date)


def raw(key: str) -> bytes | None:
    """A mail's bytes as they came; None when there is no such mail."""
    try:
        return _maildir().get_bytes(key)
    except KeyError:
        return None


def read(key: str) -> EmailMessage | None:
    content = raw(key)
    if content is None:
        return None
    return message_from_bytes(content, policy=policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    """The text or HTML part of a mail; empty when it has none."""
    body = mail.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""
