"""Letters over SMTP, phase by phase, so that the intent can be written down before the final dot leaves."""

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from django.conf import settings

from campaigns.channels.base import (
    Accepted,
    AuthFailed,
    BadEnvelope,
    ConnectFailed,
    Deferred,
    Outcome,
    Refused,
    Scope,
    Uncertain,
)

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_ADDRESS = re.compile(r"^[^\s<>\x00-\x1f\x7f@]+@[^\s<>\x00-\x1f\x7f@]+$")
_COMMAND_SECONDS = 60


@dataclass(frozen=True)
class Relay:
    """The mail server letters are handed to. `security` is `none`, `starttls` or `tls`; certificates are verified."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    security: str = "none"
    reply_seconds: float = 600

    @classmethod
    def from_settings(cls) -> Self:
        return cls(
            host=settings.EMAIL_HOST,
            port=settings.EMAIL_PORT,
            user=settings.EMAIL_HOST_USER,
            password=settings.EMAIL_HOST_PASSWORD,
            security="tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none",
            reply_seconds=settings.SMTP_REPLY_SECONDS,
        )


class SmtpSession:
    """A kept-alive connection to a relay, as a context manager. Raises ConnectFailed and AuthFailed.

    For each letter: `begin` goes up to, and not including, the final dot; then either `finish` sends the
    dot and reads the reply, or `abandon` drops the connection, which RFC 5321 takes as "not sent".
    """

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        self._connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp is None:
            return
        try:
            self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()
        self._smtp = None

    def _connect(self) -> None:
        relay = self.relay
        try:
            if relay.security == "tls":
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    relay.host, relay.port, timeout=_COMMAND_SECONDS, context=ssl.create_default_context()
                )
            else:
                smtp = smtplib.SMTP(relay.host, relay.port, timeout=_COMMAND_SECONDS)
            if relay.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if relay.user:
                smtp.login(relay.user, relay.password)
        except smtplib.SMTPAuthenticationError as fault:
            raise AuthFailed(relay.host) from fault
        except (smtplib.SMTPException, OSError) as fault:
            raise ConnectFailed(relay.host) from fault
        # Without it the dot, sent apart from the body, waits 40 ms for the other side's acknowledgement.
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._smtp = smtp

    def begin(self, sender: str, recipient: str, data: bytes) -> Outcome | None:
        """Everything before the final dot; None when only the dot is missing.

        An outcome means that the letter was not taken and nothing irrevocable left. Raises ConnectFailed
        when the connection is lost, and BadEnvelope for an address that could smuggle a command.
        """
        for address in (sender, recipient):
            if not _ADDRESS.match(address) or not address.isascii():
                raise BadEnvelope(address)
        if self._smtp is None:
            self._connect()
        smtp = self._smtp
        assert smtp is not None
        try:
            smtp.sock.settimeout(_COMMAND_SECONDS)
            code, said = smtp.mail(sender)
            if code == 250:
                code, said = smtp.rcpt(recipient)
                if code in (250, 251):
                    code, said = smtp.docmd("data")
                    if code == 354:
                        smtp.send(_stuffed(data))
                        return None
            return self._not_taken(code, said)
        except (smtplib.SMTPException, OSError) as fault:
            self._drop()
            raise ConnectFailed(self.relay.host) from fault

    def finish(self) -> Outcome:
        """Send the final dot and wait for what the other side says."""
        smtp = self._smtp
        assert smtp is not None
        try:
            smtp.sock.settimeout(self.relay.reply_seconds)
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
        except (smtplib.SMTPException, OSError) as fault:
            self._drop()
            return Uncertain(f"the answer was lost ({type(fault).__name__})")
        text = _text(said)
        if 200 <= code < 300:
            return Accepted(code, text, f"{self.relay.host}:{self.relay.port}")
        if 400 <= code < 600:
            return self._not_taken(code, said)
        self._drop()
        return Uncertain(f"the answer made no sense ({code})")

    def abandon(self) -> None:
        """Drop a letter that `begin` started: without its dot it was never sent. The next one reconnects."""
        self._drop()

    def _not_taken(self, code: int, said: bytes) -> Outcome:
        text = _text(said)
        if code == 421 or code <= 0:
            self._drop()
        elif self._smtp is not None:
            try:
                self._smtp.rset()
            except (smtplib.SMTPException, OSError):
                self._drop()
        if code in (530, 535):
            self._drop()
            raise AuthFailed(self.relay.host)
        return classify(code, text)

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def classify(code: int, text: str) -> Deferred | Refused:
    """What a reply other than 2xx means for the letter (RFC 5321 §4.2, RFC 3463)."""
    found = _ENHANCED.search(text)
    enhanced = found.group(1) if found else ""
    if not 500 <= code < 600:
        return Deferred(code, text, enhanced)
    detail = enhanced[2:]
    scope: Scope = "message"
    if detail.startswith("7."):
        scope = "policy"
    elif detail == "2.2" or code == 552:
        scope = "mailbox_full"
    elif detail.startswith("1.") or (not enhanced and code in (550, 551, 553)):
        scope = "address"
    elif detail.startswith("2."):
        scope = "address"  # 5.2.1 mailbox disabled
    return Refused(code, text, scope, enhanced)


def _stuffed(data: bytes) -> bytes:
    """The message with CRLF line ends, dots doubled at line starts, and a line end at its end."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace").replace("\n", " ")[:500]
