"""Events for those who hold them: written, opened, changed, called off, and what came of them."""

from uuid import UUID
from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions import events as actions
from campaigns.errors import ActionRefused
from campaigns.forms.event import CancelEventForm, EventForm, OutcomeForm
from campaigns.models import Event, EventState, MeetingReport, RegistrationState
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import (
    Step,
    confirmed,
    page_of,
    query_without_page,
    reason_of,
    show,
    show_form,
)
from contacts.clock import now
from contacts.models import Organization
from policy.markdown import to_html

_S = RegistrationState


def event_of(organization: Organization, event_id: UUID) -> Event:
    """The organisation's event; somebody else's is not found."""
    events = Event.objects.of(organization).select_related("organization", "issue", "campaign", "measure")
    found: Event = get_object_or_404(events, pk=event_id)
    return found


def event_crumbs(organization: Organization, event: Event | None = None) -> list[tuple[object, str]]:
    crumbs: list[tuple[object, str]] = [
        (_("Events"), reverse("campaigns:console-events", args=[organization.slug]))
    ]
    if event is not None and not event._state.adding:
        crumbs.append((event.title, reverse("campaigns:console-event", args=[organization.slug, event.pk])))
    return crumbs


def _numbers() -> dict[str, Count]:
    """How many registrations there are of each sort that people ask for."""
    states = {
        "confirmed": [_S.CONFIRMED],
        "held": [_S.HELD, _S.OFFERED],
        "waiting": [_S.WAITING],
        "doubted": [_S.DOUBTED],
    }
    found = {
        name: Count("registrations", filter=Q(registrations__state__in=some)) for name, some in states.items()
    }
    found["came"] = Count("registrations", filter=Q(registrations__checked_in_at__isnull=False))
    return found


@require_safe
@console("look")
def event_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """What is ahead, the next first; or what was, the last first."""
    at = now()
    is_past = request.GET.get("show") == "past"
    events = Event.objects.of(organization).annotate(**_numbers())
    page = page_of(request, events.over(at) if is_past else events.ahead(at))
    context = {
        "page": page,
        "is_past": is_past,
        "query": query_without_page(request),
        "tabs": [(_("Coming up"), "?", not is_past), (_("Past"), "?show=past", is_past)],
    }
    return show(request, organization, "campaigns/console/event_list.html", "events", context)


@require_safe
@console("look")
def event_detail(request: ConsoleRequest, organization: Organization, public_event_id: UUID) -> HttpResponse:
    event = event_of(organization, public_event_id)
    at = now()
    n = event.registrations.aggregate(
        confirmed=Count("pk", filter=Q(state=_S.CONFIRMED)),
        held=Count("pk", filter=Q(state__in=[_S.HELD, _S.OFFERED])),
        waiting=Count("pk", filter=Q(state=_S.WAITING)),
        doubted=Count("pk", filter=Q(state=_S.DOUBTED)),
        came=Count("pk", filter=Q(checked_in_at__isnull=False)),
    )
    figures = [
        (intcomma(n["confirmed"]), _("have a place")),
        (intcomma(n["held"]), _("places held for an answer")),
        (intcomma(n["waiting"]), _("on the waiting list")),
    ]
    if event.starts_at <= at or n["came"]:
        figures.append((intcomma(n["came"]), _("ticked off at the door")))
    context = {
        "event": event,
        "is_over": event.is_over(at),
        "has_begun": event.starts_at <= at,
        "figures": figures,
        "doubted": n["doubted"],
        "text": to_html(event.text),
        "outcome": to_html(event.outcome),
        "report_count": event.reports.count(),
        "open_reports": MeetingReport.objects.open().filter(event=event).count(),
        "crumbs": event_crumbs(organization),
    }
    return show(request, organization, "campaigns/console/event.html", "events", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def event_form(
    request: ConsoleRequest, organization: Organization, public_event_id: UUID | None = None
) -> HttpResponse:
    event = event_of(organization, public_event_id) if public_event_id else Event(organization=organization)
    form = EventForm(request.POST or None, instance=event)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_event(event=form.save(commit=False), actor=request.user)
        except ActionRefused as fact:
            form.add_error(fact.field, reason_of(fact))
        else:
            messages.success(request, _("The event is saved."))
            return redirect("campaigns:console-event", org=organization.slug, public_event_id=event.pk)
    told = actions.expected_count(event) if public_event_id and event.is_open else 0
    context = {
        "form": form,
        "event": event if public_event_id else None,
        "told": told,
        "time_zones": sorted(zone for zone in available_timezones() if "/" in zone and zone[:3] != "Etc"),
        "crumbs": event_crumbs(organization, event),
    }
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/console/event_form.html", "events", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def event_move(
    request: ConsoleRequest, organization: Organization, public_event_id: UUID, verb: str
) -> HttpResponse:
    """Open an event, or call it off, after a page that says what will happen."""
    event = event_of(organization, public_event_id)
    steps = {"open": _open, "cancel": _cancel}
    if verb not in steps:
        raise Http404
    step = steps[verb](request, event)
    return confirmed(
        request,
        organization,
        step,
        section="events",
        back=reverse("campaigns:console-event", args=[organization.slug, event.pk]),
        crumbs=event_crumbs(organization, event),
    )


def _open(request: ConsoleRequest, event: Event) -> Step:
    step = Step(
        title=_("Open “%(title)s”") % {"title": event.title},
        button=_("Open it"),
        consequences=[
            _("Its page is public, and it stands in the list of events and in the calendar."),
            _("People can register; each confirms by mail."),
        ],
        act=lambda: actions.open_event(event=event, actor=request.user),
    )
    if event.state == EventState.OPEN:
        return step.done_before(_("It is open already."))
    return step if event.state == EventState.DRAFT else step.barred()


def _cancel(request: ConsoleRequest, event: Event) -> Step:
    people = actions.expected_count(event)
    form = CancelEventForm(request.POST or None)
    text = ngettext(
        "%(n)s person who has a place or waits for one gets a mail.",
        "%(n)s people who have a place or wait for one get a mail.",
        people,
    )
    step = Step(
        title=_("Call “%(title)s” off") % {"title": event.title},
        button=_("Call it off"),
        consequences=[
            text % {"n": intcomma(people)},
            _("It stays in the list and in people’s calendars, as cancelled."),
            _("This can't be undone: a new event would have to be made."),
        ],
        is_danger=True,
        form=form,
        act=lambda: actions.cancel_event(
            event=event, because=form.cleaned_data["because"], actor=request.user
        ),
    )
    return step if event.state != EventState.CANCELLED else step.done_before(_("It is called off already."))


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def event_outcome(request: ConsoleRequest, organization: Organization, public_event_id: UUID) -> HttpResponse:
    """What came of an event, for its page."""
    event = event_of(organization, public_event_id)
    form = OutcomeForm(request.POST or None, initial={"outcome": event.outcome})
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_outcome(event=event, outcome=form.cleaned_data["outcome"], actor=request.user)
        except ActionRefused as fact:
            form.add_error(None, reason_of(fact))
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:console-event", org=organization.slug, public_event_id=event.pk)
    return show_form(
        request,
        organization,
        "events",
        form,
        title=_("What came of it"),
        button=_("Save"),
        crumbs=event_crumbs(organization, event),
        intro=event.title,
    )
