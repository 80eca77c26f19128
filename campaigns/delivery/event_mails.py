"""What mail is owed to people who come to an event: each once for what it tells of."""

from datetime import datetime, timedelta

from campaigns.delivery.caps import CAPS, may_leave
from campaigns.models import (
    Event,
    EventState,
    MailKind,
    OutboxMail,
    Pledge,
    Registration,
    RegistrationState,
)
from campaigns.models.registration import RegistrationQuerySet
from campaigns.willing import agreed_at, is_stopped
from contacts.addresses import address_hash
from contacts.clock import now

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
# So long after an event it makes sense to ask whom people met.
ASKED_WITHIN = timedelta(days=7)
# Mails that anybody can bring about by typing an address: they keep to the caps on it.
CAPPED = {MailKind.EVENT_CONFIRM, MailKind.EVENT_LINK}
# So long the last of the mails of one day may wait, as they leave one by one.
_WAITS = CAPS[0][0] * (CAPS[1][1] - 1)


def owe(registration: Registration, kind: str, at: datetime, about: str = "") -> None:
    """Owe somebody a mail about their registration; asked twice for one `about`, it is owed once."""
    leaves = leaves_at(registration.canonical_email, at) if kind in CAPPED else at
    if leaves is not None:
        _owe([registration], registration.event, kind, leaves, at, about)


def leaves_at(canonical: str, at: datetime) -> datetime | None:
    """When one more capped mail to an address may leave; None when it may not.

    Who registers for several events in a row waits some minutes for each mail; more than a day's come to nothing.
    """
    return may_leave(address_hash(canonical), at, _WAITS)


def owe_all(people: RegistrationQuerySet, event: Event, kind: str, at: datetime, about: str) -> int:
    """Owe a mail to each of `people`, who are all of `event`; gives to how many it was not owed before."""
    told = OutboxMail.objects.filter(kind=kind, about=about, registration__event=event)
    new = list(people.exclude(pk__in=told.values("registration")).order_by("pk"))
    _owe(new, event, kind, at, at, about)
    return len(new)


def _owe(
    people: list[Registration], event: Event, kind: str, leaves: datetime, at: datetime, about: str
) -> None:
    OutboxMail.objects.bulk_create(
        (
            OutboxMail(
                organization_id=event.organization_id,
                registration=one,
                kind=kind,
                about=about[:40],
                address_hash=address_hash(one.canonical_email),
                not_before=leaves,
                created_at=at,
            )
            for one in people
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


def remind() -> int:
    """Owe the reminders that are due, each once for a beginning, and afterwards the question whom people met."""
    at = now()
    ahead = Event.objects.filter(state=EventState.OPEN, starts_at__gt=at)
    owed = 0
    for event in ahead.filter(starts_at__lte=at + A_DAY):
        owed += _remind(event, MailKind.EVENT_DAY, A_DAY, at)
    for event in ahead.filter(starts_at__lte=at + AN_HOUR, remind_hour=True):
        owed += _remind(event, MailKind.EVENT_HOUR, AN_HOUR, at)
    over = Event.objects.filter(state=EventState.OPEN, asks_reports=True, ends_at__lte=at)
    for event in over.filter(ends_at__gt=at - ASKED_WITHIN):
        owed += owe_all(came(event), event, MailKind.EVENT_REPORT, at, about="")
    return owed


def _remind(event: Event, kind: str, before: timedelta, at: datetime) -> int:
    # Who took their place after that moment was told everything then.
    people = event.registrations.filter(
        state=RegistrationState.CONFIRMED, confirmed_at__lte=event.starts_at - before
    )
    return owe_all(people, event, kind, at, about=event.starts_at.isoformat())


def came(event: Event) -> RegistrationQuerySet:
    """Who was there: those ticked off at the door, or all with a place where nobody ticked anybody off."""
    people = event.registrations.filter(state=RegistrationState.CONFIRMED, erased_at__isnull=True)
    ticked = people.filter(checked_in_at__isnull=False)
    return ticked if ticked.exists() else people


def is_wanted(mail: OutboxMail, registration: Registration) -> bool:
    """Whether a mail about a registration is still right when it is about to leave."""
    event, state, at = registration.event, registration.state, now()
    if registration.erased_at is not None:
        return False
    if mail.kind == MailKind.EVENT_OFF:
        return event.state == EventState.CANCELLED
    if event.state != EventState.OPEN:
        return False
    if mail.kind == MailKind.EVENT_REPORT:
        return state == RegistrationState.CONFIRMED and _may_be_asked(mail, registration)
    if event.is_over(at):
        return False
    states = _WANTED.get(mail.kind)
    is_newest = mail.kind != MailKind.EVENT_CHANGED or mail.about == str(event.sequence)
    is_same_day = mail.kind not in _REMINDERS or mail.about == event.starts_at.isoformat()
    return (states is None or state in states) and is_newest and is_same_day


def _may_be_asked(mail: OutboxMail, registration: Registration) -> bool:
    """Nobody needs the question, so a stop of the organisation's alone ends it, too, until they agree to its news."""
    organization = registration.event.organization
    pledges = Pledge.objects.filter(
        campaign__organization=organization, canonical_email=registration.canonical_email
    )
    return not is_stopped(organization, mail.address_hash, agreed_at(pledges))


_REMINDERS = {MailKind.EVENT_DAY, MailKind.EVENT_HOUR}
_S = RegistrationState
_WANTED: dict[str, set[str]] = {
    MailKind.EVENT_CONFIRM: {_S.HELD, _S.ASKED},
    MailKind.EVENT_LINK: {_S.WAITING, _S.OFFERED, _S.CONFIRMED},
    MailKind.EVENT_PLACE: {_S.CONFIRMED},
    MailKind.EVENT_WAITING: {_S.WAITING},
    MailKind.EVENT_OFFER: {_S.OFFERED},
    MailKind.EVENT_DAY: {_S.CONFIRMED},
    MailKind.EVENT_HOUR: {_S.CONFIRMED},
    MailKind.EVENT_CHANGED: {_S.WAITING, _S.OFFERED, _S.CONFIRMED},
}
