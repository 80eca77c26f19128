"""What every channel says of a letter it was given, and what it says of itself."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal["address", "mailbox_full", "policy", "message"]


@dataclass(frozen=True)
class Accepted:
    """The other side took the letter over: a 2xx to the final dot."""

    code: int
    text: str
    host: str


@dataclass(frozen=True)
class Deferred:
    """Not taken now; nothing of it was accepted, and another try is right."""

    code: int
    text: str
    enhanced: str = ""


@dataclass(frozen=True)
class Refused:
    """Not taken, and the same try would be refused again. `scope` says what is at fault."""

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
    """No connection, or it was lost before anything irrevocable left."""


class BadEnvelope(ValueError):
    """An address that can't stand in an SMTP command."""
