"""The mail by which somebody with a new account chooses a password."""

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest
from django.utils.translation import override

from campaigns.delivery.mails import FAULTS
from campaigns.models import Partnership
from contacts.models import Role, User


def mail_password(request: HttpRequest, user: User, why: Partnership | Role) -> bool:
    """Mail a link to choose a password; False when the mail could not be handed over.

    `why` is the partnership that the account was made by, or the role that `request.user` gave: the mail says so.
    """
    request.joined = why  # type: ignore[attr-defined]  # all that allauth hands on to the mail's template
    form = ResetPasswordForm({"email": user.email})
    try:
        with override(user.reads(why.organization)):
            if form.is_valid():
                form.save(request)
    except FAULTS:
        return False
    return True
