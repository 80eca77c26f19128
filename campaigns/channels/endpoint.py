"""Letters over HTTP to one configured endpoint, in two steps, so that the intent stands before the body leaves."""

import http.client
import ssl
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from campaigns.channels.base import Accepted, AuthFailed, ConnectFailed, Deferred, Outcome, Refused, Uncertain

# Bytes of an answer that are looked at; the rest says nothing that a person needs.
MOST_OF_ANSWER = 2000
# "Later" among the refusals: timeout, conflict with a try still running, too early, too many.
_LATER = {408, 409, 425, 429}


@dataclass(frozen=True)
class Endpoint:
    """Where messages are posted to: https, or http to this machine itself. Times are in seconds."""

    url: str
    key: str = field(default="", repr=False)
    connect_seconds: float = 10
    reply_seconds: float = 60
    # Trusted instead of the system's authorities: the path of a file with certificates (PEM).
    ca_file: str = ""

    @classmethod
    def from_settings(cls) -> Self:
        return cls(url=settings.CWC_URL, key=settings.CWC_KEY)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc.rpartition("@")[2]


class Posting:
    """One message on a connection of its own: `begin`, then `finish` or `abandon`.

    Raises ConnectFailed before the body and AuthFailed when the endpoint does not know us: no letter is to blame.
    Redirects are never followed, so that a message reaches nobody who was not configured.
    """

    def __init__(self, endpoint: Endpoint, letter_id: UUID) -> None:
        self.endpoint = endpoint
        self.letter_id = letter_id
        self._connection: http.client.HTTPConnection | None = None
        self._body = b""

    def begin(self, data: bytes) -> None:
        """Everything before the body. Nothing irrevocable has left when it returns."""
        parts = urlsplit(self.endpoint.url)
        try:
            connection = self._connect(parts.scheme, parts.hostname or "", parts.port)
            connection.connect()
            connection.putrequest("POST", parts.path + (f"?{parts.query}" if parts.query else "") or "/")
            connection.putheader("Content-Type", "application/xml; charset=utf-8")
            connection.putheader("Content-Length", str(len(data)))
            connection.putheader("Idempotency-Key", str(self.letter_id))
            connection.putheader("User-Agent", "Outspoken")
            if self.endpoint.key:
                connection.putheader("Authorization", f"Bearer {self.endpoint.key}")
            connection.endheaders()
        except (OSError, http.client.HTTPException, ValueError) as fault:
            self.abandon()
            raise ConnectFailed(f"{self.endpoint.host}: {type(fault).__name__}") from fault
        self._body = data

    def finish(self) -> Outcome:
        """Send the body and wait for the answer."""
        connection = self._connection
        if connection is None:
            return Deferred(0, "the connection ended before the message was sent")
        try:
            if connection.sock is not None:
                connection.sock.settimeout(self.endpoint.reply_seconds)
            connection.send(self._body)
            answer = connection.getresponse()
            said = answer.read(MOST_OF_ANSWER).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as fault:
            return Uncertain(f"the answer was lost ({type(fault).__name__})")
        finally:
            self.abandon()
        return self._outcome(answer.status, " ".join((said or answer.reason).split())[:500])

    def abandon(self) -> None:
        """Hang up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connect(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        seconds = self.endpoint.connect_seconds
        if scheme == "https":
            context = ssl.create_default_context(cafile=self.endpoint.ca_file or None)
            self._connection = http.client.HTTPSConnection(host, port, timeout=seconds, context=context)
        else:
            self._connection = http.client.HTTPConnection(host, port, timeout=seconds)
        return self._connection

    def _outcome(self, code: int, said: str) -> Outcome:
        if 200 <= code < 300:
            return Accepted(code, said, self.endpoint.host)
        if code in {401, 403, 407}:
            raise AuthFailed(self.endpoint.host)
        if code in _LATER or code >= 500 or code < 400:
            return Deferred(code, said)
        return Refused(code, said, "message")
