"""One box for everything that policy knows: issues, measures, legislators and evidence, grouped."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.legislators import found_seats, is_postal_code
from campaigns.views.console.page import show, words_of
from contacts.clock import today
from contacts.models import Membership, Organization
from policy.search import search

_SHOWN = 10
# Kind: heading, and the list that goes on where this page stops.
GROUPS: dict[str, tuple[object, str]] = {
    "issues": (_("Issues"), "issue-list"),
    "measures": (_("Measures"), "measure-list"),
    "legislators": (_("Legislators"), "legislator-list"),
    "evidence": (_("Evidence"), "evidence-list"),
}


@require_safe
@console("look")
def search_all(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """What fits the words; with a postal code, who represents it too."""
    words, on = words_of(request), today()
    groups = []
    for found in search(organization, words, _SHOWN):
        heading, more = GROUPS[found.kind]
        if found.items:
            url = reverse(f"campaigns:{more}", args=[organization.slug])
            groups.append((found.kind, heading, found.items, url if found.has_more else ""))
    seats = []
    if is_postal_code(words):
        current = Membership.objects.current(on).filter(post__isnull=False)
        rows = found_seats(current, organization, words, on).select_related("legislator", "post")
        seats = list(rows.order_by("post__label", "pk")[:_SHOWN])
    context = {
        "words": words,
        "search_words": words,
        "groups": groups,
        "seats": seats,
        "is_empty": not groups and not seats,
    }
    return show(request, organization, "campaigns/console/search.html", "", context)
