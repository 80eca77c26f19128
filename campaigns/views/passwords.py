"""The mail by which somebody with a new account chooses a password."""

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from campaigns.delivery.mails import FAULTS
from campaigns.models import Partnership
from contacts.models import User


def mail_password(request: HttpRequest, user: User, joined: Partnership | None = None) -> bool:
    """Mail a link to choose a password; False when the mail could not be handed over.

    `joined` is the partnership that the account was made by: the mail says so.
    """
    request.joined = joined  # type: ignore[attr-defined]  # all that allauth hands on to the mail's template
    form = ResetPasswordForm({"email": user.email})
    try:
        if form.is_valid():
            form.save(request)
    except FAULTS:
        return False
    return True
