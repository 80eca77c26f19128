"""From due letters to a mail server: what one tick prepares, and how a window of letters is sent."""

import logging
import time
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from campaigns.channels.base import (
    Accepted,
    AuthFailed,
    BadEnvelope,
    ConnectFailed,
    Refused,
)
from campaigns.channels.email import Envelope
from campaigns.delivery import (
    breaker,
    domains,
    freeze,
    ledger,
    next_address,
    openings,
    planning,
    reaper,
    results,
    switch,
    throttle,
    upkeep,
    votes,
)
from campaigns.delivery.breaker import Turn
from campaigns.delivery.handover import Connections
from campaigns.delivery.lease_clock import LeaseClock
from campaigns.delivery.ledger import Claimed
from campaigns.delivery.results import Result
from campaigns.delivery.spool import WindowFile
from campaigns.inbound.address import return_path
from campaigns.models import ChannelName, Heartbeat, Letter
from contacts.clock import now

log = logging.getLogger(__name__)

# Letters that share a connection, an intent and a result. Of a killed worker's window, those whose dot had begun
# without an answer are uncertain: one, as a rule.
WINDOW = 100
# Letters that are fixed at once, before they leave: all others can still be changed and stopped until their moment.
QUEUE_AHEAD = 1000
# How long an answer that was seen is tried to be written down when the database is away; after that it waits in
# the spool for whoever comes next.
KEEP_TRYING_SECONDS = 60


def beat(name: str) -> None:
    """Note that a recurring task ran."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": now()})


def prepare() -> int:
    """Everything before sending: dead workers' letters, drives' beginnings and ends, plans, the queue.

    Gives how many senders to wake: none when nothing waits, no more than the connections allowed.
    """
    beat("tick")
    reaper.reap()
    votes.follow_votes()
    openings.open_due()
    upkeep.start_drives()
    upkeep.stop_leftovers()
    upkeep.expire_letters()
    upkeep.finish_drives()
    domains.follow_probes()
    next_address.readdress()
    next_address.release_reachable()
    freeze.reopen_windows()
    if switch.is_stopped():
        return 0  # what is queued now would all leave at once later
    planning.plan_ready()
    freeze.queue_due(QUEUE_AHEAD)
    if not breaker.is_due(ChannelName.EMAIL):
        return 0
    at, most = now(), settings.SMTP_CONNECTIONS * WINDOW
    waiting = throttle.open_to(domains.open_to(Letter.objects.sendable(at)), at)[:most].count()
    busy = Letter.objects.filter(state__in=Letter.LEAVING).values("lease_owner").distinct().count()
    return min(max(settings.SMTP_CONNECTIONS - busy, 0), -(-waiting // WINDOW))


def send_window() -> int:
    """Send one window of letters over a connection of its own; gives how many a mail server accepted."""
    return send_windows(seconds=0)


def send_windows(seconds: float) -> int:
    """Send windows until nothing is due or the time is over; gives how many letters were accepted."""
    accepted, until = 0, time.monotonic() + seconds
    turn = Turn.WAIT if switch.is_stopped() else breaker.turn_of(ChannelName.EMAIL)
    if turn is Turn.WAIT:
        return 0
    try:
        # The login comes before the claim: when it is refused no letter has been touched.
        with Connections() as relay:
            sent = _send_window(relay, 1 if turn is Turn.PROBE else WINDOW)
            if turn is Turn.PROBE:
                breaker.close_channel(ChannelName.EMAIL)
            while sent:
                accepted += sum(isinstance(result.outcome, Accepted) for result in sent)
                if time.monotonic() >= until:
                    break
                if len(sent) < WINDOW:
                    _refill()
                sent = _send_window(relay, WINDOW)
    except AuthFailed as fault:
        breaker.open_channel(ChannelName.EMAIL, str(fault))
    except ConnectFailed as fault:
        # Ours or the relay's trouble, not the letters': nobody is charged, the next tick tries again.
        log.warning("the relay can't be used: %s", type(fault).__name__)
    return accepted


def _refill() -> None:
    """Fix what is due when the queue runs low, so that no sender waits for a tick.

    A window may be short for another reason: rates that hold letters back. Then nothing more is fixed ahead.
    """
    if not switch.is_stopped() and Letter.objects.sendable(now())[:WINDOW].count() < WINDOW:
        freeze.queue_due(QUEUE_AHEAD)


def _send_window(relay: Connections, limit: int) -> list[Result]:
    """Claim, intend, hand over, record. Whatever goes wrong between, the spool tells the reaper how far it came."""
    with WindowFile(ledger.new_ticket()) as spool:
        claims = ledger.claim(spool.ticket, limit)
        if not claims:
            return []
        envelopes, unfit = _envelopes(claims)
        try:
            spool.prepare([(claim.pk, claim.token) for claim in claims])
        except OSError:
            ledger.release(claims, "not sent: no room to keep track of it (is the disk full?)")
            raise
        results.record_all(unfit)
        clock = LeaseClock(spool.ticket)
        allowed = ledger.intend([claim for claim in claims if claim.pk in envelopes])
        seen, trouble = relay.hand_over(spool, clock, claims, allowed, envelopes)
        _keep_trying(seen)
        settled = {result.letter for result in (*unfit, *seen)}
        ledger.release(
            [claim for claim in claims if claim.pk not in settled],
            "not sent: stopped, paused, cancelled, outside the office's hours, or the connection ended",
        )
        if trouble:
            raise trouble
        return [*unfit, *seen]


def _envelopes(claims: Sequence[Claimed]) -> tuple[dict[UUID, Envelope], list[Result]]:
    """What goes on the wire for each letter, and those whose address can't."""
    envelopes, unfit = {}, []
    for claim in claims:
        try:
            envelopes[claim.pk] = Envelope.of(
                return_path(claim.pk, claim.mail_domain), claim.recipient, claim.raw
            )
        except BadEnvelope:
            said = Refused(0, "the address can't be used in mail", "address")
            unfit.append(Result(claim.pk, claim.token, said, ""))
    return envelopes, unfit


def _keep_trying(seen: Sequence[Result]) -> None:
    """Write down what was seen. With the database away it is the write that is tried again, never the letter."""
    until = time.monotonic() + KEEP_TRYING_SECONDS
    while True:
        try:
            results.record_all(seen)
            return
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(1)
