"""What came of a campaign so far: people, sources, letters and answers, each as a drawing and a table to take along."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.findings.all import findings_of
from campaigns.models import Campaign
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.page import show
from campaigns.views.console.results_charts import Part, parts_of
from campaigns.views.table_files import FORMATS, ShownTable
from contacts.models import Organization

# Rows of a table beside its drawing; files carry all.
ROWS_SHOWN = 8
# A table with more columns has the page's whole width.
_MOST_BESIDE = 5


@require_safe
@console("look")
def results(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """Each part of the page with its finding, drawing and table; nothing but a way forward before anybody came."""
    campaign = campaign_of(organization, campaign_id)
    found = findings_of(campaign)
    parts = [] if found.is_empty else parts_of(found)
    context = {
        "campaign": campaign,
        "crumbs": campaign_crumbs(organization, campaign),
        "parts": [_shown(organization, campaign, part) for part in parts if part.table.rows],
        "kept_at": found.kept_at,
        "public_url": reverse("campaigns:campaign", args=[organization.slug, campaign.slug]),
    }
    return show(request, organization, "campaigns/console/results.html", "campaigns", context)


def _shown(organization: Organization, campaign: Campaign, part: Part) -> dict[str, object]:
    """A part with the first rows of its table, and where the files are."""

    def url(ending: str) -> str:
        where = [organization.slug, campaign.pk, part.table.key, ending]
        return reverse("campaigns:campaign-results-file", args=where)

    files = [(ending.upper(), url(ending)) for ending in FORMATS]
    return {
        "part": part,
        "table": ShownTable(part.table, files, ROWS_SHOWN),
        "is_wide": len(part.table.columns) > _MOST_BESIDE,
    }


@require_safe
@console("look")
def results_file(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, key: str, ending: str
) -> HttpResponse:
    """One of the page's tables, whole, as a file for spreadsheets."""
    campaign = campaign_of(organization, campaign_id)
    table = findings_of(campaign).tables().get(key)
    if table is None or ending not in FORMATS:
        raise Http404
    return FORMATS[ending](f"{campaign.slug} {key}", table.head(), table.for_file())
