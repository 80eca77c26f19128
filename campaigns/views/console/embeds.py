"""How a campaign is put on other sites, for those who run it."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from campaigns.models import Campaign, Partnership
from campaigns.permissions import ConsoleRequest, console
from campaigns.sharing import page_url, partner_url
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.page import show
from contacts.models import Organization
from policy.words import name_of

_CODE = '<a href="{}">{}</a>\n<script async src="{}" data-campaign="{}" data-title="{}" data-source="{}"{}></script>'


def code_for(campaign: Campaign, language: str, partner: Partnership | None = None) -> str:
    """What another site puts into its page: a link that works without scripts, and the script for the form.

    Who signs by it is counted as come by the partner, whose page the link leads to, or from an embedded form.
    The form of a campaign's own language is shown in each reader's; that of a translation in the translation's.
    """
    title = campaign.words_in([language]).title
    with override(language):
        words = _("Sign: %(title)s") % {"title": title}
    source = partner.source_code if partner else "embed"
    values = (
        partner_url(campaign, partner, language) if partner else page_url(campaign, source, language),
        words,
        settings.SITE_URL + reverse("campaigns:embed-js"),
        f"{campaign.organization.slug}/{campaign.slug}",
        title,
        source,
    )
    asked = f' data-lang="{language}"' if language != campaign.language else ""
    return _CODE.format(*map(escape, values), asked)


@require_safe
@console("look")
def embed(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id)
    context = {
        "campaign": campaign,
        "sites": organization.embed_origins,
        "codes": [(one, name_of(one), code_for(campaign, one)) for one in campaign.languages],
        "crumbs": campaign_crumbs(organization, campaign),
    }
    return show(request, organization, "campaigns/console/embed.html", "campaigns", context)
