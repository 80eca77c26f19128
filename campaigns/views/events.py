"""Events for everybody: the list, each event's page with its form, calendars, and the picture for other sites.

No page sets a cookie; the link to join stands on none of them.
"""

import hashlib

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from campaigns import limits
from campaigns.actions.registrations import Registering, register
from campaigns.doubts import is_disposable
from campaigns.errors import EventClosed
from campaigns.event_calendar import events_file
from campaigns.event_links import event_url
from campaigns.forms.registration import RegistrationForm
from campaigns.kept_pages import keep, may_keep
from campaigns.models import Event, EventState, HeldFor, Registration
from campaigns.same_origin import came_from_elsewhere
from campaigns.sharing import event_picture_url, event_picture_words
from campaigns.views.share import drawn
from contacts.clock import now
from contacts.models import Organization, Role
from policy.help import has_help
from policy.markdown import to_html
from policy.told import words_of

# Events that are over, as many as anybody looks back at; and how many a calendar carries.
_PAST_SHOWN, _IN_CALENDAR = 12, 200


@require_safe
def event_list(request: HttpRequest, org: str) -> HttpResponse:
    """What is ahead, and what was."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    at = now()
    events = Event.objects.of(organization).public().select_related("organization")
    context = {
        "organization": organization,
        "ahead": events.ahead(at)[:100],
        "over": events.filter(state=EventState.OPEN).over(at)[:_PAST_SHOWN],
        "messages": (),
    }
    response = render(request, "campaigns/public/event_list.html", context)
    keep(request, response)
    return response


def visible_event(request: HttpRequest, org: str, slug: str) -> Event:
    """An event this visitor may see: what was never open only people of its organisation. Raises Http404."""
    events = Event.objects.filter(organization__slug=org, slug=slug)
    event = get_object_or_404(events.select_related("organization", "issue", "campaign__outcome", "measure"))
    if not _is_public(event):
        mine = Role.objects.filter(organization=event.organization, user=request.user.pk)
        if not mine.exists():
            raise Http404
    return event


def _is_public(event: Event) -> bool:
    return event.is_open or Event.objects.public().filter(pk=event.pk).exists()


@require_safe
def event_page(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    event = visible_event(request, org, slug)
    form = RegistrationForm(owner=event)
    own = form.leave_open() if may_keep(request) else {}
    response = _page(request, event, form)
    keep(request, response, own)
    return response


def _page(request: HttpRequest, event: Event, form: RegistrationForm, status: int = 200) -> HttpResponse:
    at = now()
    campaign = event.campaign
    is_campaign_open = campaign is not None and campaign.is_open and not campaign.is_test
    context = {
        "event": event,
        "organization": event.organization,
        "issue": words_of(event.issue, event.organization),
        "form": form,
        "is_over": event.is_over(at),
        "has_begun": event.starts_at <= at,
        "waiting": Registration.objects.in_line().filter(event=event).count() if event.is_full else 0,
        "text": to_html(event.text),
        "outcome": to_html(event.outcome),
        "page_url": event_url(event),
        "picture_url": event_picture_url(event),
        "open_campaign": campaign if is_campaign_open else None,
        "has_help": has_help(event.organization),
        "messages": (),
    }
    # Moments stand on the event's own clock, whoever looks.
    with timezone.override(event.zone):
        return render(request, "campaigns/public/event.html", context, status=status)


@csrf_exempt
@require_POST
def event_register(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    """Take a registration. New, repeated and doubted ones get the same answer: nobody learns who comes."""
    if came_from_elsewhere(request):
        raise PermissionDenied
    event = visible_event(request, org, slug)
    form = RegistrationForm(request.POST, owner=event)
    if not form.is_valid():
        return _page(request, event, form, status=422)
    data = form.cleaned_data
    person = Registering(
        name=data["name"],
        email=data["email"],
        language=get_language() or event.language,
        needs=data["needs"],
    )
    doubt = _doubt(request, event, form)
    # What is one too many is kept for nobody: a flood leaves nothing behind, and the page says the same.
    if doubt and not limits.may_hold(event.pk):
        return redirect("campaigns:event-mail", org=org, slug=slug)
    try:
        register(event=event, person=person, doubt=doubt)
    except EventClosed as fact:
        form.add_error(None, str(fact.message))
        return _page(request, event, form, status=409)
    return redirect("campaigns:event-mail", org=org, slug=slug)


def _doubt(request: HttpRequest, event: Event, form: RegistrationForm) -> str:
    """Why a registration should wait for a person (HeldFor), or an empty text."""
    within = all(limits.may_send(limits.client_address(request), event.pk, form.nonce))
    if form.is_robot:
        return HeldFor.ROBOT
    if not within:
        return HeldFor.PLACE
    return HeldFor.DISPOSABLE if is_disposable(form.cleaned_data["email"]) else ""


@require_safe
def event_mail(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    """What to do next, the same for everybody."""
    event = visible_event(request, org, slug)
    context = {"event": event, "organization": event.organization, "messages": ()}
    return render(request, "campaigns/public/event_mail.html", context)


@require_safe
def event_picture(request: HttpRequest, org: str, slug: str) -> HttpResponseBase:
    """The event's title and day as a PNG; drawn once, then kept for a day."""
    return drawn(request, event_picture_words(visible_event(request, org, slug)))


@require_safe
def event_file(request: HttpRequest, org: str, slug: str) -> HttpResponseBase:
    """One event for a calendar."""
    event = visible_event(request, org, slug)
    with override(event.language):
        content = events_file(event.organization, [event])
    response = _calendar(request, content, f"{event.slug}.ics", "attachment")
    if not _is_public(event):
        response["Cache-Control"] = "no-store"
    return response


@require_safe
def event_feed(request: HttpRequest, org: str) -> HttpResponseBase:
    """All events of an organisation that are ahead or were lately, for programs that subscribe."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    events = Event.objects.of(organization).public().select_related("organization")
    with override(organization.language):
        content = events_file(organization, events.order_by("-starts_at", "pk")[:_IN_CALENDAR])
    return _calendar(request, content, "events.ics", "inline")


def _calendar(request: HttpRequest, content: bytes, name: str, how: str) -> HttpResponseBase:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'{how}; filename="{name}"'
    response["Cache-Control"] = "public, max-age=300"
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
