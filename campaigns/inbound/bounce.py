"""What a mail server says of a letter it could not deliver."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Literal

from flufl.bounce import all_failures

from campaigns.inbound.reading import addresses, clean, decoded, header, letter_ids

# What is wrong: the address, a mailbox that is full, we or our mail as such; or it is only late.
Fault = Literal["address", "full", "policy", "delay"]

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY_CODE = re.compile(r"\b([45]\d\d)[ -]")
_FULL = re.compile(
    r"quota|mailbox (?:is )?full|over ?quota|storage limit|insufficient storage", re.IGNORECASE
)
_UNKNOWN = re.compile(
    r"user unknown|unknown (?:user|recipient)|no such (?:user|mailbox|person|recipient)|unrouteable address|"
    r"does not exist|no mailbox here by that name|mailbox unavailable|could not be found|address rejected",
    re.IGNORECASE,
)
_LATE = re.compile(r"delayed|has not yet been delivered|still being retried", re.IGNORECASE)
# Where a bounce in free words ends and the mail it returns begins.
_RETURNED = re.compile(r"^-{2,}.*(?:copy of|original message|below this line)", re.IGNORECASE | re.MULTILINE)
_DAEMON = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|mmdf)@", re.IGNORECASE)
_FAILURE = re.compile(
    r"undeliver|delivery (?:status|has failed|failure|incomplete)|returned mail|mail delivery failed|"
    r"failure notice|unzustellbar|non remis|no se puede entregar|warning: message .{0,60} delayed",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Bounce:
    """One letter that did not arrive, or is late; what the server did not say is empty."""

    fault: Fault
    recipients: tuple[str, ...] = ()
    status: str = ""
    diagnostic: str = ""


def looks_like_one(message: Message) -> bool:
    """Whether a mail server wrote it: no return path, or a daemon's name, or a subject that says so."""
    senders = [address for _name, address in addresses(message, "From", "Sender")]
    return (
        header(message, "Return-Path") == "<>"
        or any(_DAEMON.match(address) for address in senders)
        or bool(_FAILURE.search(header(message, "Subject")))
        or "X-Failed-Recipients" in message
    )


def read_bounce(message: Message, text: str) -> Bounce | None:
    """The bounce that a mail is: by RFC 3464 where it has such a part, else by what servers are known to write."""
    blocks = list(_blocks(message))
    if blocks:
        return _of_blocks(blocks)
    if not looks_like_one(message):
        return None
    late, gone = _failures(message)
    found = tuple(sorted(address.decode("ascii", "replace").lower() for address in (gone or late)))
    if not found:
        return None
    words = _RETURNED.split(text, maxsplit=1)[0][:10_000]
    status = _STATUS.search(words)
    code, said = status[1] if status else "", _said(words)
    is_late = (late and not gone) or (_LATE.search(header(message, "Subject")) and not code.startswith("5"))
    return Bounce("delay" if is_late else _fault(code, said), found, code, said)


def _failures(message: Message) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """Addresses that get it later, and never; none where a mail is too broken for the library."""
    try:
        late, gone = all_failures(message)
    except (AttributeError, TypeError, ValueError, LookupError, AssertionError):
        return frozenset(), frozenset()  # its detectors take every header to be there and to be ASCII
    return frozenset(late), frozenset(gone)


def _blocks(message: Message) -> Iterator[Message]:
    """The groups of fields of a delivery status, one for each recipient."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        groups = part.get_payload()
        for group in groups if isinstance(groups, list) else []:
            if isinstance(group, Message) and "Action" in group:
                yield group


def _of_blocks(blocks: list[Message]) -> Bounce | None:
    """A failure counts before a delay; a report that all is well is no bounce."""
    by_action: dict[str, list[Message]] = {}
    for block in blocks:
        by_action.setdefault(header(block, "Action").partition(" ")[0].lower(), []).append(block)
    told = by_action.get("failed") or by_action.get("delayed")
    if not told:
        return None
    recipients = [
        header(block, name).partition(";")[2].strip().strip("<>").lower()
        for block in told
        for name in ("Original-Recipient", "Final-Recipient")
    ]
    diagnostic = header(told[0], "Diagnostic-Code").partition(";")[2].strip() or header(
        told[0], "Diagnostic-Code"
    )
    status = _STATUS.search(header(told[0], "Status"))
    code = status[1] if status else ""
    # Some servers write 5.0.0 where the server they spoke to was more exact.
    if (code in ("", "5.0.0", "4.0.0")) and (exact := _STATUS.search(diagnostic)):
        code = exact[1]
    fault: Fault = _fault(code, diagnostic) if "failed" in by_action else "delay"
    return Bounce(fault, tuple(dict.fromkeys(filter(None, recipients))), code, diagnostic[:500])


def _fault(status: str, said: str) -> Fault:
    """What a final failure is about. When in doubt the address is not to blame: it would get no more letters."""
    detail = status[2:]
    if detail == "2.2" or (_FULL.search(said) and detail not in ("1.1", "1.10")):
        return "full"
    if detail in ("1.1", "1.2", "1.3", "1.6", "1.10", "2.0", "2.1", "4.4"):
        return "address"
    if status and detail != "0.0":
        return "policy"
    code = _REPLY_CODE.search(said)
    return "address" if _UNKNOWN.search(said) and not (code and code[1].startswith("4")) else "policy"


def _said(text: str) -> str:
    """The line of a bounce in free words that says most."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    for wanted in (_STATUS, _REPLY_CODE, _FULL, _UNKNOWN, _LATE):
        for line in lines:
            if wanted.search(line):
                return line[:500]
    return ""


def original_ids(message: Message) -> list[str]:
    """Message-IDs of letters of ours in what a bounce returns of the mail: its headers or all of it."""
    texts = []
    for part in message.walk():
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            texts.append(decoded(part))
        elif part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            texts += [
                header(m, "Message-ID")
                for m in (inner if isinstance(inner, list) else [])
                if isinstance(m, Message)
            ]
    return letter_ids(*(clean(text) for text in texts))
