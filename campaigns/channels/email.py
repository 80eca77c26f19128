"""Letters over SMTP, phase by phase, so that the intent can be written down before the final dot leaves."""

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Self

from campaigns.channels.base import (
    Accepted,
    AuthFailed,
    ConnectFailed,
    Deferred,
    Outcome,
    Refused,
    Uncertain,
    wire_address,
)
from campaigns.channels.octets import stuffed, unfit
from campaigns.channels.relay import Relay
from campaigns.channels.replies import Connection, EncryptedConnection, classify, text_of

# RFC 5321 §4.1.1.1: the reply to EHLO begins with the server's name or address.
_HOST_NAME = re.compile(rb"[A-Za-z0-9.:\[\]_-]{1,150}(?=\s|$)")
_DOT = b".\r\n"
_PHASES = ("mail", "rcpt", "data")
_GO_ON = {"mail": (250,), "rcpt": (250, 251), "data": (354,)}


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a letter is from and for, in the form that goes over the wire, and its size in octets."""

    sender: str
    recipient: str
    size: int

    @classmethod
    def of(cls, sender: str, recipient: str, data: bytes) -> Self:
        """Raises BadEnvelope for an address that could smuggle a command."""
        return cls(wire_address(sender), wire_address(recipient), len(data))


class SmtpSession:
    """A kept-alive connection to a relay, as a context manager. Raises ConnectFailed and AuthFailed.

    For each letter: `begin` goes up to, and not including, the final dot; then either `finish` sends the
    dot and reads the reply, or `abandon` drops the connection, which RFC 5321 takes as "not sent". A
    connection that ended is opened again by the next `begin`. `finish` may be told which letter follows.
    """

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self._smtp: Connection | None = None
        # Whether a letter went over this connection before: an idle or full one may be closed on us.
        self._used = False
        # The letter whose MAIL, RCPT and DATA the relay was told together with the last dot.
        self._ahead: Envelope | None = None
        self._pipelining = False
        self._name = ""

    def __enter__(self) -> Self:
        self._connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def host(self) -> str:
        """Where the letters go: the name the relay gives itself and the address it was reached at."""
        address = f"{self.relay.host}:{self.relay.port}"
        return f"{self._name} ({address})" if self._name else address

    def close(self) -> None:
        """Say goodbye and hang up."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                smtp.within(5)
                smtp.docmd("QUIT")
            except (smtplib.SMTPException, OSError):
                pass  # it is over either way
            finally:
                smtp.close()

    def begin(self, envelope: Envelope, data: bytes) -> Deferred | Refused | None:
        """Everything before the final dot; None when only the dot is missing.

        An outcome means that the letter was not taken and nothing irrevocable left. A connection that ends
        once the relay has heard of the letter puts off that letter alone, so that one that a relay chokes on
        holds up no others. Raises ConnectFailed and AuthFailed before that.
        """
        if why := unfit(data):
            return Refused(0, why, "message")
        smtp, early = self._open(envelope)
        if early is not None:
            return early
        try:
            smtp.within(self.relay.command_seconds)
            smtp.send(stuffed(data))
        except (smtplib.SMTPException, OSError) as fault:
            self._drop()
            return _cut_off(fault)
        return None

    def finish(self, following: Envelope | None = None) -> Outcome:
        """Send the final dot and wait for what the other side says.

        Where the relay takes commands ahead of its answers (PIPELINING, RFC 2920), `following` travels with
        the dot, so that a letter costs one journey to the relay and back.
        """
        smtp = self._smtp
        if smtp is None:
            return Deferred(0, "the connection ended before the letter was complete")
        # What the relay says before the dot is its goodbye. No dot was sent, so nothing is uncertain.
        if smtp.has_spoken():
            try:
                smtp.within(self.relay.command_seconds)
                code, said = smtp.getreply()
            except (smtplib.SMTPException, OSError):
                code, said = 0, b"the relay hung up before the letter was complete"
            self._drop()
            return classify("dot", code, text_of(said)) if code >= 400 else Deferred(0, text_of(said))
        ahead = following if following is not None and self._pipelining else None
        try:
            smtp.within(self.relay.reply_seconds)
            smtp.send(_DOT + self._commands(ahead) if ahead else _DOT)
            self._ahead = ahead
            code, said = smtp.getreply()
        except (smtplib.SMTPException, OSError) as fault:
            self._drop()
            return Uncertain(f"the answer was lost ({_name_of(fault)})")
        if 200 <= code < 300:
            return Accepted(code, text_of(said), self.host)
        if 400 <= code < 600:
            return self._not_taken(smtp, "dot", code, said)
        self._drop()
        return Uncertain("the answer made no sense")

    def abandon(self) -> None:
        """Drop a letter that `begin` started: without its dot it was never sent. The next one reconnects."""
        self._drop()

    def _connect(self) -> Connection:
        relay = self.relay
        try:
            context = _trusting(relay.ca_file) if relay.security != "none" else None
            smtp: Connection = (
                EncryptedConnection(relay.host, relay.port, relay.connect_seconds, context)
                if relay.security == "tls" and context
                else Connection(relay.host, relay.port, relay.connect_seconds)
            )
        except (smtplib.SMTPException, OSError, ValueError) as fault:
            raise ConnectFailed(f"{relay.host}: {_name_of(fault)}") from fault
        try:
            if relay.security == "starttls":
                smtp.starttls(context=context)
                if smtp.has_spoken():
                    # What came in the clear must not pass for what came encrypted (CVE-2011-0411's kind).
                    raise smtplib.SMTPException("said more than it may before encryption")
            smtp.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError, ValueError) as fault:
            smtp.close()
            raise ConnectFailed(f"{relay.host}: {_name_of(fault)}") from fault
        if relay.user:
            try:
                smtp.login(relay.user, relay.password)
            except (smtplib.SMTPException, OSError, ValueError) as fault:
                smtp.close()
                # Refused, for now or for good, or no way to log in that both know; but for a lost connection.
                ours = isinstance(fault, (smtplib.SMTPException, ValueError))
                lost = isinstance(fault, smtplib.SMTPServerDisconnected)
                trouble = AuthFailed if ours and not lost else ConnectFailed
                raise trouble(f"{relay.host}: {_name_of(fault)}") from fault
        # Without it the dot, sent apart from the body, waits 40 ms for the other side's acknowledgement.
        if smtp.sock is not None:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._smtp, self._used, self._ahead = smtp, False, None
        self._pipelining = smtp.has_extn("pipelining")
        said = _HOST_NAME.match(smtp.ehlo_resp or smtp.helo_resp or b"")
        self._name = said[0].decode("ascii") if said else ""
        return smtp

    def _open(self, envelope: Envelope) -> tuple[Connection, Deferred | Refused | None]:
        """MAIL, RCPT and DATA; on a connection that was used and has ended meanwhile, once more on a new one."""
        if self._ahead not in (None, envelope):
            self._drop()  # the relay expects another letter
        for last_try in (False, True):
            smtp = self._smtp or self._connect()
            old, self._used = self._used, True
            told, self._ahead = self._ahead == envelope, None
            phase, refused = "", None
            try:
                smtp.within(self.relay.command_seconds)
                if self._pipelining and not told:
                    smtp.send(self._commands(envelope))
                for phase, command in zip(_PHASES, self._lines(envelope), strict=True):
                    smtp.within(self.relay.command_seconds)
                    if not self._pipelining:
                        smtp.send(command)
                    code, said = smtp.getreply()
                    if code not in _GO_ON[phase] and refused is None:
                        refused = phase, code, said
                    if code in (421, -1):
                        smtp.close()  # what it says from here on answers nothing
                    if refused and (not self._pipelining or code in (421, -1)):
                        break
                else:
                    if refused and code == 354:
                        # It waits for a letter to nobody: RFC 2920 §3.1 tells to end that with a dot at once.
                        smtp.send(_DOT)
                        smtp.getreply()
            except (smtplib.SMTPException, OSError) as fault:
                self._drop()
                if phase not in ("", "mail") or refused:
                    return smtp, _cut_off(fault)
                if old and not last_try:
                    continue
                raise ConnectFailed(f"{self.relay.host}: {_name_of(fault)}") from fault
            if refused is None:
                return smtp, None
            if refused[:2] == ("mail", 421) and old and not last_try:
                self._drop()
                continue
            return smtp, self._not_taken(smtp, *refused)
        raise ConnectFailed(self.relay.host)

    def _lines(self, envelope: Envelope) -> tuple[bytes, bytes, bytes]:
        size = b" SIZE=%d" % envelope.size if self._smtp and self._smtp.has_extn("size") else b""
        return (
            b"mail FROM:<%s>%s\r\n" % (envelope.sender.encode("ascii"), size),
            b"rcpt TO:<%s>\r\n" % envelope.recipient.encode("ascii"),
            b"DATA\r\n",
        )

    def _commands(self, envelope: Envelope) -> bytes:
        return b"".join(self._lines(envelope))

    def _not_taken(self, smtp: Connection, phase: str, code: int, said: bytes) -> Deferred | Refused:
        if code in (530, 535) and phase != "dot":
            self._drop()
            raise AuthFailed(f"{self.relay.host}: {code}")
        if code == 421 or not 400 <= code < 600:
            self._drop()  # it is going, or no longer makes sense
        elif self._ahead is None:  # else the next letter has begun already
            try:
                smtp.within(self.relay.command_seconds)
                if smtp.rset()[0] != 250:
                    self._drop()
            except (smtplib.SMTPException, OSError):
                self._drop()
        return classify(phase, code, text_of(said))

    def _drop(self) -> None:
        smtp, self._smtp, self._ahead = self._smtp, None, None
        if smtp is not None:
            smtp.close()


def _cut_off(fault: Exception) -> Deferred:
    return Deferred(0, f"the connection ended before the letter was complete ({_name_of(fault)})")


@lru_cache(maxsize=4)
def _trusting(ca_file: str) -> ssl.SSLContext:
    """Reading the authorities takes longer than a letter."""
    return ssl.create_default_context(cafile=ca_file or None)


def _name_of(fault: Exception) -> str:
    """The fault in a word or two; the full text may hold addresses, which don't belong in logs."""
    code = getattr(fault, "smtp_code", None)
    return f"{type(fault).__name__} {code}" if code else type(fault).__name__
