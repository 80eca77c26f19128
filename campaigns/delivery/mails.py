"""What mails of ours to people have in common: how they are put together, and what can go wrong."""

from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from anymail.exceptions import AnymailError, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from contacts.models import Organization

# Everything that is the mail's or the other side's trouble, and no fault of the program.
FAULTS = (SMTPException, OSError, AnymailError)


def was_refused(fault: Exception) -> bool:
    """Whether the other side said no, so that the mail did not leave; otherwise it may have arrived."""
    if isinstance(fault, AnymailRequestsAPIError):
        # An answer that can't be read is such a fault too, with the status 200: the service has the mail.
        return fault.response is not None and 400 <= fault.response.status_code < 500
    return isinstance(fault, (SMTPResponseException, SMTPRecipientsRefused, AnymailError))


def written(
    kind: str,
    organization: Organization,
    to: str,
    context: Mapping[str, object],
    identity: str,
    connection: BaseEmailBackend | None,
    headers: Mapping[str, str] | None = None,
) -> EmailMultiAlternatives:
    """A mail of a kind as it leaves: text and HTML with the same words, in the language and zone that are set.

    `identity` is the part of its Message-ID before the @. With `is_test` in the context it says first that it is one.
    """
    subject = " ".join(render_to_string(f"mail/{kind}.subject.txt", context).split())
    text = render_to_string(f"mail/{kind}.txt", context)
    if context.get("is_test"):
        subject, text = f"[TEST] {subject}", render_to_string("mail/test.txt", context) + text
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = address.rpartition("@")[2] or organization.mail_domain
    mail = EmailMultiAlternatives(
        subject,
        text,
        formataddr((organization.name, address)),
        [to],
        reply_to=[organization.email],
        headers={
            "Message-ID": f"<{identity}@{domain}>",
            "Auto-Submitted": "auto-generated",
            **(headers or {}),
        },
        connection=connection,
    )
    mail.attach_alternative(render_to_string(f"mail/{kind}.html", context), "text/html")
    return mail
