"""Letters through a mail service's own interface (HTTP), by django-anymail: for whoever runs no relay.

The service writes its own headers around ours and signs in its own name, so here a letter's bytes are content, not
what goes over the wire. News of it comes back by webhook, under its Message-ID, which travels as metadata, too.
"""

import email
from email import policy
from importlib import import_module
from types import TracebackType
from typing import Any, Self

import requests
from anymail.exceptions import AnymailError, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.core.mail import EmailMessage
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

from campaigns.channels.base import Accepted, AuthFailed, ConnectFailed, Deferred, Outcome, Refused, Uncertain
from campaigns.channels.email import Envelope

# "Later" among the refusals: timeout, too early, too many, out of service.
_LATER = {408, 425, 429, 503}


class ProviderSession:
    """A kept-alive connection to a service, as a context manager; see `SmtpSession` for its four steps.

    A request can't be cut in two as SMTP can, so `finish` makes the whole of it. It raises ConnectFailed and
    AuthFailed where the service has not heard of the letter.
    """

    def __init__(self, provider: str) -> None:
        self.backend: Any = import_module(f"anymail.backends.{provider}").EmailBackend()
        self._message: EmailMessage | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def host(self) -> str:
        return f"{self.backend.esp_name} (HTTP)"

    def close(self) -> None:
        """Hang up."""
        self.backend.close()

    def begin(self, envelope: Envelope, data: bytes) -> Deferred | Refused | None:
        """Everything on our side; nothing leaves."""
        self.backend.open()
        self._message = message_of(envelope.recipient, data)
        return None

    def finish(self, following: Envelope | None = None) -> Outcome:
        """Hand the letter to the service and see what it says."""
        message, self._message = self._message, None
        if message is None:
            return Deferred(0, "the letter was not begun")
        try:
            self.backend.send_messages([message])
        except AnymailRecipientsRefused as fault:
            return Refused(0, _said(message, str(fault)), "address")
        except AnymailRequestsAPIError as fault:
            return self._not_taken(fault)
        except AnymailError as fault:
            # Raised before anything leaves: the service can't carry what the letter asks for.
            return Refused(0, f"the service can't take this letter ({type(fault).__name__})", "message")
        return self._judged(message)

    def abandon(self) -> None:
        """Drop a letter that `begin` started."""
        self._message = None

    def _judged(self, message: EmailMessage) -> Outcome:
        """What an answer means that django-anymail does not take for a fault: not always that the letter was taken."""
        status = message.anymail_status  # type: ignore[attr-defined]  # set by django-anymail
        code, said = int(status.esp_response.status_code), _said(message, "accepted")
        if status.status <= {"sent", "queued"} and 200 <= code < 300:
            return Accepted(code, said, self.host)
        if "failed" in status.status or code >= 400:
            return _refused(code, status.esp_response.text)
        return Uncertain("the service did not say whether it took the letter")

    def _not_taken(self, fault: AnymailRequestsAPIError) -> Outcome:
        answer = fault.response
        if answer is None:
            if _never_reached(fault):
                raise ConnectFailed(f"{self.host}: {type(fault.__cause__).__name__}") from fault
            return Uncertain(f"the answer was lost ({type(fault.__cause__).__name__})")
        code = answer.status_code
        if code in {401, 403, 407}:
            raise AuthFailed(f"{self.host}: {code}") from fault
        if code in _LATER:
            return Deferred(code, _line(answer.text))
        if 400 <= code < 500:
            return _refused(code, answer.text)
        # A failure on their side, or a gateway's: the letter may have been taken before it.
        return Uncertain(f"the service answered {code}")


def message_of(recipient: str, data: bytes) -> EmailMessage:
    """A letter's bytes as a message that a service takes apart: the same words, headers and Message-ID."""
    letter = email.message_from_bytes(data, policy=policy.default)
    message = EmailMessage(
        subject=str(letter["Subject"]),
        body=letter.get_content().replace("\r\n", "\n"),
        from_email=str(letter["From"]),
        to=[str(letter["To"])],
        reply_to=[str(letter["Reply-To"])],
        headers={"Message-ID": str(letter["Message-ID"])},
    )
    if letter["X-Outspoken-Test"]:
        message.extra_headers["X-Outspoken-Test"] = str(letter["X-Outspoken-Test"])
    # Whom it goes to stands in the letter's envelope; its header may name the office in other words.
    named = letter["To"].addresses[0]
    if named.addr_spec.lower() != recipient.lower():
        message.to = [recipient]
    # What services hand back with their news, and what they must not do to a person's letter.
    for name, value in {
        "metadata": {"letter": str(letter["Message-ID"])},
        "track_opens": False,
        "track_clicks": False,
    }.items():
        setattr(message, name, value)
    return message


def _refused(code: int, text: str) -> Refused:
    """In doubt we are at fault, by an account without credit or a sender that is not verified, and the letter waits."""
    return Refused(code, _line(text), "message" if code == 413 else "policy")


def _line(text: str) -> str:
    return " ".join(text.split())[:500]


def _never_reached(fault: BaseException) -> bool:
    """Whether the connection was not even made, by what `requests` wraps up in its own errors."""
    if isinstance(fault, (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError)):
        return True
    deeper: BaseException | None = fault.__cause__
    while deeper is not None:
        reason = getattr(deeper, "reason", None) or (deeper.args[0] if deeper.args else None)
        for one in (deeper, reason, getattr(reason, "reason", None)):
            if isinstance(one, (NewConnectionError, ConnectTimeoutError, SSLError)):
                return True
        deeper = deeper.__cause__
    return False


def _said(message: EmailMessage, otherwise: str) -> str:
    """How the service names the letter, and what it says of it."""
    status = getattr(message, "anymail_status", None)
    words = [str(status.message_id or ""), *sorted(map(str, status.status or ()))] if status else []
    return " ".join(word for word in words if word) or otherwise
