"""The signed link of an invitation to be a partner."""

from django.conf import settings
from django.urls import reverse

from campaigns.counted_links import CountedLinks
from campaigns.models import PartnerInvitation

_LINKS = CountedLinks("outspoken.partner-invitation", counter="counter")


def invitation_token(invitation: PartnerInvitation) -> str:
    return _LINKS.token(invitation)


def read_invitation(token: str) -> PartnerInvitation:
    """The invitation a link is for, whatever became of it. Raises LinkSpent for one that is broken or older."""
    rows = PartnerInvitation.objects.select_related(
        "campaign__organization", "campaign__measure", "campaign__outcome", "invited_by"
    )
    return _LINKS.read(token, rows)


def invitation_url(invitation: PartnerInvitation) -> str:
    """The whole address in the mail."""
    return settings.SITE_URL + reverse("campaigns:partner-invitation", args=[invitation_token(invitation)])
