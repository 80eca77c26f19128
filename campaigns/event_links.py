"""Addresses of events: their pages for everybody, and the signed link of each who comes.

A link names a registration and carries an HMAC over it and a counter kept on it: nothing secret is stored, and a newer
link makes older ones worthless.
"""

import base64
import binascii
import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from campaigns.errors import LinkSpent
from campaigns.models import Event, Registration

_SIGNER = "outspoken.registration"


def event_url(event: Event) -> str:
    """The whole address of an event's page."""
    return _whole(reverse("campaigns:event", args=[event.organization.slug, event.slug]))


def registration_url(registration: Registration, tail: str = "") -> str:
    """The whole address of somebody's own page of an event, or of a page below it."""
    return f"{_whole(reverse('campaigns:my-registration', args=[registration_token(registration)]))}{tail}"


def registration_token(registration: Registration) -> str:
    named = base64.urlsafe_b64encode(registration.pk.bytes).rstrip(b"=").decode()
    return _signer().sign(f"{named}~{registration.link_counter}")


def read_registration(token: str) -> Registration:
    """The registration a link is for. Raises LinkSpent for one that is broken, or older than the newest."""
    try:
        named, _tilde, counter = _signer().unsign(token).partition("~")
        pk = uuid.UUID(bytes=base64.urlsafe_b64decode(named + "=" * (-len(named) % 4)))
    except (BadSignature, binascii.Error, ValueError):
        raise LinkSpent from None
    found = (
        Registration.objects.select_related("event__organization", "event__measure__jurisdiction")
        .filter(pk=pk, erased_at__isnull=True)
        .first()
    )
    if found is None or str(found.link_counter) != counter:
        raise LinkSpent
    return found


def _signer() -> Signer:
    return Signer(salt=_SIGNER, sep="~")


def _whole(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path
