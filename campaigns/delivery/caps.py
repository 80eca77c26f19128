"""How much mail may go to one address, over all campaigns of the installation."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import CharField, DateTimeField, Exists, QuerySet

from campaigns.models import MailKind, OutboxMail
from contacts.models import Suppression
from contacts.statements import Given, Prepared

# Mails to one address over all campaigns of the installation (RELIABILITY, threat 6).
CAPS: list[tuple[timedelta, int]] = [
    (timedelta(minutes=10), 1),
    (timedelta(days=1), 3),
    (timedelta(days=7), 8),
]
# News of a letter and of a withdrawal is owed to a known supporter, once each: it can't be used to flood a stranger.
UNCAPPED = {
    MailKind.LETTER_FAILED,
    MailKind.LETTER_BY_HAND,
    MailKind.SEAT_CHANGED,
    MailKind.OFFICE_STOPPED,
    MailKind.WITHDRAWN,
    MailKind.REPLY,
    MailKind.QUESTION,
    MailKind.QUESTION_AGAIN,
    MailKind.ALARM,
    MailKind.DETAILS,
    MailKind.CHOICES,
    MailKind.EXPORTED,
    MailKind.ERASED,
    MailKind.UPDATE,
    MailKind.THANKS,
    MailKind.JOB,
    MailKind.NOT_OPENED,
    # Each follows from what a reviewer or the story's writer did, who confirmed the address.
    MailKind.STORY_KEPT,
    MailKind.STORY_CHANGES,
    MailKind.STORY_APPROVED,
    MailKind.STORY_DECLINED,
    MailKind.STORY_GONE,
    # Of an event, what only follows when an address was confirmed.
    MailKind.EVENT_PLACE,
    MailKind.EVENT_WAITING,
    MailKind.EVENT_OFFER,
    MailKind.EVENT_DAY,
    MailKind.EVENT_HOUR,
    MailKind.EVENT_CHANGED,
    MailKind.EVENT_OFF,
    MailKind.EVENT_REPORT,
    # What a person here decided of an organisation whose address was confirmed.
    MailKind.ENDORSE_SHOWN,
    MailKind.ENDORSE_NO,
    MailKind.ENDORSE_OFF,
    MailKind.PARTNER_JOINED,
    MailKind.PARTNER_LEFT,
}

_CAPPED_KINDS = [kind for kind in MailKind if kind not in UNCAPPED]

_HASHED = Given("hashed", CharField())
_STOPS = Prepared(lambda: _stops(_HASHED).values_list("pk")[:1])
# Twice as many as may leave in the longest span: those of the span before a moment, and of the one after it.
_CAPPED = Prepared(
    lambda: (
        OutboxMail.objects.filter(address_hash=_HASHED, kind__in=_CAPPED_KINDS)
        .filter(not_before__gt=Given("after", DateTimeField()))
        .order_by("-not_before")
        .values_list("not_before")[: 2 * CAPS[-1][1]]
    )
)


def is_stopped(hashed: Given) -> Exists:
    """Whether the owner of an address stopped all mail to it, as part of a query."""
    return Exists(_stops(hashed))


def _stops(hashed: Given) -> QuerySet[Suppression]:
    return Suppression.objects.filter(address_hash=hashed, organization__isnull=True)


def may_mail(hashed: str, at: datetime) -> bool:
    """Whether one more mail may go to an address (given by its keyed hash) now."""
    return may_leave(hashed, at, timedelta(0)) is not None


def may_leave(hashed: str, at: datetime, within: timedelta) -> datetime | None:
    """The first moment from `at` on when the caps let one more mail go to an address; None where it lies further off.

    Mails count when they leave, or are to: several that wait are spread, and never come all at once.
    """
    return None if _STOPS.rows(hashed=hashed) else first_room(hashed, at, within)


def first_room(hashed: str, at: datetime, within: timedelta) -> datetime | None:
    """What `may_leave` says of an address whose owner did not stop all mail (`is_stopped`)."""
    times = [row[0] for row in _CAPPED.rows(hashed=hashed, after=at - CAPS[-1][0])]
    moments = sorted({at, *(time + span for time in times for span, _most in CAPS)})
    return next((one for one in moments if at <= one <= at + within and _has_room(times, one)), None)


def _has_room(times: list[datetime], at: datetime) -> bool:
    """Whether one more mail at a moment leaves no span with more mails than its cap."""
    after = [*times, at]
    return all(
        sum(start <= time < start + span for time in after) <= most
        for span, most in CAPS
        for start in after
        if at - span < start <= at
    )
