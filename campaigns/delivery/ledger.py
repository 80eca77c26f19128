"""The delivery ledger: the only writer of a letter's state while it is being sent.

Claim, intent, result. A claim is a compare-and-set with a lease; the intent is committed before the final
dot leaves; the result is written by whoever holds the lease's token. What a dead worker leaves behind is
told apart by its state alone: claimed means that nothing irrevocable was sent, committing that it may have been.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet

from campaigns.channels.base import Accepted, Deferred, Outcome, Refused, Uncertain
from campaigns.delivery.freeze import give_next_address, mark_failing
from campaigns.delivery.outbox import owe_news
from campaigns.models import (
    Attempt,
    AttemptOutcome,
    Drive,
    DriveState,
    Letter,
    LetterChange,
    LetterState,
    MailKind,
    PledgeState,
)
from campaigns.models.moves import move_many
from contacts.clock import now

# Longer than the wait for the reply to a final dot (600 s, RFC 5321 §4.5.3.2.6) with a margin.
LEASE = timedelta(minutes=15)
MARGIN = timedelta(seconds=30)
MOST_CRASHES = 5
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=4)


@dataclass(frozen=True)
class Reaped:
    """What was found of dead workers: letters put back, held, and uncertain."""

    requeued: int
    held: int
    uncertain: int


def claim(owner: str, limit: int) -> list[Letter]:
    """Take up to `limit` queued letters of running drives for this worker, oldest first.

    `SKIP LOCKED` (where the database has it) only picks candidates that nobody else is picking;
    the UPDATE with its condition decides.
    """
    ticket = f"{owner[:40]}:{uuid4().hex}"
    with transaction.atomic():
        at = now()
        candidates = (
            Letter.objects.filter(
                state=LetterState.QUEUED,
                drive__state=DriveState.RUNNING,
                pledge__state=PledgeState.CONFIRMED,
                deadline__gt=at,
                window_closes__gt=at,
            )
            .order_by("queued_at", "pk")
            .select_for_update(skip_locked=True, of=("self",))
            .values_list("pk", flat=True)
        )
        chosen = list(candidates[:limit])
        if not chosen:
            return []
        Letter.objects.filter(pk__in=chosen, state=LetterState.QUEUED).update(
            state=LetterState.CLAIMED,
            lease_owner=ticket,
            lease_token=F("lease_token") + 1,
            lease_until=at + LEASE,
            crash_count=F("crash_count") + 1,
        )
        mine = list(
            Letter.objects.filter(lease_owner=ticket, state=LetterState.CLAIMED)
            .select_related("drive", "contact_point", "pledge__campaign__organization")
            .order_by("queued_at", "pk")
        )
        _history(mine, LetterState.QUEUED, LetterState.CLAIMED, at)
    return mine


def intend(letter: Letter) -> bool:
    """Write down, durably, that the final dot is about to leave; False when it must not.

    It must not when the lease is lost or nearly over, the office's hours have ended, the pledge was taken
    back, or the drive is no longer running under the epoch the letter was claimed in. The drive's row is
    locked, so that nothing begins after a pause has committed.
    """
    with transaction.atomic():
        drive = Drive.objects.select_for_update(no_key=True).get(pk=letter.drive_id)
        at = now()
        if drive.state != DriveState.RUNNING or drive.epoch != letter.drive.epoch:
            return False
        allowed = _mine(letter, [LetterState.CLAIMED]).filter(
            lease_until__gt=at + MARGIN, window_closes__gt=at, pledge__state=PledgeState.CONFIRMED
        )
        changed = allowed.update(
            state=LetterState.COMMITTING,
            lease_until=at + LEASE,
            drive_epoch=drive.epoch,
            attempt_count=F("attempt_count") + 1,
        )
        if not changed:
            return False
        letter.attempt_count += 1
        Attempt.objects.create(
            letter=letter, number=letter.attempt_count, lease_token=letter.lease_token, started_at=at
        )
        _history([letter], LetterState.CLAIMED, LetterState.COMMITTING, at)
    letter.state = LetterState.COMMITTING
    return True


def record(letter: Letter, outcome: Outcome, host: str) -> bool:
    """Write down what the channel saw; False when the lease was lost and somebody else settled the letter.

    An acceptance is also taken for a letter meanwhile marked uncertain: its worker was slow, not dead.
    """
    with transaction.atomic():
        at = now()
        match outcome:
            case Accepted():
                return _accepted(letter, outcome, host, at)
            case Deferred():
                return _put_off(letter, outcome, host, at)
            case Refused():
                return _refused(letter, outcome, host, at)
            case Uncertain():
                return _settle(letter, LetterState.UNCERTAIN, at, outcome.reason)


def release(letters: list[Letter], reason: str) -> int:
    """Put claimed letters back into the queue untouched and uncharged: nothing of them has left."""
    with transaction.atomic():
        at = now()
        back = [
            letter
            for letter in letters
            if _mine(letter, [LetterState.CLAIMED]).update(
                state=LetterState.QUEUED, lease_until=None, lease_owner="", crash_count=F("crash_count") - 1
            )
        ]
        _history(back, LetterState.CLAIMED, LetterState.QUEUED, at, reason)
    return len(back)


def reap() -> Reaped:
    """Settle the letters of workers whose lease ran out."""
    at = now()
    over = Letter.objects.filter(lease_until__lte=at)
    claimed = over.filter(state=LetterState.CLAIMED)
    gone = {"lease_until": None, "lease_owner": ""}
    with transaction.atomic():
        held = move_many(
            claimed.filter(crash_count__gte=MOST_CRASHES),
            LetterState.HELD,
            at=at,
            reason=f"its worker died {MOST_CRASHES} times",
            note=f"its worker died {MOST_CRASHES} times",
            **gone,
        )
        requeued = move_many(
            claimed, LetterState.QUEUED, at=at, reason="its worker died before anything was sent", **gone
        )
        lost = list(over.filter(state=LetterState.COMMITTING).values_list("pk", flat=True))
        uncertain = move_many(
            Letter.objects.filter(pk__in=lost, state=LetterState.COMMITTING, lease_until__lte=at),
            LetterState.UNCERTAIN,
            at=at,
            reason="its worker died while the letter was leaving",
            note="its worker died while the letter was leaving",
            **gone,
        )
        Attempt.objects.filter(letter__in=lost, outcome=AttemptOutcome.STARTED).update(
            outcome=AttemptOutcome.UNCERTAIN, ended_at=at
        )
    return Reaped(requeued, held, uncertain)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the given number of tries: 5 min · 2ⁿ, ± 25 %, at most 4 h."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 10), LONGEST_WAIT)
    return wait * random.uniform(0.75, 1.25)  # noqa: S311  # spreads retries; nothing secret hangs on it


def _mine(letter: Letter, states: Sequence[str]) -> QuerySet[Letter]:
    return Letter.objects.filter(pk=letter.pk, lease_token=letter.lease_token, state__in=states)


def _history(letters: list[Letter], before: str, after: str, at: datetime, reason: str = "") -> None:
    LetterChange.objects.bulk_create(
        LetterChange(letter=letter, from_state=before, to_state=after, reason=reason[:300], at=at)
        for letter in letters
    )


def _settle(letter: Letter, to_state: str, at: datetime, reason: str, **changes: object) -> bool:
    """Move a letter this worker holds, with its history row."""
    states = [s for s in (LetterState.CLAIMED, LetterState.COMMITTING) if to_state in Letter.MOVES[s]]
    if to_state == LetterState.SENT:
        states.append(LetterState.UNCERTAIN)
    before = Letter.objects.filter(pk=letter.pk).values_list("state", flat=True).get()
    changed = (
        _mine(letter, states)
        .filter(state=before)
        .update(state=to_state, lease_until=None, lease_owner="", note=reason[:200], **changes)
    )
    if changed:
        _history([letter], before, to_state, at, reason)
        letter.state = to_state
    return bool(changed)


def _close_attempt(
    letter: Letter, outcome: str, host: str, at: datetime, reply: Deferred | Refused | Accepted
) -> None:
    """Complete the try's row; a refusal before the dot had none yet."""
    seen = {
        "outcome": outcome,
        "host": host[:254],
        "reply_code": reply.code,
        "enhanced_code": getattr(reply, "enhanced", "")[:12],
        "reply_text": reply.text[:500],
        "ended_at": at,
    }
    open_try = Attempt.objects.filter(letter=letter, lease_token=letter.lease_token).filter(
        Q(outcome=AttemptOutcome.STARTED) | Q(outcome=AttemptOutcome.UNCERTAIN)
    )
    if not open_try.update(**seen):
        letter.attempt_count += 1
        Letter.objects.filter(pk=letter.pk).update(attempt_count=letter.attempt_count)
        Attempt.objects.create(
            letter=letter, number=letter.attempt_count, lease_token=letter.lease_token, started_at=at, **seen
        )


