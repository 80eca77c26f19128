"""What mails about an event say, kind by kind: one sentence for the subject, some for the body, and one button."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.event_links import event_url, registration_url
from campaigns.models import Event, MailKind, Registration, RegistrationState


@dataclass(frozen=True)
class Words:
    """`has_link`: whether the link to join online stands in the mail; only who has a place sees it."""

    subject: str
    lines: list[str]
    button: str
    has_link: bool = False


def event_context(kind: str, registration: Registration) -> dict[str, Any]:
    """All that a mail about an event is made of. Call it with the reader's language and the event's zone active."""
    event = registration.event
    words = _WORDS[kind](registration, event)
    page = registration_url(registration)
    button_url = page
    if kind == MailKind.EVENT_REPORT:
        button_url = registration_url(registration, "met/")
    elif kind == MailKind.EVENT_OFF:
        button_url = event_url(event)
    return {
        "registration": registration,
        "event": event,
        "organization": event.organization,
        "language": registration.language,
        "words": words,
        "when": when(event),
        "zone": zone_in_words(event),
        "button_url": button_url,
        "page_url": page,
        "link": event.link if words.has_link else "",
        "stop_url": registration_url(registration, "stop/"),
    }


def when(event: Event) -> str:
    """From when to when, on the event's own clock."""
    first, last = event.starts_at.astimezone(event.zone), event.ends_at.astimezone(event.zone)
    day, hour = date_format(first, "DATE_FORMAT"), date_format(first, "TIME_FORMAT")
    weekday = date_format(first, "l")
    if first.date() == last.date():
        end = date_format(last, "TIME_FORMAT")
    else:
        end = f"{date_format(last, 'DATE_FORMAT')}, {date_format(last, 'TIME_FORMAT')}"
    return _("%(weekday)s, %(day)s, %(first)s to %(last)s") % {
        "weekday": weekday,
        "day": day,
        "first": hour,
        "last": end,
    }


def zone_in_words(event: Event) -> str:
    """Whose clock its hours are on, with how far it is from UTC that day."""
    city = event.time_zone.rpartition("/")[2].replace("_", " ")
    offset = event.starts_at.astimezone(event.zone).strftime("%z")
    return city if city == "UTC" else f"{city}, UTC{offset[:3]}:{offset[3:]}"


def _until(moment: datetime | None, event: Event) -> str:
    return date_format(moment.astimezone(event.zone), "DATETIME_FORMAT") if moment else ""


def _confirm(registration: Registration, event: Event) -> Words:
    title = {"title": event.title}
    asked = _("you (or somebody with your mail address) want to come to “%(title)s”.") % title
    until = {"time": _until(registration.due_at, event)}
    if registration.state == RegistrationState.ASKED:
        return Words(
            _("Confirm for the waiting list: %(title)s") % title,
            [
                asked,
                _("All places are taken. Join the waiting list by %(time)s.") % until,
                _("If it was not you, do nothing."),
            ],
            _("Join the waiting list"),
        )
    return Words(
        _("Confirm your place: %(title)s") % title,
        [
            asked,
            _("A place is held for you until %(time)s. It is yours when you confirm it.") % until,
            _("If it was not you, do nothing: the place becomes free again."),
        ],
        _("Confirm my place"),
    )


def _link(_registration: Registration, event: Event) -> Words:
    return Words(
        _("Your link: %(title)s") % {"title": event.title},
        [_("you have registered already. On your page you see what holds, and can cancel.")],
        _("Open my page"),
    )


def _place(_registration: Registration, event: Event) -> Words:
    return Words(
        _("You have a place: %(title)s") % {"title": event.title},
        [
            _("your place is confirmed. We look forward to seeing you."),
            _("If you can’t come after all, please cancel on your page: somebody else may be waiting."),
        ],
        _("Open my page"),
        has_link=True,
    )


def _waiting(_registration: Registration, event: Event) -> Words:
    return Words(
        _("You are on the waiting list: %(title)s") % {"title": event.title},
        [_("all places are taken. When one becomes free for you, a mail says so and until when it is held.")],
        _("Open my page"),
    )


def _offer(registration: Registration, event: Event) -> Words:
    return Words(
        _("A place is free for you: %(title)s") % {"title": event.title},
        [
            _("you were first in line. The place is held for you until %(time)s.")
            % {"time": _until(registration.due_at, event)},
            _("After that it goes to the next person. If you can’t come, cancel, and they hear sooner."),
        ],
        _("Take the place"),
    )


def _day(_registration: Registration, event: Event) -> Words:
    return Words(
        _("Coming up: %(title)s") % {"title": event.title},
        [
            _("you have a place. Here is what you need."),
            _("If you can’t come after all, please cancel on your page."),
        ],
        _("Open my page"),
        has_link=True,
    )


def _hour(_registration: Registration, event: Event) -> Words:
    return Words(
        _("It begins within the hour: %(title)s") % {"title": event.title},
        [_("see you soon.")],
        _("Open my page"),
        has_link=True,
    )


def _changed(registration: Registration, event: Event) -> Words:
    return Words(
        _("Please note, it has changed: %(title)s") % {"title": event.title},
        [
            _("the time, the place or the link is another one now. This is what holds:"),
            _("If it does not suit you any more, please cancel on your page."),
        ],
        _("Open my page"),
        has_link=registration.state == RegistrationState.CONFIRMED,
    )


def _off(_registration: Registration, event: Event) -> Words:
    lines = [_("“%(title)s” does not take place. You need do nothing.") % {"title": event.title}]
    if event.cancelled_because:
        lines.append(event.cancelled_because)
    return Words(_("Cancelled: %(title)s") % {"title": event.title}, lines, _("Open the event’s page"))


def _report(_registration: Registration, event: Event) -> Words:
    return Words(
        _("Whom did you meet? %(title)s") % {"title": event.title},
        [
            _("thank you for coming. What your legislator said helps everybody who talks to them next."),
            _("It takes a minute: whom you met, and what they said."),
        ],
        _("Tell us whom you met"),
    )


_WORDS: dict[str, Callable[[Registration, Event], Words]] = {
    MailKind.EVENT_CONFIRM: _confirm,
    MailKind.EVENT_LINK: _link,
    MailKind.EVENT_PLACE: _place,
    MailKind.EVENT_WAITING: _waiting,
    MailKind.EVENT_OFFER: _offer,
    MailKind.EVENT_DAY: _day,
    MailKind.EVENT_HOUR: _hour,
    MailKind.EVENT_CHANGED: _changed,
    MailKind.EVENT_OFF: _off,
    MailKind.EVENT_REPORT: _report,
}
