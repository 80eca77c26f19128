"""Who comes to an event: let in, ticked off at the door, taken out, and taken along as a table."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions import registrations as actions
from campaigns.errors import ActionRefused
from campaigns.models import Event, Registration, RegistrationState
from campaigns.permissions import ConsoleRequest, console, second_factor_needed
from campaigns.views.console.csv_file import csv_file, xlsx_file
from campaigns.views.console.events import event_crumbs, event_of
from campaigns.views.console.page import Step, confirmed, reason_of, show, words_of
from contacts.actions.organizations import record
from contacts.models import Organization

_S = RegistrationState
# A door list stands on one page: it is searched, ticked and printed as a whole.
_ON_THE_LIST = 2_000
# What each part of the list shows; the doubted are looked at, the rest are only read.
_PARTS = {
    "coming": [_S.CONFIRMED],
    "held": [_S.HELD, _S.OFFERED, _S.ASKED],
    "waiting": [_S.WAITING],
    "doubted": [_S.DOUBTED],
    "gone": [_S.CANCELLED, _S.EXPIRED],
}
TONES: dict[str, str] = {
    _S.CONFIRMED: "good",
    _S.HELD: "info",
    _S.OFFERED: "info",
    _S.ASKED: "info",
    _S.WAITING: "warn",
    _S.DOUBTED: "warn",
    _S.CANCELLED: "quiet",
    _S.EXPIRED: "quiet",
}


def _back(event: Event, part: str, words: str = "") -> str:
    page = reverse("campaigns:participants", args=[event.organization.slug, event.pk])
    query = {name: value for name, value in {"show": part, "q": words}.items() if value}
    return f"{page}?{urlencode(query)}"


@require_safe
@console("check_in")
def participants(request: ConsoleRequest, organization: Organization, public_event_id: UUID) -> HttpResponse:
    """The list for the door, by name; and those who wait, or are held."""
    event = event_of(organization, public_event_id)
    asked = request.GET.get("show", "")
    part = asked if asked in _PARTS else "coming"
    people = event.registrations.filter(state__in=_PARTS[part], erased_at__isnull=True)
    everybody = people.count()
    words = words_of(request)
    if words:
        people = people.filter(name__icontains=words)
    order = ["queued_at", "pk"] if part == "waiting" else ["name", "pk"]
    rows = list(people.order_by(*order)[:_ON_THE_LIST])
    labels = {
        "coming": _("Coming"),
        "held": _("Place held"),
        "waiting": _("Waiting list"),
        "doubted": _("To be looked at"),
        "gone": _("Cancelled or too late"),
    }
    context = {
        "event": event,
        "part": part,
        "words": words,
        "rows": [(row, TONES[row.state]) for row in rows],
        "everybody": everybody,
        "came": event.registrations.filter(checked_in_at__isnull=False).count(),
        "tabs": [(label, f"?show={name}", name == part) for name, label in labels.items()],
        "hidden": [("show", part)],
        "can_tick": event.is_open,
        "crumbs": event_crumbs(organization, event),
    }
    # Moments stand on the event's own clock, which may be another than the organisation's.
    with timezone.override(event.zone):
        return show(request, organization, "campaigns/console/participants.html", "events", context)


def _registration(organization: Organization, registration_id: UUID) -> Registration:
    rows = Registration.objects.select_related("event__organization")
    found: Registration = get_object_or_404(rows, event__organization=organization, pk=registration_id)
    return found


@require_POST
@console("check_in")
def participant_tick(
    request: ConsoleRequest, organization: Organization, registration_id: UUID, verb: str
) -> HttpResponse:
    """Somebody is here, or was ticked by mistake."""
    registration = _registration(organization, registration_id)
    if verb not in {"here", "not-here"}:
        raise Http404
    try:
        actions.check_in(registration=registration, came=verb == "here", actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    back = _back(registration.event, "coming", request.POST.get("q", "")[:80])
    return redirect(f"{back}#at-{registration.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@console("people")
def participant_move(
    request: ConsoleRequest, organization: Organization, registration_id: UUID, verb: str
) -> HttpResponse:
    """Take somebody out, or let somebody register who was held back."""
    registration = _registration(organization, registration_id)
    steps: dict[str, Callable[[ConsoleRequest, Registration], Step]] = {
        "take-out": _take_out,
        "admit": _admit,
    }
    if verb not in steps:
        raise Http404
    event = registration.event
    part = next(name for name, states in _PARTS.items() if registration.state in states)
    return confirmed(
        request,
        organization,
        steps[verb](request, registration),
        section="events",
        back=_back(event, part),
        crumbs=event_crumbs(organization, event),
    )


def _take_out(request: ConsoleRequest, registration: Registration) -> Step:
    step = Step(
        title=_("Take %(name)s out of “%(title)s”")
        % {"name": registration.name, "title": registration.event.title},
        button=_("Take them out"),
        consequences=[
            _("They have no place any more. No mail tells them: write to them yourself."),
            _("A place that becomes free is offered to the next person on the waiting list."),
        ],
        is_danger=True,
        act=lambda: actions.cancel(registration=registration, actor=request.user),
    )
    if registration.state in {_S.CANCELLED, _S.EXPIRED}:
        return step.done_before(_("They are out already."))
    return step if _S.CANCELLED in Registration.MOVES[registration.state] else step.barred()


def _admit(request: ConsoleRequest, registration: Registration) -> Step:
    step = Step(
        title=_("Let %(name)s register") % {"name": registration.name},
        button=_("Let them register"),
        consequences=[
            _("It was held back: %(why)s.") % {"why": registration.get_held_for_display()},
            _("They get the mail to confirm, and a place is held meanwhile if one is free."),
        ],
        act=lambda: actions.admit(registration=registration, actor=request.user),
    )
    if registration.state in {_S.HELD, _S.ASKED, _S.OFFERED, _S.WAITING, _S.CONFIRMED}:
        return step.done_before(_("Their registration goes on already."))
    return step if registration.state == _S.DOUBTED else step.barred()


@require_POST
@console("export")
def participants_file(
    request: ConsoleRequest, organization: Organization, public_event_id: UUID, ending: str
) -> HttpResponse:
    """Everybody who registered and was not erased. A POST, so that every download stands in the audit log."""
    if (detour := second_factor_needed(request)) is not None:
        return detour
    event = event_of(organization, public_event_id)
    if ending not in {"csv", "xlsx"}:
        raise Http404
    people = list(event.registrations.filter(erased_at__isnull=True).order_by("name", "pk"))
    head = [
        _("Name"),
        _("Mail address"),
        _("State"),
        _("Registered"),
        _("Confirmed"),
        _("Came"),
        _("Needs"),
        _("Language"),
    ]
    rows = [
        [
            one.name,
            one.email,
            one.get_state_display(),
            _moment(event, one.registered_at),
            _moment(event, one.confirmed_at),
            _moment(event, one.checked_in_at),
            one.needs,
            one.language,
        ]
        for one in people
    ]
    record(
        organization=organization,
        actor=request.user,
        verb="export participants",
        obj=event,
        people=len(people),
        format=ending,
    )
    make = csv_file if ending == "csv" else xlsx_file
    return make(f"{event.slug} participants", head, rows)


def _moment(event: Event, moment: datetime | None) -> str:
    """A moment on the event's own clock, with its offset."""
    return moment.astimezone(event.zone).isoformat(timespec="minutes") if moment else ""
