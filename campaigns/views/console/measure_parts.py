"""Who sponsors a measure, and which others belong to it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms.measure import RelatedMeasureForm, SponsorForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.measures import measure_crumbs, measure_of
from campaigns.views.console.page import show_form
from contacts.models import Organization
from policy.actions.measures import add_sponsor, part_measures, relate_measures, remove_sponsor
from policy.errors import MeasureRefused
from policy.models import RelatedMeasure, Sponsorship


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def sponsor_add(request: ConsoleRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    measure = measure_of(organization, measure_id)
    form = SponsorForm(request.POST or None, instance=Sponsorship(measure=measure))
    if request.method == "POST" and form.is_valid():
        try:
            add_sponsor(sponsorship=form.save(commit=False), actor=request.user)
        except MeasureRefused as fact:
            form.add_error(fact.field, str(fact.message))
        else:
            messages.success(request, _("The sponsor is named."))
            return redirect("campaigns:measure", org=organization.slug, measure_id=measure.pk)
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("Name a sponsor"),
        button=_("Add the sponsor"),
        crumbs=measure_crumbs(organization, measure),
        intro=_("Who brought %(measure)s in, or joined those who did.") % {"measure": measure.identifier},
    )


@require_POST
@console("policy")
def sponsor_remove(
    request: ConsoleRequest, organization: Organization, measure_id: UUID, sponsor_id: int
) -> HttpResponse:
    measure = measure_of(organization, measure_id)
    sponsorship = get_object_or_404(Sponsorship, measure=measure, pk=sponsor_id)
    remove_sponsor(sponsorship=sponsorship, actor=request.user)
    messages.success(request, _("The sponsor is taken off."))
    return redirect("campaigns:measure", org=organization.slug, measure_id=measure.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def relate(request: ConsoleRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    measure = measure_of(organization, measure_id)
    form = RelatedMeasureForm(request.POST or None, instance=RelatedMeasure(measure=measure))
    if request.method == "POST" and form.is_valid():
        try:
            relate_measures(related=form.save(commit=False), actor=request.user)
        except MeasureRefused as fact:
            form.add_error(fact.field, str(fact.message))
        else:
            messages.success(request, _("The two measures are related."))
            return redirect("campaigns:measure", org=organization.slug, measure_id=measure.pk)
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("Relate another measure"),
        button=_("Relate them"),
        crumbs=measure_crumbs(organization, measure),
        intro=_("How %(measure)s stands to another measure that you follow.")
        % {"measure": measure.identifier},
    )


@require_POST
@console("policy")
def part(
    request: ConsoleRequest, organization: Organization, measure_id: UUID, related_id: int
) -> HttpResponse:
    measure = measure_of(organization, measure_id)
    related = get_object_or_404(RelatedMeasure, measure=measure, pk=related_id)
    part_measures(related=related, actor=request.user)
    messages.success(request, _("Removed."))
    return redirect("campaigns:measure", org=organization.slug, measure_id=measure.pk)
