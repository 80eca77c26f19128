"""The signed link of whoever asked for an organisation to be shown among those that support a campaign."""

from django.conf import settings
from django.urls import reverse

from campaigns.counted_links import CountedLinks
from campaigns.errors import EndorsementGone, LinkSpent
from campaigns.models import Campaign, Endorsement, EndorsementState

_LINKS = CountedLinks("outspoken.endorsement")


def endorsements_url(campaign: Campaign) -> str:
    """The whole address of the page with all organisations that support a campaign."""
    path = reverse("campaigns:endorsements", args=[campaign.organization.slug, campaign.slug])
    return settings.SITE_URL + path


def own_url(endorsement: Endorsement) -> str:
    """The whole address of the page of whoever asked."""
    return settings.SITE_URL + reverse("campaigns:endorsement-own", args=[endorsement_token(endorsement)])


def endorsement_token(endorsement: Endorsement) -> str:
    return _LINKS.token(endorsement)


def read_endorsement(token: str) -> Endorsement:
    """What a link is for. Raises LinkSpent for one broken, older than the newest, or of data deleted; EndorsementGone
    where it is shown no more and who asked is forgotten."""
    rows = Endorsement.objects.select_related("campaign__organization").defer("logo")
    found = _LINKS.read(token, rows)
    if not found.contact_email:
        raise EndorsementGone if found.state == EndorsementState.WITHDRAWN else LinkSpent
    return found
