"""Events: written, opened, changed, cancelled. Whoever counts on one is told, and nobody else."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaigns.delivery import seats
from campaigns.delivery.event_mails import owe_all
from campaigns.errors import ActionRefused, BadMove
from campaigns.models import Event, EventState, MailKind, RegistrationState
from campaigns.models.moves import move
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Organization, User

# What somebody who comes has to hear of when it changes.
TOLD = ("starts_at", "ends_at", "time_zone", "place", "access", "link")
# All that people write of an event; the rest is counted or moved.
WRITTEN = (
    "kind",
    "title",
    "summary",
    "text",
    "language",
    "issue",
    "campaign",
    "measure",
    *TOLD,
    "capacity",
    "hold_hours",
    "remind_hour",
    "asks_reports",
    "is_example",
)
_LONGEST = 50
_S = RegistrationState


@transaction.atomic
def save_event(*, event: Event, actor: User | None) -> Event:
    """Store an event; a new one is a draft.

    When the time, the place or the link of an open one changes, everybody who counts on it is owed a mail. Places that
    are added go to the waiting list. Raises ActionRefused for fewer places than people have, and for one that is
    cancelled.
    """
    event.changed_at = now()
    if event._state.adding:
        event.created_at = event.changed_at
        event.slug = _free_slug(event.organization, event.title)
        event.save(force_insert=True)
        event.history.create(to_state=event.state, actor=actor, at=event.changed_at)
    else:
        _change(event)
    record(organization=event.organization, actor=actor, verb="save event", obj=event)
    return event


def _change(event: Event) -> None:
    before = seats.lock(event.pk)
    if before.state == EventState.CANCELLED:
        raise BadMove
    if event.capacity is not None and event.capacity < before.taken:
        taken = {"n": before.taken}
        raise ActionRefused(
            _("%(n)s places are given already. Take registrations out first.") % taken, "capacity"
        )
    has_changed = any(getattr(before, name) != getattr(event, name) for name in TOLD)
    event.taken, event.state = before.taken, before.state
    event.sequence = before.sequence + (before.is_open and has_changed)
    event.save(update_fields=[*WRITTEN, "changed_at", "sequence"])
    if not event.is_open or event.is_over(event.changed_at):
        return
    # Nothing is held past the new beginning.
    held = event.registrations.filter(state__in=[_S.HELD, _S.ASKED, _S.OFFERED])
    held.update(due_at=Least(F("due_at"), event.starts_at))
    seats.pass_on(event, event.changed_at)
    if has_changed:
        about = str(event.sequence)
        owe_all(event.registrations.expected(), event, MailKind.EVENT_CHANGED, event.changed_at, about)


@transaction.atomic
def open_event(*, event: Event, actor: User | None) -> None:
    """Show an event to everybody and take registrations. Raises ActionRefused for one that is over."""
    at = now()
    if event.is_over(at):
        raise ActionRefused(_("It is over already. Change its day first."))
    move(event, EventState.OPEN, at=at, actor=actor, changed_at=at)
    record(organization=event.organization, actor=actor, verb="open event", obj=event)


@transaction.atomic
def cancel_event(*, event: Event, because: str, actor: User | None) -> int:
    """Call an event off; everybody who counted on it is owed a mail, and nobody else. Gives how many.

    It stays to be seen as cancelled, in calendars that people subscribed to as well.
    """
    at = now()
    held = seats.lock(event.pk)
    if held.is_over(at):
        raise ActionRefused(_("It is over already."))
    move(
        held,
        EventState.CANCELLED,
        at=at,
        actor=actor,
        reason=because,
        cancelled_because=because,
        changed_at=at,
        sequence=held.sequence + 1,
    )
    told = owe_all(held.registrations.expected(), held, MailKind.EVENT_OFF, at, about="")
    record(organization=held.organization, actor=actor, verb="cancel event", obj=held, told=told)
    return told


@transaction.atomic
def save_outcome(*, event: Event, outcome: str, actor: User | None) -> None:
    """Write down what came of an event that has begun; its page shows it. Raises ActionRefused before that."""
    if event.starts_at > now() or not event.is_open:
        raise ActionRefused(_("It has not taken place."))
    event.outcome = outcome
    event.save(update_fields=["outcome"])
    record(organization=event.organization, actor=actor, verb="write outcome of event", obj=event)


def expected_count(event: Event) -> int:
    """How many people a change or a cancellation is told to."""
    return int(event.registrations.expected().count())


def _free_slug(organization: Organization, title: str) -> str:
    stem = slugify(title)[:_LONGEST].strip("-") or "event"
    same = Event.objects.filter(organization=organization, slug__startswith=stem)
    taken = set(same.values_list("slug", flat=True))
    return next(
        slug for n in range(1, len(taken) + 2) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken
    )
