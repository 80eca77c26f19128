"""How events read on pages: their hours on their own clock, and what state they are in."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.delivery.event_texts import when as when_in_words
from campaigns.delivery.event_texts import zone_in_words
from campaigns.models import Event, EventState

register = template.Library()


@register.filter
def when(event: Event) -> str:
    """From when to when, on the event's own clock."""
    return when_in_words(event)


@register.filter
def clock(event: Event) -> str:
    """Whose clock that is."""
    return zone_in_words(event)


@register.filter
def first_day(event: Event, form: str = "DATE_FORMAT") -> str:
    """The day it begins on its own clock, in one of Django's formats."""
    return date_format(event.starts_at.astimezone(event.zone), form)


@register.filter
def iso(event: Event, end: str = "starts") -> str:
    """The moment it begins (or "ends"), for programs: ISO 8601 with its own offset."""
    moment = event.ends_at if end == "ends" else event.starts_at
    return moment.astimezone(event.zone).isoformat()


@register.filter
def places_left(event: Event) -> str:
    """How many places are left, in words; empty where there is no end of them."""
    left = event.left
    if left is None:
        return ""
    if not left:
        return _("Full. There is a waiting list.")
    return _("%(left)s of %(all)s places left") % {
        "left": intcomma(left),
        "all": intcomma(event.capacity or 0),
    }


@register.simple_tag
def event_state(event: Event, is_over: bool) -> dict[str, str]:
    """The state of an event in a word, and its tone."""
    if event.state == EventState.OPEN and is_over:
        return {"label": _("Past"), "tone": "quiet"}
    tones: dict[str, str] = {
        EventState.DRAFT: "quiet",
        EventState.OPEN: "good",
        EventState.CANCELLED: "bad",
    }
    return {"label": event.get_state_display(), "tone": tones[event.state]}
