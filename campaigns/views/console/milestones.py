"""What happened to a measure: milestones added, and wrong ones struck, never changed."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms.measure import MeasureEventForm, StrikeForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.measures import (
    is_saved,
    measure_crumbs,
    measure_of,
    measure_page,
    to_measure,
)
from campaigns.views.console.page import show_form
from contacts.models import Organization
from policy.actions.measures import add_event, strike_event
from policy.models import MeasureEvent


@require_POST
@console("policy")
def event_add(request: ConsoleRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    """Add a milestone. There is no way to change or remove one: a correction strikes it and says why."""
    measure = measure_of(organization, measure_id)
    form = MeasureEventForm(request.POST, instance=MeasureEvent(measure=measure))

    def save(event: MeasureEvent) -> None:
        add_event(event=event, actor=request.user)

    if is_saved(request, form, save, _("The milestone is added.")):
        return to_measure(organization, measure)
    return measure_page(request, organization, measure, form)


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def event_strike(
    request: ConsoleRequest, organization: Organization, measure_id: UUID, event_id: int
) -> HttpResponse:
    measure = measure_of(organization, measure_id)
    wrong = get_object_or_404(MeasureEvent.objects.standing(), measure=measure, pk=event_id)
    start = {"kind": wrong.kind, "on": wrong.on, "chamber": wrong.chamber_id, "note": wrong.note}
    form = StrikeForm(
        request.POST or None, instance=MeasureEvent(measure=measure, strikes=wrong), initial=start
    )

    def save(event: MeasureEvent) -> None:
        strike_event(
            wrong=wrong,
            reason=event.reason,
            source_url=event.source_url,
            actor=request.user,
            instead=event if event.kind else None,
        )

    if is_saved(request, form, save, _("The milestone is struck. It stays to be read, with your reason.")):
        return to_measure(organization, measure)
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("Correct “%(milestone)s”") % {"milestone": wrong.get_kind_display()},
        button=_("Strike the milestone"),
        crumbs=measure_crumbs(organization, measure),
        intro=_(
            "Recorded for %(day)s. Nothing is erased: the wrong milestone is shown struck, with your reason."
        )
        % {"day": date_format(wrong.on)},
    )
