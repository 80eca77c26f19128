"""From due letters to a mail server: what one tick prepares and what one window sends."""

import logging
import os
import socket

from django.conf import settings

from campaigns.channels.base import Accepted, AuthFailed, BadEnvelope, ConnectFailed, Refused
from campaigns.channels.email import Relay, SmtpSession
from campaigns.delivery import freeze, ledger, planning, upkeep
from campaigns.models import DriveState, Heartbeat, Letter, LetterState
from contacts.clock import now

log = logging.getLogger(__name__)

# Letters on one connection; what a killed worker may leave uncertain is one of them, never the window.
WINDOW = 50
QUEUE_AHEAD = 500


def beat(name: str) -> None:
    """Note that a recurring task ran."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": now()})


def prepare() -> int:
    """Everything before sending: dead workers' letters, drives' beginnings and ends, plans, the queue.

    Gives how many senders to wake: none when nothing waits, no more than the connections allowed.
    """
    beat("tick")
    reaped = ledger.reap()
    if reaped.uncertain or reaped.held:
        log.warning("reaped letters: %s uncertain, %s held", reaped.uncertain, reaped.held)
    upkeep.start_drives()
    upkeep.stop_leftovers()
    upkeep.expire_letters()
    upkeep.finish_drives()
    freeze.readdress()
    freeze.reopen_windows()
    planning.plan_ready()
    freeze.queue_due(QUEUE_AHEAD)
    at = now()
    waiting = Letter.objects.filter(
        state=LetterState.QUEUED, drive__state=DriveState.RUNNING, window_closes__gt=at, deadline__gt=at
    ).count()
    busy = Letter.objects.filter(state__in=Letter.LEAVING).values("lease_owner").distinct().count()
    return min(max(settings.SMTP_CONNECTIONS - busy, 0), -(-waiting // WINDOW))


def send_window() -> int:
    """Claim a window of letters and hand them over one by one; gives how many a mail server accepted."""
    letters = ledger.claim(f"{socket.gethostname()}-{os.getpid()}", WINDOW)
    if not letters:
        return 0
    accepted = 0
    waiting = list(letters)
    try:
        with SmtpSession(Relay.from_settings()) as session:
            while waiting:
                if _hand_over(session, waiting[0]):
                    accepted += 1
                waiting.pop(0)
    except (AuthFailed, ConnectFailed) as fault:
        # Ours or the relay's trouble, not the letters': nobody is charged, the next tick tries again.
        log.warning("the relay can't be used: %s", type(fault).__name__)
        ledger.release(waiting, "not tried: the mail relay can't be used")
    except BaseException:
        # Whatever this letter did to us stays charged to it (its lease runs out); the others go back at once.
        ledger.release(waiting[1:], "not tried: the worker stopped")
        raise
    return accepted


def _hand_over(session: SmtpSession, letter: Letter) -> bool:
    """One letter through its phases; True when it was accepted."""
    sender = f"letters@{letter.pledge.campaign.organization.mail_domain}"
    try:
        early = session.begin(sender, letter.recipient, bytes(letter.raw or b""))
    except BadEnvelope:
        ledger.record(letter, Refused(0, "the address can't be used in mail", "address"), "")
        return False
    if early is not None:
        ledger.record(letter, early, session.host)
        return False
    if not ledger.intend(letter):
        session.abandon()
        ledger.release([letter], "not sent: paused, cancelled or outside the office's hours")
        return False
    outcome = session.finish()
    ledger.record(letter, outcome, session.host)
    return isinstance(outcome, Accepted)