def _accepted(letter: Letter, reply: Accepted, host: str, at: datetime) -> bool:
    done = _settle(
        letter,
        LetterState.SENT,
        at,
        "",
        sent_at=at,
        accepted_by=host[:254],
        accepted_reply=f"{reply.code} {reply.text}"[:500],
        crash_count=0,
    )
    _close_attempt(letter, AttemptOutcome.ACCEPTED, host, at, reply)
    return done


def _put_off(letter: Letter, reply: Deferred, host: str, at: datetime) -> bool:
    _close_attempt(letter, AttemptOutcome.DEFERRED, host, at, reply)
    again = at + wait_after(letter.attempt_count)
    return _settle(
        letter, LetterState.DEFERRED, at, f"{reply.code} {reply.text}", send_after=again, crash_count=0
    )


def _refused(letter: Letter, reply: Refused, host: str, at: datetime) -> bool:
    """A full mailbox and a policy block pass with time; a dead address and a refused text do not."""
    _close_attempt(letter, AttemptOutcome.REFUSED, host, at, reply)
    said = f"{reply.code} {reply.enhanced} {reply.text}"
    if reply.scope in {"mailbox_full", "policy"}:
        return _settle(letter, LetterState.DEFERRED, at, said, send_after=at + LONGEST_WAIT, crash_count=0)
    if reply.scope == "address":
        mark_failing(letter, said, at)
        if give_next_address(letter, at):
            return _settle(
                letter, LetterState.QUEUED, at, f"{said}; on to the next address", crash_count=0, queued_at=at
            )
    failed = _settle(letter, LetterState.FAILED, at, said)
    if failed:
        owe_news(letter, MailKind.LETTER_FAILED, at)
    return failed
