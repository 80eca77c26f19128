"""What dead workers left behind: settled by what their spool says, else by the state their letters are in."""

import logging
from dataclasses import dataclass

from campaigns.delivery import ledger, results, spool
from campaigns.delivery.results import Result
from campaigns.delivery.spool import Leftover, Mark
from campaigns.models import Letter, LetterState
from contacts.clock import now

log = logging.getLogger(__name__)

NOT_SENT = "its worker died before anything was sent"
MAYBE_SENT = "its worker died while the letter was leaving"


@dataclass
class Reaped:
    """What was done with the letters of dead workers."""

    requeued: int = 0
    recorded: int = 0
    uncertain: int = 0
    held: int = 0


def reap() -> Reaped:
    """Settle the windows of this machine's dead workers at once, and those of others when their lease is over."""
    reaped = Reaped()
    for leftover in spool.leftovers():
        _settle(leftover, reaped)
    _without_spool(reaped)
    reaped.held = ledger.hold_the_deadly()
    if reaped.recorded or reaped.uncertain or reaped.held:
        log.warning(
            "letters of dead workers: %s recorded, %s uncertain, %s held",
            reaped.recorded,
            reaped.uncertain,
            reaped.held,
        )
    return reaped


def _settle(leftover: Leftover, reaped: Reaped) -> None:
    claimed = Letter.objects.filter(lease_owner=leftover.ticket, state=LetterState.CLAIMED)
    tokens = dict(claimed.values_list("pk", "lease_token"))
    reaped.requeued += ledger.put_back(tokens, NOT_SENT, charged=True, only=[LetterState.CLAIMED])
    for charged, mark in ((False, Mark.WAITING), (True, Mark.TALKING)):
        unsent = {f.letter: f.token for f in leftover.found if f.mark is mark and f.since_start}
        reaped.requeued += ledger.put_back(unsent, NOT_SENT, charged=charged)
    reaped.recorded += results.record_all(
        [Result(f.letter, f.token, f.outcome, f.host) for f in leftover.found if f.outcome is not None]
    )
    # What neither a missing mark nor an answer tells of may have left.
    rest = Letter.objects.filter(lease_owner=leftover.ticket, state=LetterState.COMMITTING)
    reaped.uncertain += ledger.doubt(dict(rest.values_list("pk", "lease_token")), MAYBE_SENT)


def _without_spool(reaped: Reaped) -> None:
    """Leases that ran out: a frozen worker, whose lock stands, or one on another machine.

    If it comes back it may still report what it saw, and put back what it had not begun.
    """
    over = Letter.objects.filter(lease_until__lte=now())
    claimed = over.filter(state=LetterState.CLAIMED).values_list("pk", "lease_token")
    # A worker frozen inside a transaction holds rows, and has them leaving when it goes on: only what is still claimed
    # goes back, and nobody waits for it.
    only = [LetterState.CLAIMED]
    reaped.requeued += ledger.put_back(dict(claimed), NOT_SENT, charged=True, only=only, skip_locked=True)
    leaving = over.filter(state=LetterState.COMMITTING).values_list("pk", "lease_token")
    reaped.uncertain += ledger.doubt(dict(leaving), MAYBE_SENT, skip_locked=True)
