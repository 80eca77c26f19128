"""The signed link of an invitation to be a partner.

A link names an invitation and carries an HMAC over it and a counter kept on it: nothing secret is stored, and a newer
link makes older ones worthless.
"""

import base64
import binascii
import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from campaigns.errors import LinkSpent
from campaigns.models import PartnerInvitation

_SIGNER = "outspoken.partner-invitation"


def invitation_token(invitation: PartnerInvitation) -> str:
    named = base64.urlsafe_b64encode(invitation.pk.bytes).rstrip(b"=").decode()
    return _signer().sign(f"{named}~{invitation.counter}")


def read_invitation(token: str) -> PartnerInvitation:
    """The invitation a link is for, whatever became of it. Raises LinkSpent for one that is broken or older."""
    try:
        named, _tilde, counter = _signer().unsign(token).partition("~")
        pk = uuid.UUID(bytes=base64.urlsafe_b64decode(named + "=" * (-len(named) % 4)))
    except (BadSignature, binascii.Error, ValueError):
        raise LinkSpent from None
    found = (
        PartnerInvitation.objects.select_related(
            "campaign__organization", "campaign__measure", "campaign__outcome", "invited_by"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None or str(found.counter) != counter:
        raise LinkSpent
    return found


def invitation_url(invitation: PartnerInvitation) -> str:
    """The whole address in the mail."""
    path = reverse("campaigns:partner-invitation", args=[invitation_token(invitation)])
    return settings.SITE_URL.rstrip("/") + path


def _signer() -> Signer:
    return Signer(salt=_SIGNER, sep="~")
