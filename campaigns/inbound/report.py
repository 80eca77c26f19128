"""An event of a mail service → the mail a server would have sent instead (RFC 3464, RFC 5965).

So all news is read one way. The same event always gives the same bytes: told twice, it is kept once.
"""

import json
import re
from datetime import UTC, datetime
from email.utils import format_datetime

from campaigns.inbound.reading import letter_ids

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# What services call the reason, where they quote no server (django-anymail's normalised names).
_REASONS = {"invalid": "5.1.1", "timed_out": "5.4.7", "blocked": "5.7.1", "spam": "5.7.1"}


def report_mail(
    *, event: str, recipient: str, said: str, reason: str, identity: str, details: object, at: datetime | None
) -> bytes | None:
    """The bytes of a report; None for events that say nothing of a letter of ours."""
    known = letter_ids(f"<{identity.strip('<>')}>", json.dumps(details, default=str))
    if not known:
        return None
    said, recipient = _line(said), _line(recipient)
    headers = [
        "From: MAILER-DAEMON@mail-service.invalid",
        "Subject: Event of the mail service",
        f"Date: {format_datetime(at.astimezone(UTC))}" if at else "X-Date: unknown",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
    ]
    if event == "complained":
        kind, part = "feedback-report", ["Content-Type: message/feedback-report", "", "Feedback-Type: abuse"]
    else:
        found = _STATUS.search(said)
        status = found[1] if found else _REASONS.get(reason, "5.0.0")
        kind, part = (
            "delivery-status",
            [
                "Content-Type: message/delivery-status",
                "",
                "Reporting-MTA: dns; mail-service.invalid",
                "",
                f"Final-Recipient: rfc822; {recipient}",
                f"Action: {'delayed' if event == 'deferred' else 'failed'}",
                f"Status: {'4.0.0' if event == 'deferred' and not found else status}",
                f"Diagnostic-Code: smtp; {said or reason}",
            ],
        )
    lines = [
        *headers,
        f'Content-Type: multipart/report; report-type={kind}; boundary="=_event"',
        "",
        "--=_event",
        *part,
        "",
        "--=_event",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {known[0]}",
        "",
        "--=_event--",
        "",
    ]
    return "\r\n".join(lines).encode("utf-8", "replace")


def _line(text: str) -> str:
    return " ".join(text.split())[:500]
