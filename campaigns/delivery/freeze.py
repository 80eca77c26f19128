"""Ready letters whose moment has come → queued letters with fixed bytes."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from campaigns.delivery.addressees import (
    NO_CONTACT_POINT,
    NO_TEST_RECIPIENT,
    Addressee,
    resolve,
    zone_of,
)
from campaigns.delivery.days_off import DaysOff
from campaigns.delivery.hours import closed_on, is_zone
from campaigns.delivery.message import UnfitForMail, letter_bytes, message_id
from campaigns.delivery.planning import window_of
from campaigns.delivery.schedule import closes_at
from campaigns.letters.compose import letter_text
from campaigns.models import Drive, DriveState, Letter, LetterState
from campaigns.models.moves import move_many
from contacts.clock import now
from contacts.models import ContactPoint, Health

# How long a letter that can't go waits before we look again whether it can.
LOOK_AGAIN = timedelta(minutes=15)
# All that the text of a letter is made from.
PARTS = (
    "version",
    "drive__campaign",
    "post__division",
    "post__chamber__jurisdiction__division",
    "pledge__campaign__organization",
    "pledge__campaign__measure",
    "pledge__campaign__test_recipient",
)


def queue_due(limit: int) -> int:
    """Freeze and queue letters whose moment has come; gives how many.

    A letter that can't go now (vacant seat, no contact point, outside the office's hours) stays where it
    is with the reason, and is looked at again.
    """
    at = now()
    queued = 0
    for drive in Drive.objects.filter(state=DriveState.RUNNING).select_related("campaign__organization"):
        due = (
            Letter.objects.due(at)
            .filter(drive=drive, deadline__gt=at)
            .select_related(*PARTS)
            .order_by("send_after", "pk")[:limit]
        )
        queued += _queue(list(due), drive, at)
    return queued


def _queue(letters: list[Letter], drive: Drive, at: datetime) -> int:
    addressees = resolve({letter.post for letter in letters}, drive.campaign, at.date())
    window, days_off = window_of(drive), DaysOff(drive)
    queued = 0
    for letter in letters:
        who = addressees[letter.post_id]
        if who.problem and not letter.is_test:
            _wait(letter, who, at)
            continue
        closed = () if letter.is_test else days_off.of(letter.post.chamber)
        closes = letter.deadline if letter.is_test else closes_at(closed_on(window, closed), who.zone, at)
        if closes is None:
            # Its moment was missed: planned anew, inside the next window and under the rates.
            again = None if letter.state == LetterState.READY else at + LOOK_AGAIN
            Letter.objects.filter(pk=letter.pk, state=letter.state).update(send_after=again)
            continue
        closes = min(closes, letter.deadline)
        if letter.state == LetterState.DEFERRED:
            queued += _move(letter, LetterState.QUEUED, at, "another try", queued_at=at, window_closes=closes)
        else:
            queued += _freeze(letter, who, at, closes)
    return queued


def _wait(letter: Letter, who: Addressee, at: datetime) -> None:
    """A letter that can't go now says why; one to an office that asked us to stop is for a person."""
    if who.suppressed:
        _move(letter, LetterState.HELD, at, who.problem)
    else:
        Letter.objects.filter(pk=letter.pk, state=letter.state).update(
            send_after=at + LOOK_AGAIN, note=who.problem[:200]
        )


def _freeze(letter: Letter, who: Addressee, at: datetime, closes: datetime) -> bool:
    """Fix recipient, Date, Message-ID and bytes; from here every try is the same to the byte."""
    legislator, recipient = who.legislator, _recipient(letter, who)
    if legislator is None or not recipient:  # only tests come here so
        _move(letter, LetterState.HELD, at, who.problem or str(NO_TEST_RECIPIENT))
        return False
    letter.recipient, letter.queued_at = recipient, at
    try:
        frozen = frozen_columns(letter, who)
    except UnfitForMail as fault:
        # A text that no mail can carry is for a person to look at; it must not stop the others.
        _move(letter, LetterState.HELD, at, str(fault))
        return False
    return _move(
        letter,
        LetterState.QUEUED,
        at,
        "",
        queued_at=at,
        window_closes=closes,
        legislator=legislator,
        contact_point=who.contact_point,
        recipient=recipient,
        domain=recipient.rpartition("@")[2].lower(),
        **frozen,
    )


