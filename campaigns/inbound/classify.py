"""Bytes of a mail → what it is, and the facts in it."""

from dataclasses import dataclass, field
from email.message import Message
from typing import Literal

from campaigns.inbound.bounce import Bounce, original_ids, read_bounce
from campaigns.inbound.machines import by_machine
from campaigns.inbound.quoted import without_quotes
from campaigns.inbound.reading import addresses, decoded, header, letter_ids, parsed, text_of

Kind = Literal["bounce", "auto_reply", "reply", "complaint", "unknown"]
# Where mail servers write the address that a mail was really for, most exact first.
_DELIVERED = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To", "Cc")


@dataclass(frozen=True)
class Incoming:
    """A mail that came in. `text` is what its writer wrote, without what they quote."""

    kind: Kind
    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    to: tuple[str, ...] = ()
    # Message-IDs of letters of ours: those the mail names as answered or returned, and those in its words.
    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    text: str = ""
    bounce: Bounce | None = field(default=None)


def classify(raw: bytes) -> Incoming:
    """What a mail is, whatever is broken in it. Only a reply is from a person."""
    message = parsed(raw)
    text = text_of(message)
    bounce = read_bounce(message, text)
    writers = addresses(message, "From") or addresses(message, "Sender", "Return-Path") or [("", "")]
    answered = [header(message, "In-Reply-To"), header(message, "References")]
    own = without_quotes(text)
    return Incoming(
        kind=_kind(message, bounce, text),
        subject=header(message, "Subject")[:200],
        sender=writers[0][1][:254],
        sender_name=writers[0][0][:160],
        to=tuple(dict.fromkeys(address for _name, address in addresses(message, *_DELIVERED))),
        answers=tuple(dict.fromkeys([*letter_ids(*answered), *original_ids(message)])),
        quotes=tuple(letter_ids(text, *_reports(message))),
        text=own,
        bounce=bounce,
    )


def _kind(message: Message, bounce: Bounce | None, text: str) -> Kind:
    if message.get_param("report-type") == "feedback-report":
        return "complaint"
    if bounce is not None:
        return "bounce"
    if by_machine(message):
        return "auto_reply"
    return "reply" if text else "unknown"


def _reports(message: Message) -> list[str]:
    """Words of the parts that machines write for machines."""
    kinds = ("message/feedback-report", "text/rfc822-headers")
    return [decoded(part) for part in message.walk() if part.get_content_type() in kinds]
