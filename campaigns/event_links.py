"""Addresses of events: their pages for everybody, and the signed link of each who comes."""

from django.conf import settings
from django.urls import reverse

from campaigns.counted_links import CountedLinks
from campaigns.models import Event, Registration

_LINKS = CountedLinks("outspoken.registration")


def event_url(event: Event) -> str:
    """The whole address of an event's page."""
    return settings.SITE_URL + reverse("campaigns:event", args=[event.organization.slug, event.slug])


def registration_url(registration: Registration, tail: str = "") -> str:
    """The whole address of somebody's own page of an event, or of a page below it."""
    path = reverse("campaigns:my-registration", args=[registration_token(registration)])
    return f"{settings.SITE_URL}{path}{tail}"


def registration_token(registration: Registration) -> str:
    return _LINKS.token(registration)


def read_registration(token: str) -> Registration:
    """The registration a link is for. Raises LinkSpent for one that is broken, or older than the newest."""
    rows = Registration.objects.select_related("event__organization", "event__measure__jurisdiction")
    return _LINKS.read(token, rows.filter(erased_at__isnull=True))
