"""Dates of measures as an iCalendar file (RFC 5545), and the secret link to an organisation's own. Reads only."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from contacts.models import Organization
from policy.models import CalendarFeed, MeasureDate

_MAC_BYTES = 16  # 128 bits: beyond guessing, and the link stays short


def calendar_file(organization: Organization, dates: Iterable[MeasureDate], page_of: str) -> bytes:
    """The dates as a calendar; `page_of` is an address with `{}` for a measure's id.

    The same dates give the same bytes. Ids stay, so that a date that moved moves in every calendar; a cancelled one
    is sent as cancelled, for programs keep what is merely missing.
    """
    calendar = new_calendar(
        "Measures", _("Measures of %(organization)s") % {"organization": organization.name}
    )
    host = urlsplit(settings.SITE_URL).hostname or "outspoken"
    for date in dates:
        calendar.add_component(_event(date, host, page_of.format(date.measure_id)))
    if any(date.starts_at for date in dates):
        calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def new_calendar(product: str, name: str) -> Any:
    """A calendar without entries, called `name`; programs look for news of it every four hours."""
    # Loaded when somebody asks for a calendar: it brings every time zone with it.
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//Outspoken//{product}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    return calendar


def _event(date: MeasureDate, host: str, page: str) -> Any:
    import icalendar

    measure = date.measure
    event = icalendar.Event()
    event.add("uid", f"{date.pk}@{host}")
    event.add("dtstamp", date.changed_at)
    event.add("last-modified", date.changed_at)
    event.add("sequence", date.sequence)
    event.add("summary", f"{date.get_kind_display()}: {measure.identifier}, {measure.title}")
    start, end = date.moment(), date.end()
    if start and end:
        event.add("dtstart", start)
        event.add("dtend", end)
    else:
        event.add("dtstart", date.on)
        event.add("dtend", date.on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    place = ", ".join(part for part in (date.chamber.name if date.chamber else "", date.place) if part)
    if place:
        event.add("location", place)
    if date.link:
        event.add("url", date.link)
    lines = [date.cancelled_because if date.cancelled_at else "", date.note, date.link, page]
    event.add("description", "\n".join(line for line in lines if line))
    event.add("status", "CANCELLED" if date.cancelled_at else "CONFIRMED")
    return event


def _mac(key: str, organization_id: UUID, version: int) -> bytes:
    derived = hashlib.sha256(b"outspoken.calendar." + key.encode()).digest()
    return hmac.new(derived, f"{organization_id.hex}.{version}".encode(), hashlib.sha256).digest()[
        :_MAC_BYTES
    ]


def feed_token(feed: CalendarFeed) -> str:
    """The secret part of the feed's address: nothing of it is stored, so nothing of it can leak from a backup."""
    mac = _mac(settings.SECRET_KEY, feed.organization_id, feed.version)
    return base64.urlsafe_b64encode(feed.organization_id.bytes + mac).rstrip(b"=").decode()


def organization_of(token: str) -> Organization | None:
    """Whose calendar a secret address opens; None for one that is wrong or was renewed."""
    try:
        data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(data) != 16 + _MAC_BYTES:
        return None
    feed = (
        CalendarFeed.objects.select_related("organization")
        .filter(organization_id=UUID(bytes=data[:16]))
        .first()
    )
    if feed is None:
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if any(hmac.compare_digest(_mac(key, feed.organization_id, feed.version), data[16:]) for key in keys):
        return feed.organization
    return None
