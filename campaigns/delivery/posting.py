"""Letters that go over HTTP: claim, intent, body, result, one by one, with the ledger's own record of each.

They have no window of their own in the queue, so that the dispatcher of mail never sees them: the office's hours
are looked at when they are claimed.
"""

import logging
import os
import socket
import time
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from campaigns.channels.base import Accepted, ChannelTrouble, Outcome
from campaigns.channels.endpoint import Endpoint, Posting
from campaigns.delivery import ledger
from campaigns.delivery.addressees import zone_of
from campaigns.delivery.days_off import DaysOff
from campaigns.delivery.hours import closed_on, is_zone
from campaigns.delivery.ledger import Claimed, Result
from campaigns.delivery.planning import window_of
from campaigns.delivery.schedule import closes_at
from campaigns.models import (
    Attempt,
    AttemptOutcome,
    ChannelName,
    Drive,
    DriveState,
    Letter,
    LetterChange,
    LetterState,
    PledgeState,
)
from contacts.clock import now

log = logging.getLogger(__name__)

# Letters looked at for one that is inside its office's hours.
LOOKED_AT = 200


def waiting() -> QuerySet[Letter]:
    """Letters that may be posted now, if their office's hours allow; oldest first."""
    at = now()
    return Letter.objects.filter(
        channel=ChannelName.CWC,
        state=LetterState.QUEUED,
        drive__state=DriveState.RUNNING,
        pledge__state=PledgeState.CONFIRMED,
        deadline__gt=at,
    ).order_by("queued_at", "pk")


def is_anything_waiting() -> bool:
    return bool(settings.CWC_URL) and waiting().exists()


def post_letters(seconds: float) -> int:
    """Post letters until none may go or the time is over; gives how many the endpoint accepted."""
    if not settings.CWC_URL:
        return 0
    endpoint, accepted, until = Endpoint.from_settings(), 0, time.monotonic() + seconds
    while (claimed := claim()) is not None:
        try:
            outcome = _hand_over(claimed, endpoint)
        except ChannelTrouble as trouble:
            # Ours or the endpoint's trouble, not the letter's: it waits, and the next tick tries again.
            log.warning("the endpoint can't be used: %s", type(trouble).__name__)
            ledger.release([claimed], "not sent: the endpoint could not be used")
            break
        if outcome is not None:
            ledger.record_all([Result(claimed, outcome, endpoint.host)])
            accepted += isinstance(outcome, Accepted)
        if time.monotonic() >= until:
            break
    return accepted


def claim() -> Claimed | None:
    """Take the oldest letter whose office is inside its hours, under a lease; None when there is none."""
    at = now()
    ticket = f"{socket.gethostname()[:24]}-{os.getpid()}-{uuid4().hex[:12]}"
    days_off: dict[UUID, DaysOff] = {}
    letters = waiting().select_related(
        "drive__campaign", "contact_point__office", "post__division", "post__chamber__jurisdiction__division"
    )
    for letter in letters.defer("raw")[:LOOKED_AT]:
        closed = days_off.setdefault(letter.drive_id, DaysOff(letter.drive))
        if not _is_open(letter, closed, at):
            continue
        with transaction.atomic():
            taken = Letter.objects.filter(
                pk=letter.pk, state=LetterState.QUEUED, lease_token=letter.lease_token
            )
            if not taken.update(
                state=LetterState.CLAIMED,
                lease_owner=ticket,
                lease_token=F("lease_token") + 1,
                lease_until=at + ledger.lease(),
                crash_count=F("crash_count") + 1,
            ):
                continue  # another worker has it
            _note(letter.pk, LetterState.QUEUED, LetterState.CLAIMED, at)
        mine = Letter.objects.select_related("drive").get(pk=letter.pk)
        return Claimed(
            mine.pk,
            mine.lease_token,
            ticket,
            mine.drive_id,
            mine.drive.epoch,
            "",
            mine.recipient,
            bytes(mine.raw or b""),
        )
    return None


def intend(claimed: Claimed) -> bool:
    """Write down, durably, that the body is about to leave; False when it may not any more.

    The drive's row is locked, so that nothing begins after a pause has committed.
    """
    with transaction.atomic():
        running = Drive.objects.filter(pk=claimed.drive, state=DriveState.RUNNING, epoch=claimed.epoch)
        if not list(running.select_for_update(no_key=True)):
            return False
        at = now()
        may_leave = Letter.objects.filter(
            pk=claimed.pk,
            lease_owner=claimed.ticket,
            lease_token=claimed.token,
            state=LetterState.CLAIMED,
            lease_until__gt=at + ledger.margin(),
            pledge__state=PledgeState.CONFIRMED,
        )
        if not may_leave.update(
            state=LetterState.COMMITTING,
            lease_until=at + ledger.lease(),
            drive_epoch=claimed.epoch,
            attempt_count=F("attempt_count") + 1,
        ):
            return False
        number = Letter.objects.values_list("attempt_count", flat=True).get(pk=claimed.pk)
        Attempt.objects.create(
            letter_id=claimed.pk,
            number=number,
            lease_token=claimed.token,
            outcome=AttemptOutcome.STARTED,
            started_at=at,
        )
        _note(claimed.pk, LetterState.CLAIMED, LetterState.COMMITTING, at)
    return True


def _hand_over(claimed: Claimed, endpoint: Endpoint) -> Outcome | None:
    """What the endpoint says; None when the letter went back because it may not leave any more."""
    posting = Posting(endpoint, claimed.pk)
    posting.begin(claimed.raw)
    if not intend(claimed):
        posting.abandon()
        ledger.release([claimed], "not sent: paused, cancelled or taken back")
        return None
    return posting.finish()


def _is_open(letter: Letter, days_off: DaysOff, at: datetime) -> bool:
    """Whether the office is inside its hours, on a day on which it gets letters."""
    zone = zone_of(letter.post, letter.contact_point.office if letter.contact_point else None)
    window = closed_on(window_of(letter.drive), days_off.of(letter.post.chamber))
    return is_zone(zone) and closes_at(window, zone, at) is not None


def _note(letter: UUID, from_state: str, to_state: str, at: datetime) -> None:
    LetterChange.objects.create(letter_id=letter, from_state=from_state, to_state=to_state, at=at)
