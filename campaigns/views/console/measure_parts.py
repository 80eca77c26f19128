"""Who sponsors a measure, and which others belong to it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms.measure import RelatedMeasureForm, SponsorForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.measures import is_saved, measure_crumbs, measure_of, to_measure
from campaigns.views.console.page import show_form
from contacts.models import Organization
from policy.actions.measures import add_sponsor, part_measures, relate_measures, remove_sponsor
from policy.models import RelatedMeasure, Sponsorship


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def sponsor_add(request: ConsoleRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    measure = measure_of(organization, measure_id)
    form = SponsorForm(request.POST or None, instance=Sponsorship(measure=measure))

    def save(found: Sponsorship) -> None:
        add_sponsor(sponsorship=found, actor=request.user)

    if is_saved(request, form, save, _("The sponsor is named.")):
        return to_measure(organization, measure)
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
    return to_measure(organization, measure)


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def relate(request: ConsoleRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    measure = measure_of(organization, measure_id)
    form = RelatedMeasureForm(request.POST or None, instance=RelatedMeasure(measure=measure))

    def save(found: RelatedMeasure) -> None:
        relate_measures(related=found, actor=request.user)

    if is_saved(request, form, save, _("The two measures are related.")):
        return to_measure(organization, measure)
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
    return to_measure(organization, measure)
