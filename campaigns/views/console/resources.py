"""Helplines, groups and services: what pages for help show, and how long ago somebody tried them."""

from uuid import UUID
from zoneinfo import available_timezones

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms.resource import ResourceForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.issues import policy_crumbs, policy_tabs
from campaigns.views.console.page import page_of, query_without, query_without_page, show, words_of
from contacts.models import Organization
from policy.actions.resources import save_resource, verify_resource
from policy.help import day_of
from policy.models import Age, Resource
from policy.opening import hours_in_words

# How each age is shown: good, warn and bad as in components/state.html.
_TONES = {Age.FRESH: "good", Age.DUE: "warn", Age.OLD: "bad", Age.NEVER: "bad"}


@require_safe
@console("look")
def resource_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Helplines, groups and services that pages and briefs point to; those unverified the longest first."""
    on, days = day_of(organization), organization.resource_days
    everything = Resource.objects.filter(organization=organization)
    asked = request.GET.get("age", "")
    age = asked if asked in Age.values else ""
    resources = everything.of_age(age, on, days) if age else everything
    words = words_of(request)
    if words:
        resources = resources.filter(
            Q(name__icontains=words) | Q(description__icontains=words) | Q(division__name__icontains=words)
        )
    page = page_of(
        request,
        resources.select_related("division")
        .prefetch_related("opening")
        .order_by("verified_on", "name", "pk"),
    )
    context = {
        "page": page,
        "rows": [_row(resource, resource.age(on, days)) for resource in page],
        "query": query_without_page(request),
        "words": words,
        "hidden": [("age", age)] if age else [],
        "age": age,
        "chip_query": query_without(request, "page", "age"),
        "ages": [
            (name, Age(name).label, n)
            for name in (Age.DUE, Age.OLD, Age.NEVER)
            if (n := everything.of_age(name, on, days).count())
        ],
        "days": days,
        "tabs": policy_tabs(organization, "resources"),
    }
    return show(request, organization, "campaigns/console/resource_list.html", "policy", context)


def _row(resource: Resource, age: Age) -> dict[str, object]:
    return {
        "resource": resource,
        "hours": _("Day and night") if resource.is_always_open else hours_in_words(resource.spans),
        "age": age,
        "label": age.label,
        "tone": _TONES[age],
        # An emergency number is shown however old it is.
        "is_hidden": not resource.is_listed
        or age == Age.NEVER
        or (age == Age.OLD and not resource.is_emergency),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def resource_form(
    request: ConsoleRequest, organization: Organization, resource_id: UUID | None = None
) -> HttpResponse:
    if resource_id:
        resource = get_object_or_404(Resource, organization=organization, pk=resource_id)
    else:
        resource = Resource(organization=organization)
    start = {} if resource_id else {"verified_on": day_of(organization)}
    form = ResourceForm(request.POST or None, instance=resource, initial=start)
    if request.method == "POST" and form.is_valid():
        save_resource(resource=form.save(commit=False), actor=request.user, spans=form.spans)
        messages.success(request, _("The resource is saved."))
        return redirect("campaigns:resource-list", org=organization.slug)
    back = (_("Helplines and services"), reverse("campaigns:resource-list", args=[organization.slug]))
    context = {
        "form": form,
        "time_zones": sorted(zone for zone in available_timezones() if "/" in zone and zone[:3] != "Etc"),
        "crumbs": [*policy_crumbs(organization), back],
    }
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/console/resource.html", "policy", context, status)


@require_POST
@console("policy")
def resource_verify(request: ConsoleRequest, organization: Organization, resource_id: UUID) -> HttpResponse:
    """Somebody tried it and it is as it says: one click, and the log has who and when."""
    resource = get_object_or_404(Resource, organization=organization, pk=resource_id)
    verify_resource(resource=resource, actor=request.user)
    messages.success(request, _("“%(name)s” is verified as of today.") % {"name": resource.name})
    age = request.POST.get("age", "")
    back = reverse("campaigns:resource-list", args=[organization.slug])
    return redirect(f"{back}?age={age}" if age in Age.values else back)
