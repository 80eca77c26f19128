"""Governments that no import brought: a town, a region, a body of several countries."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.forms.measure import JurisdictionForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.issues import policy_crumbs
from campaigns.views.console.page import show_form
from contacts.actions.jurisdictions import JurisdictionRefused, add_jurisdiction
from contacts.models import Organization


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def jurisdiction_form(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    form = JurisdictionForm(request.POST or None, initial={"time_zone": organization.time_zone})
    if request.method == "POST" and form.is_valid():
        try:
            add_jurisdiction(**form.cleaned_data, organization=organization, actor=request.user)
        except JurisdictionRefused as fact:
            form.add_error(fact.field, fact.message)
        else:
            messages.success(request, _("The jurisdiction is added: choose it for the measure."))
            return redirect("campaigns:measure-new", org=organization.slug)
    measures = (_("Measures"), reverse("campaigns:measure-list", args=[organization.slug]))
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("Add a jurisdiction"),
        button=_("Add the jurisdiction"),
        crumbs=[*policy_crumbs(organization), measures],
        intro=_("Whose measures you follow: a town, a region, a country, a body of several countries."),
    )
