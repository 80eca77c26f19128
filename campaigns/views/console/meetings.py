"""What participants say their legislators said: a person makes a stance of it, or leaves it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions.meetings import PROPOSED, accept_report, decline_report
from campaigns.errors import ActionRefused
from campaigns.forms.stance import StanceForm
from campaigns.models import Event, MeetingReport, Said
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.events import event_crumbs, event_of
from campaigns.views.console.page import page_of, query_without_page, reason_of, show
from contacts.models import Organization
from policy.models import Stance

_TONES: dict[str, str] = {
    Said.SUPPORTS: "good",
    Said.OPPOSES: "bad",
    Said.UNDECIDED: "warn",
    Said.NOTHING: "quiet",
}


def _proposal(report: MeetingReport) -> StanceForm:
    """The stance a report seems to show. Its evidence says how it is known, and names nobody who told it."""
    event = report.event
    evidence = _("Said to a participant of “%(event)s”: “%(words)s”") % {
        "event": event.title,
        "words": report.words or report.get_said_display(),
    }
    return StanceForm(
        organization=event.organization,
        prefix=str(report.pk),
        initial={
            "measure": event.measure_id,
            "level": PROPOSED[report.said],
            "on": report.on,
            "evidence": evidence[:400],
        },
    )


@require_safe
@console("stances")
def meeting_list(request: ConsoleRequest, organization: Organization, public_event_id: UUID) -> HttpResponse:
    return _page(request, event_of(organization, public_event_id))


def _page(
    request: ConsoleRequest, event: Event, wrong: StanceForm | None = None, of: UUID | None = None
) -> HttpResponse:
    """The reports of an event, those that wait for a person first."""
    reports = event.reports.select_related("legislator", "stance", "event__organization")
    open_ones = MeetingReport.objects.open().filter(event=event)
    waiting = list(reports.filter(pk__in=open_ones.values("pk")).order_by("at", "pk"))
    page = page_of(request, reports.exclude(pk__in=open_ones.values("pk")))
    context = {
        "event": event,
        "waiting": [
            (report, _TONES[report.said], wrong if report.pk == of else _proposal(report))
            for report in waiting
        ],
        "page": page,
        "judged": [(report, _TONES[report.said]) for report in page],
        "query": query_without_page(request),
        "crumbs": event_crumbs(event.organization, event),
    }
    status = 422 if wrong is not None else 200
    return show(request, event.organization, "campaigns/console/meetings.html", "events", context, status)


def _report(organization: Organization, report_id: UUID) -> MeetingReport:
    reports = MeetingReport.objects.select_related("event__organization", "event__measure", "legislator")
    found: MeetingReport = get_object_or_404(reports, event__organization=organization, pk=report_id)
    return found


@require_POST
@console("stances")
def meeting_stance(request: ConsoleRequest, organization: Organization, report_id: UUID) -> HttpResponse:
    """Somebody accepts the stance a report shows, as proposed or changed."""
    report = _report(organization, report_id)
    stance = Stance(organization=organization, legislator=report.legislator)
    form = StanceForm(request.POST, instance=stance, organization=organization, prefix=str(report.pk))
    if not form.is_valid():
        return _page(request, report.event, form, report.pk)
    try:
        accept_report(report=report, stance=form.save(commit=False), actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        messages.success(request, _("The stance is recorded."))
    return redirect("campaigns:meetings", org=organization.slug, public_event_id=report.event_id)


@require_POST
@console("stances")
def meeting_decline(request: ConsoleRequest, organization: Organization, report_id: UUID) -> HttpResponse:
    """Somebody leaves the stance a report seems to show."""
    report = _report(organization, report_id)
    try:
        decline_report(report=report, actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        messages.success(request, _("No stance is recorded from this report."))
    return redirect("campaigns:meetings", org=organization.slug, public_event_id=report.event_id)
