"""How a campaign is put on other sites, for those who run it."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from campaigns.models import Campaign
from campaigns.permissions import ConsoleRequest, console
from campaigns.sharing import page_url
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.page import show
from contacts.models import Organization

_CODE = '<a href="{}">{}</a>\n<script async src="{}" data-campaign="{}" data-title="{}" data-source="embed"></script>'


def code_for(campaign: Campaign) -> str:
    """What another site puts into its page: a link that works without scripts, and the script for the form."""
    with override(campaign.language):
        words = _("Sign: %(title)s") % {"title": campaign.title}
    values = (
        page_url(campaign, "embed"),
        words,
        settings.SITE_URL + reverse("campaigns:embed-js"),
        f"{campaign.organization.slug}/{campaign.slug}",
        campaign.title,
    )
    return _CODE.format(*map(escape, values))


@require_safe
@console("look")
def embed(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id)
    context = {
        "campaign": campaign,
        "sites": organization.embed_origins,
        "code": code_for(campaign),
        "crumbs": campaign_crumbs(organization, campaign),
    }
    return show(request, organization, "campaigns/console/embed.html", "campaigns", context)
