"""Events as an iCalendar file (RFC 5545). Reads only."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from campaigns.event_links import event_url
from campaigns.models import Event, EventState
from contacts.models import Organization
from policy.calendar import new_calendar
from policy.xml_text import carriable


def events_file(
    organization: Organization, events: Iterable[Event], *, for_guests: bool = False, page: str = ""
) -> bytes:
    """The events as a calendar, each in its own zone; the same events give the same bytes.

    `for_guests`: with the link to join, which stands in no public calendar. `page` stands for the public address, for
    somebody whose own page it is.
    """
    name = _("Events of %(organization)s") % {"organization": organization.name}
    calendar = new_calendar("Events", name)
    host = urlsplit(settings.SITE_URL).hostname or "outspoken"
    shown = list(events)
    for event in shown:
        calendar.add_component(_entry(event, host, for_guests, page or event_url(event)))
    if shown:
        calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _entry(event: Event, host: str, for_guests: bool, page: str) -> Any:
    import icalendar

    entry = icalendar.Event()
    entry.add("uid", f"{event.pk}@{host}")
    entry.add("dtstamp", event.changed_at)
    entry.add("last-modified", event.changed_at)
    entry.add("sequence", event.sequence)
    entry.add("summary", carriable(event.title))
    entry.add("dtstart", event.starts_at.astimezone(event.zone))
    entry.add("dtend", event.ends_at.astimezone(event.zone))
    place = event.place or (event.link if for_guests else _("Online"))
    entry.add("location", carriable(place))
    entry.add("url", page)
    lines = [
        event.cancelled_because,
        event.summary,
        event.access,
        event.link if for_guests else "",
        page,
    ]
    entry.add("description", "\n".join(carriable(line) for line in lines if line))
    entry.add("status", "CANCELLED" if event.state == EventState.CANCELLED else "CONFIRMED")
    return entry
