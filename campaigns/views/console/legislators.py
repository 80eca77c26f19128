from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from campaigns.forms.policy import StanceForm
from campaigns.permissions import console
from campaigns.views.console.page import page_of, query_without_page, show
from contacts.clock import today
from contacts.matching import match_postal_code
from contacts.models import Legislator, Membership, Office, Organization
from policy.actions.measures import record_stance
from policy.models import Stance


@require_safe
@console("look")
def legislator_list(request: HttpRequest, organization: Organization) -> HttpResponse:
    """People in office, by name, place or postal code."""
    words = request.GET.get("q", "").strip()[:80]
    on = today()
    current = Membership.objects.current(on).filter(post__isnull=False)
    if words and any(c.isdigit() for c in words):
        match = match_postal_code(organization.country, words, on)
        people = {s.membership.legislator_id for m in match.chambers for c in m.candidates for s in c.seats if s.membership}
        current = current.filter(legislator__in=people)
    elif words:
        current = current.filter(Q(legislator__name__icontains=words) | Q(post__label__icontains=words) | Q(party__icontains=words))
    rows = current.select_related("legislator", "post", "chamber__jurisdiction").order_by(
        "legislator__family_name", "legislator__name", "pk"
    )
    return show(
        request,
        organization,
        "campaigns/console/legislator_list.html",
        "legislators",
        {"page": page_of(request, rows), "query": query_without_page(request), "words": words},
    )


@require_safe
@console("look")
def legislator_detail(request: HttpRequest, organization: Organization, legislator_id: UUID) -> HttpResponse:
    return _detail(request, organization, legislator_id, StanceForm(organization=organization, initial={"on": today()}))


def _detail(request: HttpRequest, organization: Organization, legislator_id: UUID, form: StanceForm, status: int = 200) -> HttpResponse:
    offices = Prefetch("offices", Office.objects.prefetch_related("contact_points").order_by("kind", "key"))
    legislator = get_object_or_404(Legislator.objects.prefetch_related("identifiers", offices), pk=legislator_id)
    memberships = Membership.objects.filter(legislator=legislator).select_related("chamber__jurisdiction", "post")
    return show(
        request,
        organization,
        "campaigns/console/legislator.html",
        "legislators",
        {
            "legislator": legislator,
            "seats": [m for m in memberships if m.post_id],
            "committees": [m for m in memberships if not m.post_id and m.end_on is None],
            "stances": Stance.objects.filter(organization=organization, legislator=legislator).select_related("measure", "recorded_by").order_by("-on", "-recorded_at"),
            "form": form,
        },
        status,
    )


@require_POST
@console("policy")
def stance_add(request: HttpRequest, organization: Organization, legislator_id: UUID) -> HttpResponse:
    legislator = get_object_or_404(Legislator, pk=legislator_id)
    form = StanceForm(request.POST, instance=Stance(organization=organization, legislator=legislator), organization=organization)
    if form.is_valid():
        record_stance(stance=form.save(commit=False), actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _t("The stance is recorded."))
        return redirect("campaigns:legislator", org=organization.slug, legislator_id=legislator.pk)
    return _detail(request, organization, legislator_id, form, 422)
