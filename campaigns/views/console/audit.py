"""The audit log of an organisation: who did what, to what, and what else is kept of it."""

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.permissions import ConsoleRequest, console
from campaigns.verb_words import VERBS
from campaigns.views.console.audit_details import Details
from campaigns.views.console.page import page_of, query_without_page, show, words_of
from campaigns.views.console.settings import settings_tabs
from contacts.models import AuditEntry, Organization


@require_safe
@console("settings", for_partners=True)
def audit(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Who did what, newest first."""
    words = words_of(request)
    rows = AuditEntry.objects.filter(organization=organization).select_related("actor").order_by("-pk")
    if words:
        did = Q(verb__icontains=words) | VERBS.saying(words, "verb")
        rows = rows.filter(did | Q(actor__name__icontains=words))
    page = page_of(request, rows)
    details = Details(organization, page)
    context = {
        "page": page,
        "rows": [
            (
                entry,
                VERBS.find(entry.verb) or entry.verb,
                _address_of(organization, entry),
                details.of(entry),
            )
            for entry in page
        ],
        "query": query_without_page(request),
        "words": words,
        "tabs": settings_tabs(organization, "audit"),
    }
    return show(request, organization, "campaigns/console/audit.html", "settings", context)


# Kinds of things that have a page of their own: model name -> URL name.
PAGES = {
    "campaign": "campaign-detail",
    "drive": "drive",
    "issue": "issue",
    "job": "job",
    "letter": "letter",
    "measure": "measure",
    "supporter": "supporter",
    "targetgroup": "target-group",
}


def _address_of(organization: Organization, entry: AuditEntry) -> str:
    """The page of what an entry is about, where there is one."""
    name = PAGES.get(entry.object_kind)
    return reverse(f"campaigns:{name}", args=[organization.slug, entry.object_id]) if name else ""
