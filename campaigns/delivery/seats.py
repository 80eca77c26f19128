"""The places of events: given, freed, and passed on down the waiting list. The only writer of `Event.taken`.

Whoever changes places holds the event's row first, so that two never decide at once; the database itself refuses more
than there are.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from campaigns.delivery.event_mails import owe
from campaigns.models import Event, EventState, MailKind, Registration, RegistrationState
from campaigns.models.moves import move, move_many
from contacts.clock import now

_S = RegistrationState
# What ends by itself when nobody answers in time.
_DUE = [_S.DOUBTED, _S.HELD, _S.ASKED, _S.OFFERED]


def lock(event_id: UUID) -> Event:
    """The event as it is now, held until the transaction ends."""
    return (
        Event.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .get(pk=event_id)
    )


def take(event: Event) -> bool:
    """Take one place of an open event; False when none is left."""
    left = Q(capacity__isnull=True) | Q(taken__lt=F("capacity"))
    return bool(Event.objects.filter(left, pk=event.pk, state=EventState.OPEN).update(taken=F("taken") + 1))


def give_back(event: Event, n: int, at: datetime) -> None:
    """Free places that somebody had, and offer them to those first in line."""
    if n:
        Event.objects.filter(pk=event.pk).update(taken=F("taken") - n)
    pass_on(event, at)


def pass_on(event: Event, at: datetime) -> int:
    """Offer free places down the waiting list, each held until its deadline; gives how many."""
    if event.starts_at <= at:
        return 0
    offered = 0
    for registration in event.registrations.in_line().iterator(100):
        if not take(event):
            break
        until = event.held_until(at)
        move(registration, _S.OFFERED, at=at, reason="a place became free", due_at=until)
        registration.event = event
        owe(registration, MailKind.EVENT_OFFER, at, about=until.isoformat())
        offered += 1
    return offered


def release_due() -> int:
    """Places nobody confirmed or took in time go to the next in line; gives how many registrations ended."""
    at = now()
    late = Registration.objects.filter(state__in=_DUE, due_at__lte=at)
    return sum(_release(event_id, at) for event_id in sorted(set(late.values_list("event", flat=True))))


@transaction.atomic
def _release(event_id: UUID, at: datetime) -> int:
    event = lock(event_id)
    late = event.registrations.filter(due_at__lte=at)
    had_place = move_many(
        late.filter(state__in=[_S.HELD, _S.OFFERED]), _S.EXPIRED, at=at, reason="nobody answered in time"
    )
    without = move_many(
        late.filter(state__in=[_S.ASKED, _S.DOUBTED]), _S.EXPIRED, at=at, reason="nobody answered in time"
    )
    give_back(event, had_place, at)
    return had_place + without
