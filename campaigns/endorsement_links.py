"""The signed link of whoever asked for an organisation to be shown among those that support a campaign.

It names the endorsement and carries an HMAC over it and a counter kept on it: nothing secret is stored, and a newer
link makes older ones worthless.
"""

import base64
import binascii
import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from campaigns.errors import LinkSpent
from campaigns.models import Campaign, Endorsement


def endorsements_url(campaign: Campaign) -> str:
    """The whole address of the page with all organisations that support a campaign."""
    return _whole(reverse("campaigns:endorsements", args=[campaign.organization.slug, campaign.slug]))


def own_url(endorsement: Endorsement) -> str:
    """The whole address of the page of whoever asked."""
    return _whole(reverse("campaigns:endorsement-own", args=[endorsement_token(endorsement)]))


def endorsement_token(endorsement: Endorsement) -> str:
    named = base64.urlsafe_b64encode(endorsement.pk.bytes).rstrip(b"=").decode()
    return _signer().sign(f"{named}~{endorsement.link_counter}")


def read_endorsement(token: str) -> Endorsement:
    """What a link is for. Raises LinkSpent for one broken, older than the newest, or of data deleted."""
    try:
        named, _tilde, counter = _signer().unsign(token).partition("~")
        pk = uuid.UUID(bytes=base64.urlsafe_b64decode(named + "=" * (-len(named) % 4)))
    except (BadSignature, binascii.Error, ValueError):
        raise LinkSpent from None
    rows = Endorsement.objects.select_related("campaign__organization").defer("logo")
    found: Endorsement | None = rows.filter(pk=pk).exclude(contact_email="").first()
    if found is None or str(found.link_counter) != counter:
        raise LinkSpent
    return found


def _signer() -> Signer:
    return Signer(salt="outspoken.endorsement", sep="~")


def _whole(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path
