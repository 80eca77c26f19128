"""The directory of help as files: taken in with a look at it first, and given out."""

from collections.abc import Sequence

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms.resource_import import ResourceImportForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.csv_file import csv_file
from campaigns.views.console.import_difference import FileRead, ImportPage, after_import
from campaigns.views.console.issues import policy_crumbs
from campaigns.views.console.page import show
from contacts.models import Organization
from policy.actions.resource_imports import import_resources
from policy.hsds import page_of_services
from policy.importers.resources_csv import COLUMNS
from policy.models import Resource
from policy.opening import hours_in_words


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def resource_import(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Take helplines and services over from a file, or only say what it would change."""
    form = ResourceImportForm(request.POST or None, request.FILES or None, organization=organization)
    list_url = reverse("campaigns:resource-list", args=[organization.slug])
    context: dict[str, object] = {
        "form": form,
        "crumbs": [*policy_crumbs(organization), (_("Helplines and services"), list_url)],
        "columns": COLUMNS,
    }
    template = "campaigns/console/resource_import.html"
    if request.method != "POST" or not form.is_valid():
        return show(request, organization, template, "policy", context, 422 if form.errors else 200)
    is_trial, skip_bad = "try" in request.POST, form.cleaned_data["skip_bad"]
    checked, difference = import_resources(
        organization=organization,
        found=form.found,
        otherwise=form.place,
        actor=request.user,
        skip_bad=skip_bad,
        is_trial=is_trial,
    )
    refused = checked.is_refused(skip_bad)
    return after_import(
        request,
        organization,
        ImportPage("policy", template, context, list_url),
        FileRead(difference, checked.bad, checked.same, refused, is_trial),
    )


def _everything(organization: Organization) -> list[Resource]:
    resources = Resource.objects.filter(organization=organization).select_related("division", "organization")
    return list(resources.prefetch_related("opening").order_by("name", "pk"))


@require_safe
@console("look")
def resource_csv(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Everything in the directory as a table that the import takes back."""
    # Days in English, as any installation reads them.
    with override("en"):
        rows = [_cells(resource) for resource in _everything(organization)]
    return csv_file(_("Helplines and services"), COLUMNS, rows)


def _cells(resource: Resource) -> Sequence[object]:
    opening = "24/7" if resource.is_always_open else hours_in_words(resource.spans)
    return [
        resource.external_id or resource.pk,
        resource.kind,
        resource.name,
        resource.division.ocd_id if resource.division else "",
        _yes(resource.is_emergency),
        resource.description,
        resource.phone,
        resource.text_number,
        resource.text_words,
        resource.chat,
        resource.website,
        resource.address,
        opening,
        resource.time_zone,
        resource.hours,
        resource.languages,
        resource.audience,
        resource.eligibility,
        resource.cost,
        resource.cost_note,
        resource.verified_on or "",
        _yes(resource.is_listed),
        _yes(resource.is_example),
    ]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


@require_safe
@console("look")
def resource_hsds(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Everything in the directory as Open Referral services, for other directories."""
    answer = JsonResponse(page_of_services(organization, _everything(organization)))
    answer["Content-Disposition"] = f'attachment; filename="{organization.slug}-services.json"'
    return answer
