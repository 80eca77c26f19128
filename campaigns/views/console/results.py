"""What came of a campaign so far: people, sources, letters and answers, each as a drawing and a table to take along."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.findings.funnel import funnel, funnel_table
from campaigns.findings.letters import by_kind, by_office, kinds_table, offices_table, reached
from campaigns.findings.people import days_table, places_table, sources_of, sources_table, views_of
from campaigns.findings.places import Counted, districts
from campaigns.findings.subjects import subjects_table, trials_of
from campaigns.findings.table import Table
from campaigns.models import Campaign
from campaigns.permissions import ConsoleRequest, console
from campaigns.reports import signed_by_day
from campaigns.views.console import results_charts as draw
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.csv_file import csv_file, xlsx_file
from campaigns.views.console.page import show
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
    views = views_of(campaign)
    sources = sources_of(campaign, views)
    parts: list[draw.Part] = []
    if views.counts or sources:
        signed, places, kinds = signed_by_day(campaign), districts(campaign), by_kind(campaign)
        offices, steps = by_office(campaign), funnel(sources, views, reached(campaign))
        trials = trials_of(campaign)
        parts = [
            draw.funnel_part(steps, funnel_table(steps), views),
            draw.days_part(signed, days_table(signed, views)),
            draw.sources_part(sources, sources_table(sources, views)),
            draw.places_part(places, _places_table(places)),
            draw.letters_part(kinds, kinds_table(kinds)),
            draw.subjects_part(trials, subjects_table(trials)),
            draw.offices_part(offices, offices_table(offices)),
        ]
    context = {
        "campaign": campaign,
        "crumbs": campaign_crumbs(organization, campaign),
        "parts": [_shown(organization, campaign, part) for part in parts if part.table.rows],
        "public_url": reverse("campaigns:campaign", args=[organization.slug, campaign.slug]),
    }
    return show(request, organization, "campaigns/console/results.html", "campaigns", context)


def _shown(organization: Organization, campaign: Campaign, part: draw.Part) -> dict[str, object]:
    """A part with the first rows of its table, and where the files are."""

    def url(ending: str) -> str:
        where = [organization.slug, campaign.pk, part.table.key, ending]
        return reverse("campaigns:campaign-results-file", args=where)

    total = len(part.table.rows)
    return {
        "part": part,
        "rows": part.table.printed(ROWS_SHOWN),
        "shown": min(total, ROWS_SHOWN),
        "total": total,
        "is_wide": len(part.table.columns) > _MOST_BESIDE,
        "files": [("CSV", url("csv")), ("XLSX", url("xlsx"))],
    }


def _places_table(places: Counted) -> Table:
    return places_table({place.pk: (place.name, n) for place, n in places if n})


def _funnel_file(campaign: Campaign) -> Table:
    views = views_of(campaign)
    return funnel_table(funnel(sources_of(campaign, views), views, reached(campaign)))


def _sources_file(campaign: Campaign) -> Table:
    views = views_of(campaign)
    return sources_table(sources_of(campaign, views), views)


# What can be taken along, each made by itself.
FILES: dict[str, Callable[[Campaign], Table]] = {
    "funnel": _funnel_file,
    "days": lambda campaign: days_table(signed_by_day(campaign), views_of(campaign)),
    "sources": _sources_file,
    "places": lambda campaign: _places_table(districts(campaign)),
    "letters": lambda campaign: kinds_table(by_kind(campaign)),
    "subjects": lambda campaign: subjects_table(trials_of(campaign)),
    "offices": lambda campaign: offices_table(by_office(campaign)),
}


@require_safe
@console("look")
def results_file(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, key: str, ending: str
) -> HttpResponse:
    """One of the page's tables, whole, as a file for spreadsheets."""
    campaign = campaign_of(organization, campaign_id)
    if key not in FILES or ending not in {"csv", "xlsx"}:
        raise Http404
    table = FILES[key](campaign)
    make = csv_file if ending == "csv" else xlsx_file
    return make(f"{campaign.slug} {key}", table.head(), table.for_file())
