"""What can go wrong when a mail of ours is handed to a relay or to a mail service, told in one way."""

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from anymail.exceptions import AnymailError, AnymailRequestsAPIError

# Everything that is the mail's or the relay's trouble, and no fault of the program.
FAULTS = (SMTPException, OSError, AnymailError)


def was_refused(fault: Exception) -> bool:
    """Whether the other side said no, so that the mail did not leave; otherwise it may have arrived."""
    if isinstance(fault, AnymailRequestsAPIError):
        return fault.response is not None and fault.response.status_code < 500
    return isinstance(fault, (SMTPResponseException, SMTPRecipientsRefused, AnymailError))
