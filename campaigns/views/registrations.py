"""Somebody's own page of an event, behind the signed link in their mails. GET shows, POST does."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions import registrations as actions
from campaigns.actions.meetings import may_report, report_meeting
from campaigns.actions.supporters import never_write_again
from campaigns.errors import ActionRefused
from campaigns.event_calendar import events_file
from campaigns.event_links import read_registration, registration_url
from campaigns.forms.registration import MeetingForm
from campaigns.models import Registration, RegistrationState
from campaigns.views.signed_links import View, private
from contacts.clock import now
from policy.told import words_of


def with_registration(view: View) -> View:
    """Give a view the registration its link is for, on the event's clock; a spent link gets a kind page."""

    @private
    @wraps(view)
    def respond(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            registration = read_registration(token)
        except ActionRefused as fact:
            return render(
                request, "campaigns/public/registration_spent.html", {"why": fact.message}, status=410
            )
        with timezone.override(registration.event.zone):
            return view(request, registration, token=token, **kwargs)

    return respond


def _show(
    request: HttpRequest, registration: Registration, token: str, *, why: object = "", status: int = 200
) -> HttpResponse:
    event, at = registration.event, now()
    waits = {RegistrationState.HELD, RegistrationState.ASKED, RegistrationState.OFFERED}
    is_late = registration.state in waits and (registration.due_at is None or registration.due_at <= at)
    state = RegistrationState.EXPIRED if is_late else registration.state
    place_in_line = 0
    if state == RegistrationState.WAITING:
        before = event.registrations.in_line().filter(queued_at__lt=registration.queued_at)
        place_in_line = before.count() + 1
    context = {
        "registration": registration,
        "event": event,
        "organization": event.organization,
        "token": token,
        "state": state,
        "is_over": event.is_over(at),
        "has_begun": event.starts_at <= at,
        "place_in_line": place_in_line,
        "may_report": may_report(registration),
        "why": why,
    }
    return render(request, "campaigns/public/registration.html", context, status=status)


@require_safe
@with_registration
def my_registration(request: HttpRequest, registration: Registration, *, token: str) -> HttpResponse:
    """What holds now, with the one button that fits: confirm, take the place, or cancel."""
    return _show(request, registration, token)


@require_POST
@with_registration
def registration_move(
    request: HttpRequest, registration: Registration, *, token: str, verb: str
) -> HttpResponse:
    moves: dict[str, Callable[..., object]] = {"confirm": actions.confirm, "cancel": actions.cancel}
    if verb not in moves:
        raise Http404
    if verb == "cancel" and registration.state in {RegistrationState.CANCELLED, RegistrationState.EXPIRED}:
        # Pressed again, or too late: the place is given back, and the page says so.
        return redirect("campaigns:my-registration", token=token)
    try:
        moves[verb](registration=registration)
    except ActionRefused as fact:
        return _show(request, read_registration(token), token, why=fact.message, status=409)
    return redirect("campaigns:my-registration", token=token)


@require_safe
@with_registration
def registration_file(request: HttpRequest, registration: Registration, *, token: str) -> HttpResponse:
    """The event for their own calendar, with the link to join for who has a place."""
    event = registration.event
    is_guest = registration.state == RegistrationState.CONFIRMED
    with override(registration.language):
        page = registration_url(registration)
        content = events_file(event.organization, [event], for_guests=is_guest, page=page)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@with_registration
def registration_met(request: HttpRequest, registration: Registration, *, token: str) -> HttpResponse:
    """“I met my legislator”: a short form after a lobby day; it can be sent once for each of them."""
    event = registration.event
    if not may_report(registration):
        return _show(request, registration, token, why=_("Nobody is asked whom they met here."), status=409)
    form = MeetingForm(request.POST or None, event=event)
    done = ""
    if request.method == "POST" and form.is_valid():
        try:
            report = report_meeting(registration=registration, **form.cleaned_data)
        except ActionRefused as fact:
            form.add_error(fact.field, str(fact.message))
        else:
            done = report.legislator.name
            form = MeetingForm(event=event)
    context = {
        "registration": registration,
        "event": event,
        "measure": words_of(event.measure, event.organization),
        "organization": event.organization,
        "token": token,
        "form": form,
        "done": done,
        "reports": registration.reports.select_related("legislator"),
    }
    status = 422 if form.errors else 200
    return render(request, "campaigns/public/registration_met.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@with_registration
def registration_data(request: HttpRequest, registration: Registration, *, token: str) -> HttpResponse:
    """Take along, or erase, all that the organisation keeps of somebody's registrations."""
    event = registration.event
    context = {
        "registration": registration,
        "event": event,
        "organization": event.organization,
        "token": token,
    }
    if request.method == "POST" and "erase" in request.POST:
        if "sure" not in request.POST:
            return render(
                request, "campaigns/public/registration_data.html", {**context, "unsure": True}, status=422
            )
        actions.erase_registrations(actions.of_same_person(registration))
        return render(
            request, "campaigns/public/registration_erased.html", {"organization": event.organization}
        )
    if request.method == "POST":
        content = actions.take_along(registration=registration)
        response = HttpResponse(content, content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="my-registrations.zip"'
        return response
    return render(request, "campaigns/public/registration_data.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@with_registration
def registration_stop(request: HttpRequest, registration: Registration, *, token: str) -> HttpResponse:
    """Never write to this address again, from any organisation here."""
    done = request.method == "POST"
    if done:
        never_write_again(canonical=registration.canonical_email)
    context = {
        "registration": registration,
        "event": registration.event,
        "organization": registration.event.organization,
        "token": token,
        "done": done,
    }
    return render(request, "campaigns/public/registration_stop.html", context)
