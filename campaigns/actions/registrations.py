"""Coming to an event: registered, confirmed by mail, taken back, ticked off at the door, forgotten."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from campaigns.delivery import seats
from campaigns.delivery.event_mails import leaves_at, owe
from campaigns.errors import BadMove, EventClosed, LinkSpent
from campaigns.held import Rows, as_zip, registrations_held
from campaigns.models import (
    WITH_PLACE,
    Event,
    MailKind,
    MailState,
    MeetingReport,
    OutboxMail,
    Registration,
    RegistrationState,
)
from campaigns.models.moves import move
from campaigns.same_person import registrations_of
from contacts.actions.organizations import record
from contacts.addresses import canonical_email
from contacts.clock import now
from contacts.models import User

_S = RegistrationState
# A registration nobody looks at for so long ends by itself.
REVIEW_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class Registering:
    """What somebody entered to come."""

    name: str
    email: str
    language: str = "en"
    needs: str = ""


@transaction.atomic
def register(*, event: Event, person: Registering, doubt: str = "") -> Registration | None:
    """Hold a place for somebody until they confirm by mail, or note them for the waiting list when none is left.

    With a doubt (HeldFor) nothing is held and nobody is mailed until a person looked. Whether the address is new,
    waits or comes already, the caller sees the same; the mail differs. None when the address may get no mail: no place
    is held that nobody could confirm. Raises EventClosed, and BadAddress.
    """
    at = now()
    canonical = canonical_email(person.email)
    event = seats.lock(event.pk)
    if not event.is_open or event.starts_at <= at:
        raise EventClosed
    leaves = leaves_at(canonical, at)
    if not doubt and leaves is None:
        return None
    fields = {**asdict(person), "registered_at": at}
    registration = event.registrations.filter(canonical_email=canonical).first()
    if registration is None:
        registration = Registration(event=event, canonical_email=canonical, **fields)
        _begin(registration, doubt, at)
        return registration
    registration.event = event
    if doubt:
        # Nobody is mailed; of what still holds nothing is changed.
        if registration.state in {_S.CANCELLED, _S.EXPIRED}:
            _doubt_again(registration, fields, doubt, at)
    elif registration.state in {_S.CANCELLED, _S.EXPIRED, _S.DOUBTED}:
        _begin_again(registration, fields, at)
    elif registration.state in {_S.HELD, _S.ASKED}:
        # The link they have is good until a newer one leaves.
        if leaves == at:
            _change(registration, **fields, link_counter=registration.link_counter + 1)
            owe(registration, MailKind.EVENT_CONFIRM, at, about=str(registration.link_counter))
    elif registration.state in {_S.WAITING, _S.OFFERED, _S.CONFIRMED}:
        owe(registration, MailKind.EVENT_LINK, at, about=at.isoformat())
    return registration


def _begin(registration: Registration, doubt: str, at: datetime) -> None:
    event = registration.event
    if doubt:
        registration.state, registration.held_for = _S.DOUBTED, doubt
        registration.due_at = _looked_at_by(event, at)
    else:
        registration.state = _S.HELD if seats.take(event) else _S.ASKED
        registration.due_at = event.held_until(at)
    registration.save(force_insert=True)
    registration.history.create(to_state=registration.state, reason=doubt, at=at)
    if not doubt:
        owe(registration, MailKind.EVENT_CONFIRM, at, about=str(registration.link_counter))


def _looked_at_by(event: Event, at: datetime) -> datetime:
    return min(at + REVIEW_WITHIN, event.starts_at)


def _doubt_again(registration: Registration, fields: dict[str, object], doubt: str, at: datetime) -> None:
    """Somebody whose registration had ended registers anew, in doubt: it waits for a person as a first one would."""
    move(
        registration,
        _S.DOUBTED,
        at=at,
        reason=doubt,
        held_for=doubt,
        due_at=_looked_at_by(registration.event, at),
        queued_at=None,
        confirmed_at=None,
        link_counter=registration.link_counter + 1,
        **fields,
    )


def _begin_again(registration: Registration, fields: dict[str, object], at: datetime) -> None:
    """Somebody who had cancelled, was too late, or was held back, registers anew with the same row."""
    event = registration.event
    move(
        registration,
        _S.HELD if seats.take(event) else _S.ASKED,
        at=at,
        reason="registered again",
        due_at=event.held_until(at),
        queued_at=None,
        confirmed_at=None,
        link_counter=registration.link_counter + 1,
        **fields,
    )
    owe(registration, MailKind.EVENT_CONFIRM, at, about=str(registration.link_counter))


def _change(registration: Registration, **changes: object) -> None:
    Registration.objects.filter(pk=registration.pk).update(**changes)
    for name, value in changes.items():
        setattr(registration, name, value)


def _locked(registration: Registration) -> Registration:
    """The registration as it is now, with its event held; in this order, as everywhere."""
    event = seats.lock(registration.event_id)
    found = Registration.objects.get(pk=registration.pk)
    found.event = event
    return found


@transaction.atomic
def confirm(*, registration: Registration) -> Registration:
    """By the link in their mail somebody takes the place that is held for them, or joins the waiting list.

    Once confirmed, confirming again changes nothing. Raises EventClosed, and LinkSpent when it is too late.
    """
    at = now()
    registration = _locked(registration)
    if registration.state in {_S.CONFIRMED, _S.WAITING}:
        return registration
    if not registration.event.is_open or registration.event.starts_at <= at:
        raise EventClosed
    waits = registration.state in {_S.HELD, _S.ASKED, _S.OFFERED}
    if not waits or registration.due_at is None or registration.due_at <= at:
        raise LinkSpent
    has_place = registration.state in {_S.HELD, _S.OFFERED} or seats.take(registration.event)
    if has_place:
        move(registration, _S.CONFIRMED, at=at, reason="confirmed by link", confirmed_at=at, due_at=None)
        owe(registration, MailKind.EVENT_PLACE, at, about=at.isoformat())
    else:
        move(
            registration,
            _S.WAITING,
            at=at,
            reason="no place left",
            confirmed_at=at,
            queued_at=at,
            due_at=None,
        )
        owe(registration, MailKind.EVENT_WAITING, at, about=at.isoformat())
    return registration


@transaction.atomic
def cancel(*, registration: Registration, actor: User | None = None) -> None:
    """Take a registration back, by its owner or (with `actor`) by an organizer; its place goes to the next in line.

    Raises BadMove when there is nothing to take back, or the event is over.
    """
    at = now()
    registration = _locked(registration)
    if registration.event.is_over(at):
        raise BadMove
    _leave(registration, at, actor, "taken out" if actor else "cancelled by link")
    if actor is not None:
        event = registration.event
        record(organization=event.organization, actor=actor, verb="take out of event", obj=registration)


def _leave(registration: Registration, at: datetime, actor: User | None, reason: str) -> None:
    had_place = registration.state in WITH_PLACE
    move(registration, _S.CANCELLED, at=at, reason=reason, actor=actor, checked_in_at=None, due_at=None)
    seats.give_back(registration.event, int(had_place), at)


@transaction.atomic
def admit(*, registration: Registration, actor: User) -> None:
    """A person found nothing wrong with a registration that was held back: it goes on like any other."""
    at = now()
    registration = _locked(registration)
    event = registration.event
    if registration.state != _S.DOUBTED or not event.is_open or event.starts_at <= at:
        raise BadMove
    state = _S.HELD if seats.take(event) else _S.ASKED
    move(registration, state, at=at, reason="looked at", actor=actor, due_at=event.held_until(at))
    owe(registration, MailKind.EVENT_CONFIRM, at, about=str(registration.link_counter))
    record(organization=event.organization, actor=actor, verb="let register", obj=registration)


@transaction.atomic
def check_in(*, registration: Registration, came: bool, actor: User) -> None:
    """Tick somebody off at the door, or take the tick away; twice is fine. Raises BadMove for who has no place."""
    at = now()
    registration = _locked(registration)
    if registration.state != _S.CONFIRMED:
        raise BadMove
    if came == (registration.checked_in_at is not None):
        return
    _change(registration, checked_in_at=at if came else None)
    event = registration.event
    verb = "check in" if came else "take check-in back"
    record(organization=event.organization, actor=actor, verb=verb, obj=registration)


def of_same_person(registration: Registration) -> QuerySet[Registration]:
    """All registrations with the organisation by the one who has this link."""
    return registrations_of(
        registration.event.organization, {registration.canonical_email}, {registration.name}
    )


@transaction.atomic
def erase_registrations(registrations: QuerySet[Registration]) -> int:
    """Forget who registered; places of events ahead are freed first. Gives how many."""
    at = now()
    found = list(registrations.order_by("event_id").values_list("pk", "event_id"))
    for pk, event_id in found:
        event = seats.lock(event_id)
        registration = Registration.objects.get(pk=pk)
        registration.event = event
        if not event.is_over(at) and _S.CANCELLED in Registration.MOVES[registration.state]:
            _leave(registration, at, None, "erased")
        MeetingReport.objects.filter(registration=registration).update(words="")
        owed = OutboxMail.objects.filter(registration=registration, state=MailState.QUEUED)
        owed.update(state=MailState.DROPPED)
        _change(
            registration,
            name="",
            email="",
            needs="",
            canonical_email=f"erased {pk}",
            link_counter=F("link_counter") + 1,
            erased_at=at,
        )
    return len(found)


def take_along(*, registration: Registration) -> bytes:
    """A zip file of all that the organisation keeps of somebody's registrations."""
    tables: dict[str, Rows] = registrations_held(of_same_person(registration))
    return as_zip(tables)
