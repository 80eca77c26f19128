"""What became of letters that were handed over, written down: accepted, put off, refused, or in doubt."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from campaigns.channels.base import Accepted, Deferred, Outcome, Refused, Uncertain
from campaigns.delivery import domains, ledger
from campaigns.delivery.next_address import give_next_address, mark_failing
from campaigns.delivery.owed import owe_news
from campaigns.delivery.patience import is_given_up
from campaigns.delivery.setwise import update_each
from campaigns.letters.reasons import NEXT_ADDRESS, PUT_OFF_LONG
from campaigns.models import Attempt, AttemptOutcome, Letter, LetterState, MailKind
from contacts.clock import now

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a letter under the lease with this token, and the other side's name."""

    letter: UUID
    token: int
    outcome: Outcome
    host: str


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the given number of tries: 5 min · 2ⁿ, ± 25 %, at most 4 h."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 10), LONGEST_WAIT)
    return wait * random.uniform(0.75, 1.25)  # noqa: S311  # spreads retries; nothing secret hangs on it


def record_all(results: Sequence[Result]) -> int:
    """Write down what a window's letters met with; gives how many were settled by this.

    A letter whose lease was lost, and that somebody else settled, is left as it is. An acceptance is also
    taken for a letter meanwhile marked uncertain: its worker was slow, not dead.
    """
    if not results:
        return 0
    domains.note_refusals(
        {
            r.letter: _said(r.outcome)
            for r in results
            if isinstance(r.outcome, Refused) and r.outcome.scope == "blocked"
        }
    )
    accepted = [(r.letter, r.token, r.outcome) for r in results if isinstance(r.outcome, Accepted)]
    with transaction.atomic():
        at = now()
        settled = _accept(accepted, at)
        for result in results:
            if not isinstance(result.outcome, Accepted):
                settled += _record(result, at)
    return settled


def _accept(accepted: Sequence[tuple[UUID, int, Accepted]], at: datetime) -> int:
    """Set-wise, since nearly all letters of nearly all windows come here."""
    if not accepted:
        return 0
    held = ledger.held_under(
        {letter: token for letter, token, _reply in accepted},
        [LetterState.COMMITTING, LetterState.UNCERTAIN],
    )
    ledger.note_moves(Letter.objects.filter(pk__among=list(held)), LetterState.SENT, at)
    told = [one for one in accepted if one[0] in held]
    update_each(
        Letter,
        ["accepted_by", "accepted_reply"],
        ["id"],
        [(reply.host[:254], f"{reply.code} {reply.text}"[:500], letter) for letter, _token, reply in told],
        state=LetterState.SENT,
        sent_at=at,
        lease_until=None,
        lease_owner="",
        note="",
        crash_count=0,
    )
    update_each(
        Attempt,
        ["host", "reply_code", "reply_text"],
        ["letter", "lease_token"],
        [(reply.host[:254], reply.code, reply.text[:500], letter, token) for letter, token, reply in told],
        outcome=AttemptOutcome.ACCEPTED,
        ended_at=at,
    )
    return len(held)


def _record(result: Result, at: datetime) -> bool:
    """Anything but an acceptance: rare, so letter by letter."""
    found = Letter.objects.select_related("contact_point", "pledge").select_for_update(
        of=("self",), no_key=True
    )
    letter = found.get(pk=result.letter)
    if letter.lease_token != result.token:
        return False
    match result.outcome:
        case Deferred() as reply:
            return _put_off(letter, reply, result.host, at)
        case Refused() as reply:
            return _refused(letter, reply, result.host, at)
        case Uncertain(reason):
            return bool(ledger.doubt({letter.pk: letter.lease_token}, reason))
    raise TypeError(result.outcome)


def _settle(letter: Letter, to_state: str, at: datetime, reason: str, **changes: object) -> bool:
    """Move a letter whose row is locked, with its history row; False when it is in nobody's hands any more."""
    states = [s for s in (LetterState.CLAIMED, LetterState.COMMITTING) if to_state in Letter.MOVES[s]]
    if letter.state not in states:
        return False
    held = Letter.objects.filter(pk=letter.pk, lease_token=letter.lease_token)
    ledger.note_moves(held, to_state, at, reason=reason)
    held.update(state=to_state, lease_until=None, lease_owner="", note=reason[:200], **changes)
    letter.state = to_state
    return True


def _close_attempt(letter: Letter, outcome: str, host: str, at: datetime, reply: Deferred | Refused) -> None:
    """Complete the try's row; a refusal before the dot had none yet."""
    seen = {
        "outcome": outcome,
        "host": host[:254],
        "reply_code": reply.code,
        "enhanced_code": reply.enhanced[:12],
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


def _put_off(letter: Letter, reply: Deferred, host: str, at: datetime) -> bool:
    _close_attempt(letter, AttemptOutcome.DEFERRED, host, at, reply)
    if is_given_up(letter, at):
        return _elsewhere(letter, f"{PUT_OFF_LONG}: {reply.code} {reply.text}", at)
    again = at + wait_after(letter.attempt_count)
    return _settle(
        letter, LetterState.DEFERRED, at, f"{reply.code} {reply.text}", send_after=again, crash_count=0
    )


def _refused(letter: Letter, reply: Refused, host: str, at: datetime) -> bool:
    """A full mailbox passes with time, and what is about us by a person; a dead address and a refused text do not."""
    _close_attempt(letter, AttemptOutcome.REFUSED, host, at, reply)
    said = _said(reply)
    if reply.scope == "mailbox_full" and is_given_up(letter, at):
        return _elsewhere(letter, said, at)
    if reply.scope in {"mailbox_full", "policy", "blocked"}:
        waits = _settle(letter, LetterState.DEFERRED, at, said, send_after=at + LONGEST_WAIT, crash_count=0)
        if waits and reply.scope == "blocked" and not domains.is_stopped(letter.domain):
            # The domain takes our other letters: something is the matter with this one.
            domains.hold(letter, said, at)
        return waits
    if reply.scope == "address":
        mark_failing(letter, said, at)
        return _elsewhere(letter, said, at)
    return _fail(letter, said, at)


def _elsewhere(letter: Letter, said: str, at: datetime) -> bool:
    """On to the office's next address; where there is none, that is the end of it."""
    if give_next_address(letter, at) is None:
        # The end is what `is_given_up` looks for.
        reason = f"{said[:240]}; {NEXT_ADDRESS}"
        return _settle(letter, LetterState.QUEUED, at, reason, crash_count=0, queued_at=at)
    return _fail(letter, said, at)


def _fail(letter: Letter, said: str, at: datetime) -> bool:
    failed = _settle(letter, LetterState.FAILED, at, said)
    if failed:
        owe_news(letter, MailKind.LETTER_FAILED, at)
    return failed


def _said(reply: Refused) -> str:
    said = (
        reply.text
        if reply.enhanced and reply.text.startswith(reply.enhanced)
        else f"{reply.enhanced} {reply.text}"
    )
    return f"{reply.code} {said.strip()}"
