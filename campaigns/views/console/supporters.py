from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.letters.words import tone_of
from campaigns.models import Campaign, Letter, Pledge, PledgeState
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import as_id, page_of, query_without_page, show, words_of
from contacts.models import Consent, Organization, Purpose, Supporter


@require_safe
@console("people")
def supporter_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """People who confirmed a pledge, by name, mail address, town or postal code, and by campaign."""
    words, campaign = words_of(request), _asked_campaign(request, organization)
    people = Supporter.objects.filter(organization=organization, erased_at__isnull=True)
    if words:
        people = people.filter(
            Q(name__icontains=words)
            | Q(email__icontains=words)
            | Q(city__icontains=words)
            | Q(postal_code__istartswith=words)
        )
    if campaign is not None:
        people = people.filter(pledges__campaign=campaign, pledges__state=PledgeState.CONFIRMED)
    people = people.annotate(
        pledge_count=Count(
            "pledges", filter=Q(pledges__state=PledgeState.CONFIRMED, pledges__is_test=False), distinct=True
        )
    )
    page = page_of(request, people.order_by("-created_at", "pk"))
    context = {
        "page": page,
        "query": query_without_page(request),
        "words": words,
        "campaign": campaign,
        "campaigns": Campaign.objects.of(organization).exclude(state="archived").only("pk", "title"),
    }
    return show(request, organization, "campaigns/console/supporter_list.html", "supporters", context)


def _asked_campaign(request: ConsoleRequest, organization: Organization) -> Campaign | None:
    asked = request.GET.get("campaign")
    return get_object_or_404(Campaign, organization=organization, pk=as_id(asked)) if asked else None


@require_safe
@console("people")
def supporter_detail(request: ConsoleRequest, organization: Organization, supporter_id: UUID) -> HttpResponse:
    """What a person promised, which letters are theirs, where they live and what they agreed to."""
    people = Supporter.objects.filter(organization=organization, erased_at__isnull=True)
    supporter = get_object_or_404(people, pk=supporter_id)
    last: dict[str, Consent] = {}
    for consent in supporter.consents.order_by("id"):
        last[consent.purpose] = consent
    letters = Letter.objects.filter(pledge__supporter=supporter).select_related("post", "drive__campaign")
    context = {
        "supporter": supporter,
        "crumbs": [(_("Supporters"), reverse("campaigns:supporter-list", args=[organization.slug]))],
        "pledges": Pledge.objects.filter(supporter=supporter)
        .select_related("campaign")
        .order_by("-signed_at"),
        "letters": [(letter, tone_of(letter)) for letter in letters.order_by("-created_at", "pk")[:100]],
        "residences": supporter.residences.select_related("division").order_by("division__name"),
        "consents": [(label, last.get(purpose)) for purpose, label in Purpose.choices],
    }
    return show(request, organization, "campaigns/console/supporter.html", "supporters", context)
