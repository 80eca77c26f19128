"""What every channel says of a letter it was given, and what it says of itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

import idna

from campaigns.models import Campaign, Letter, Pledge
from contacts.models import Post

# What is at fault: this address, a mailbox that is full now, we or our mail as such (in as many words: blocked; by
# the looks of it: policy), or this letter.
Scope = Literal["address", "mailbox_full", "blocked", "policy", "message"]

# RFC 5321 §4.5.3.1, in octets.
LONGEST_LOCAL_PART = 64
LONGEST_ADDRESS = 254
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
# RFC 5322 dot-atom. Quoted local parts are legal, unused, and a way to smuggle commands.
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


@dataclass(frozen=True)
class Accepted:
    """The other side took the letter over: a 2xx to the final dot. `host` names it."""

    code: int
    text: str
    host: str


@dataclass(frozen=True)
class Deferred:
    """Not taken now; nothing of it was accepted, and another try is right.

    `code` is 0 when the connection ended before the letter was complete.
    """

    code: int
    text: str
    enhanced: str = ""


@dataclass(frozen=True)
class Refused:
    """Not taken, and the same try would be refused again. `scope` says what is at fault.

    `code` is 0 when the channel itself refused, before the other side heard of the letter.
    """

    code: int
    text: str
    scope: Scope
    enhanced: str = ""


@dataclass(frozen=True)
class Uncertain:
    """The final dot left and no clear answer came: the letter may or may not have been accepted."""

    reason: str


Outcome = Accepted | Deferred | Refused | Uncertain


class ChannelTrouble(Exception):
    """The channel itself does not work; no letter is to blame and none was touched."""


class AuthFailed(ChannelTrouble):
    """The relay does not accept our name and password."""


class ConnectFailed(ChannelTrouble):
    """No connection, or it was lost before the relay had heard of a letter."""


class BadEnvelope(ValueError):
    """An address that can't stand in an SMTP command."""


@dataclass(frozen=True)
class Parcel:
    """A letter and its merged text, as a channel gets them to fix its bytes.

    `recipient` is what the contact point says: a mail address, an office code, a postal address, a form's address.
    """

    letter: Letter
    recipient: str
    to: str
    subject: str
    salutation: str
    body: str
    signature: str
    date: datetime
    message_id: str

    @property
    def text(self) -> str:
        """All that the office reads below the subject."""
        return f"{self.salutation}\n\n{self.body}\n\n{self.signature}\n"


class Wording(NamedTuple):
    """What an office reads, taken out of a letter's fixed bytes."""

    subject: str
    text: str


class Unfit(ValueError):
    """A letter that a channel can't carry; its message says why, in words for a person."""


@dataclass(frozen=True)
class Route:
    """What the planning needs to know of a channel: a new one is a file with a route, and a line in the list."""

    name: str
    # The kind of contact point it goes to.
    contact_kind: str
    # The exact bytes that are kept with the letter, the same on every try. Raises Unfit.
    freeze: Callable[[Parcel], bytes]
    # What is readable in those bytes.
    read: Callable[[bytes], Wording]
    # Leaves by itself, inside the office's hours and under the drive's rates; otherwise people carry it.
    is_timed: bool = False
    # Whether this installation and this campaign can use it at all.
    is_open: Callable[[Campaign], bool] = lambda _campaign: True
    # The pledge's fields that the office demands and that are empty or can't be used.
    missing: Callable[[Pledge], list[str]] = lambda _pledge: []
    # The same for everybody who signs: the fields to ask for, and in which jurisdictions (OCD ids) they are demanded.
    asks: tuple[str, ...] = ()
    asked_in: tuple[str, ...] = ()
    # An address that follows from the post itself, where no contact point is known.
    derived: Callable[[Post], str] = lambda _post: ""
    # What letters of it share a rate with: a domain.
    domain_of: Callable[[str], str] = lambda _recipient: ""


def wire_address(address: str) -> str:
    """The address in the ASCII form every mail server understands, the domain in IDNA. Raises BadEnvelope."""
    local, _at, domain = address.rpartition("@")
    if not _LOCAL_PART.fullmatch(local) or len(local) > LONGEST_LOCAL_PART:
        raise BadEnvelope("the part before the @ is missing or has characters that not every server takes")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            raise BadEnvelope("the part after the @ is not a domain") from None
    if not _DOMAIN.fullmatch(domain) or len(local) + 1 + len(domain) > LONGEST_ADDRESS:
        raise BadEnvelope("the part after the @ is not a domain")
    return f"{local}@{domain}"
