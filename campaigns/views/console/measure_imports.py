"""Measures out of a file: choose it, look at what would change, import it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms.measure_import import ApplyForm, MeasureImportForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.issues import policy_crumbs
from campaigns.views.console.page import show
from contacts.models import Organization
from policy.actions.measure_imports import MOST_BYTES, Upload, apply_import, preview_import
from policy.errors import MeasureRefused
from policy.models import MeasureImport


def _crumbs(organization: Organization) -> list[tuple[object, str]]:
    measures = (_("Measures"), reverse("campaigns:measure-list", args=[organization.slug]))
    return [*policy_crumbs(organization), measures]


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def import_new(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Choose a file. It is read at once, and nothing is imported before somebody looked at what it would change."""
    form = MeasureImportForm(request.POST or None, request.FILES or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        upload = Upload(
            source=data["source"],
            name=data["file"].name,
            data=data["file"].read(MOST_BYTES + 1),
            issue=data["issue"],
            only=data["only"],
        )
        try:
            plan = preview_import(organization=organization, upload=upload, actor=request.user)
        except MeasureRefused as fact:
            form.add_error(fact.field, str(fact.message))
        else:
            return redirect("campaigns:import-preview", org=organization.slug, import_id=plan.pk)
    context = {"form": form, "crumbs": _crumbs(organization)}
    template = "campaigns/console/measure_import.html"
    return show(request, organization, template, "policy", context, 422 if form.errors else 200)


@require_safe
@console("policy")
def import_detail(request: ConsoleRequest, organization: Organization, import_id: UUID) -> HttpResponse:
    """What a chosen file would change, and its rows that can't be used."""
    plans = MeasureImport.objects.defer("data").select_related("issue")
    plan = get_object_or_404(plans, organization=organization, pk=import_id)
    is_kept = MeasureImport.objects.filter(pk=plan.pk, data__isnull=False).exists()
    form = ApplyForm()
    context = {"plan": plan, "form": form, "is_kept": is_kept, "crumbs": _crumbs(organization)}
    return show(request, organization, "campaigns/console/measure_import_preview.html", "policy", context)


@require_POST
@console("policy")
def import_apply(request: ConsoleRequest, organization: Organization, import_id: UUID) -> HttpResponse:
    plan = get_object_or_404(MeasureImport.objects.defer("data"), organization=organization, pk=import_id)
    form = ApplyForm(request.POST)
    form.is_valid()
    try:
        difference = apply_import(plan=plan, skip_bad=form.cleaned_data["skip_bad"], actor=request.user)
    except MeasureRefused as fact:
        messages.error(request, str(fact.message))
        return redirect("campaigns:import-preview", org=organization.slug, import_id=plan.pk)
    n = difference.created + difference.updated
    told = ngettext("Imported: %(n)s change.", "Imported: %(n)s changes.", n) % {"n": intcomma(n)}
    messages.success(request, told)
    return redirect("campaigns:measure-list", org=organization.slug)
