"""Letters that go over HTTP: claim, intent, body, result, one by one, with the ledger's own record of each.

They have no window of their own in the queue, so that the dispatcher of mail never sees them: the office's hours
are looked at when they are claimed.
"""

import logging
import time
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from campaigns.channels.base import Accepted, AuthFailed, ChannelTrouble, Outcome
from campaigns.channels.endpoint import Endpoint, Posting
from campaigns.delivery import breaker, ledger, results, switch
from campaigns.delivery.addressees import zone_of
from campaigns.delivery.breaker import Turn
from campaigns.delivery.days_off import DaysOff
from campaigns.delivery.hours import closed_on, is_zone
from campaigns.delivery.lease_clock import LeaseClock
from campaigns.delivery.ledger import Claimed
from campaigns.delivery.planning import window_of
from campaigns.delivery.results import Result
from campaigns.delivery.schedule import closes_at
from campaigns.models import ChannelName, DriveState, Letter, LetterState, PledgeState
from contacts.clock import now

log = logging.getLogger(__name__)

# Letters looked at for one that is inside its office's hours: a few, and many when none of the few is.
LOOKED_AT = (8, 200)


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
    can_leave = bool(settings.CWC_URL) and not switch.is_stopped() and breaker.is_due(ChannelName.CWC)
    return can_leave and waiting().exists()


def post_letters(seconds: float) -> int:
    """Post letters until none may go or the time is over; gives how many the endpoint accepted."""
    turn = breaker.turn_of(ChannelName.CWC) if settings.CWC_URL else Turn.WAIT
    if turn is Turn.WAIT:
        return 0
    endpoint, accepted, until = Endpoint.from_settings(), 0, time.monotonic() + seconds
    while not switch.is_stopped() and (claimed := claim()) is not None:
        try:
            outcome = _hand_over(claimed, endpoint)
        except ChannelTrouble as trouble:
            if isinstance(trouble, AuthFailed):
                breaker.open_channel(ChannelName.CWC, str(trouble))
            # Ours or the endpoint's trouble, not the letter's: it waits, and the next tick tries again.
            log.warning("the endpoint can't be used: %s", type(trouble).__name__)
            ledger.release([claimed], "not sent: the endpoint could not be used")
            break
        if outcome is not None:
            results.record_all([Result(claimed.pk, claimed.token, outcome, endpoint.host)])
            accepted += isinstance(outcome, Accepted)
            if turn is Turn.PROBE and breaker.close_channel(ChannelName.CWC):
                turn = Turn.GO
        if time.monotonic() >= until:
            break
    return accepted


def claim() -> Claimed | None:
    """Take the oldest letter whose office is inside its hours, under a lease; None when there is none."""
    at = now()
    days_off: dict[UUID, DaysOff] = {}
    letters = waiting().select_related(
        "drive__campaign", "contact_point__office", "post__division", "post__chamber__jurisdiction__division"
    )
    for letter in chain.from_iterable(letters.defer("raw")[:most] for most in LOOKED_AT):
        closed = days_off.setdefault(letter.drive_id, DaysOff(letter.drive))
        if not _is_open(letter, closed, at):
            continue
        with transaction.atomic():
            if taken := ledger.take([letter.pk], ledger.new_ticket(), at):
                return taken[0]
    return None


def _hand_over(claimed: Claimed, endpoint: Endpoint) -> Outcome | None:
    """What the endpoint says; None when the letter went back because it may not leave any more."""
    posting = Posting(endpoint, claimed.pk)
    posting.begin(claimed.raw)
    clock = LeaseClock(claimed.ticket)
    if not ledger.intend([claimed]) or not clock.good():
        posting.abandon()
        ledger.release([claimed], "not sent: stopped, paused, cancelled, taken back, or its lease was over")
        return None
    return posting.finish()


def _is_open(letter: Letter, days_off: DaysOff, at: datetime) -> bool:
    """Whether the office is inside its hours, on a day on which it gets letters."""
    zone = zone_of(letter.post, letter.contact_point.office if letter.contact_point else None)
    window = closed_on(window_of(letter.drive), days_off.of(letter.post.chamber))
    return is_zone(zone) and closes_at(window, zone, at) is not None