def _recipient(letter: Letter, who: Addressee) -> str:
    if not letter.is_test:
        return who.email
    organizer = letter.pledge.campaign.test_recipient
    return organizer.email if organizer else ""


def frozen_columns(letter: Letter, who: Addressee) -> dict[str, object]:
    """Message-ID, bytes and their hash for a letter whose recipient and `queued_at` are set. Raises UnfitForMail."""
    organization = letter.pledge.campaign.organization
    text = letter_text(letter, who.legislator)
    identity = message_id(settings.SECRET_KEY, letter.pk, organization.mail_domain)
    raw = letter_bytes(
        sender_name=f"{letter.pledge.name} via {organization.name}",
        sender_email=f"letters@{organization.mail_domain}",
        reply_to=(letter.pledge.name, letter.pledge.email),
        to=(text.to, letter.recipient),
        subject=text.subject,
        text=text.full,
        date=letter.queued_at or letter.created_at,
        message_id=identity,
        is_test=letter.is_test,
    )
    return {"message_id": identity, "raw": raw, "content_sha256": hashlib.sha256(raw).hexdigest()}


def reopen_windows() -> int:
    """Queued letters that missed the end of their office's hours may leave when the next hours begin."""
    at = now()
    reopened = 0
    shut = Letter.objects.filter(state=LetterState.QUEUED, drive__state=DriveState.RUNNING).filter(
        Q(window_closes__isnull=True) | Q(window_closes__lte=at)
    )
    days_off: dict[UUID, DaysOff] = {}
    for letter in shut.select_related(
        "drive__campaign", "post__division", "post__chamber__jurisdiction__division", "contact_point__office"
    )[:500]:
        zone = zone_of(letter.post, letter.contact_point.office if letter.contact_point else None)
        closed = days_off.setdefault(letter.drive_id, DaysOff(letter.drive)).of(letter.post.chamber)
        closes = closes_at(closed_on(window_of(letter.drive), closed), zone, at) if is_zone(zone) else None
        if closes is not None or letter.is_test:
            reopened += Letter.objects.filter(pk=letter.pk, state=LetterState.QUEUED).update(
                window_closes=min(closes or letter.deadline, letter.deadline)
            )
    return reopened


def readdress() -> int:
    """Frozen letters whose contact point stopped working: to the office's next one, else held; gives how many."""
    at = now()
    stuck = Letter.objects.filter(
        state__in=[LetterState.QUEUED, LetterState.DEFERRED],
        is_test=False,
        contact_point__health__in=[Health.FAILING, Health.RETIRED],
    ).order_by("pk")[:200]
    for letter in stuck:
        if not give_next_address(letter, at):
            _move(letter, LetterState.HELD, at, str(NO_CONTACT_POINT))
    return len(stuck)


def give_next_address(letter: Letter, at: datetime) -> bool:
    """Freeze a letter anew for its legislator's next working mail address; False when there is none."""
    whole = Letter.objects.select_related(*PARTS).get(pk=letter.pk)
    who = resolve([whole.post], whole.drive.campaign, at.date())[whole.post_id]
    if who.problem or who.legislator is None or who.legislator.pk != whole.legislator_id or letter.is_test:
        return False
    whole.recipient = who.email
    try:
        frozen = frozen_columns(whole, who)
    except UnfitForMail:
        return False
    return bool(
        Letter.objects.filter(pk=whole.pk, state=whole.state).update(
            contact_point=who.contact_point, recipient=who.email, domain=who.domain, **frozen
        )
    )


def mark_failing(letter: Letter, reason: str, at: datetime) -> None:
    """Say of a letter's contact point that it does not work."""
    if letter.contact_point is None:
        return
    working = ContactPoint.objects.working().filter(pk=letter.contact_point.pk)
    working.update(health=Health.FAILING, health_reason=reason[:200], health_changed_at=at)


def _move(letter: Letter, to_state: str, at: datetime, reason: str, **changes: object) -> bool:
    moved = move_many(
        Letter.objects.filter(pk=letter.pk, state=letter.state),
        to_state,
        at=at,
        reason=reason,
        note=reason[:200],
        **changes,
    )
    return bool(moved)
