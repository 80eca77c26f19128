"""The delivery ledger: the only writer of a letter's state while it is being sent.

Claim, intent, result, each for a whole window of letters in one transaction. A claim is a compare-and-set with
a lease; the intent is committed before the window's first final dot leaves; a result is written by whoever holds
the lease's token. What a dead worker leaves behind is settled by `reaper.py`.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from campaigns.channels.base import Accepted, Deferred, Outcome, Refused, Uncertain
from campaigns.delivery.freeze import give_next_address, mark_failing
from campaigns.delivery.outbox import owe_news
from campaigns.delivery.setwise import insert_from, update_each
from campaigns.models import (
    Attempt,
    AttemptOutcome,
    ChannelName,
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

MOST_CRASHES = 5
# A letter whose worker died this often is tried alone, so that what kills workers takes no others along.
CRASHES_TO_GO_ALONE = 2
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter in the hands of a worker: what it needs to send it, and the token that proves the claim."""

    pk: UUID
    token: int
    ticket: str
    drive: UUID
    epoch: int
    mail_domain: str
    recipient: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a claimed letter, and the other side's name."""

    letter: Claimed
    outcome: Outcome
    host: str


def lease() -> timedelta:
    """How long a claim holds. Longer than the wait for the reply to a final dot (600 s, RFC 5321 §4.5.3.2.6)."""
    return timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)


def margin() -> timedelta:
    """How long before its end a lease is no longer good for beginning a final dot."""
    return min(timedelta(seconds=30), lease() / 4)


def claim(ticket: str, limit: int) -> list[Claimed]:
    """Take up to `limit` queued letters of running drives for this worker, oldest first.

    `SKIP LOCKED` (where the database has it) only picks candidates that nobody else is picking;
    the UPDATE with its condition decides.
    """
    with transaction.atomic():
        at = now()
        candidates = (
            Letter.objects.filter(
                state=LetterState.QUEUED,
                channel=ChannelName.EMAIL,
                drive__state=DriveState.RUNNING,
                pledge__state=PledgeState.CONFIRMED,
                deadline__gt=at,
                window_closes__gt=at,
            )
            .order_by("queued_at", "pk")
            .select_for_update(skip_locked=True, of=("self",))
            .values_list("pk", "crash_count")
        )
        chosen = _apart(list(candidates[:limit]))
        if not chosen:
            return []
        Letter.objects.filter(pk__in=chosen, state=LetterState.QUEUED).update(
            state=LetterState.CLAIMED,
            lease_owner=ticket,
            lease_token=F("lease_token") + 1,
            lease_until=at + lease(),
            crash_count=F("crash_count") + 1,
        )
        mine = Letter.objects.filter(pk__in=chosen, lease_owner=ticket, state=LetterState.CLAIMED)
        _history(mine, LetterState.CLAIMED, at, before=LetterState.QUEUED)
        rows = mine.order_by("queued_at", "pk").values_list(
            "pk",
            "lease_token",
            "drive",
            "drive__epoch",
            "pledge__campaign__organization__mail_domain",
            "recipient",
            "raw",
        )
        return [
            Claimed(pk, token, ticket, drive, epoch, mail_domain, recipient, bytes(raw or b""))
            for pk, token, drive, epoch, mail_domain, recipient, raw in rows
        ]


def _apart(candidates: list[tuple[UUID, int]]) -> list[UUID]:
    """Candidates without those that go alone, or one of those when there is nothing else."""
    calm = [pk for pk, crashes in candidates if crashes < CRASHES_TO_GO_ALONE]
    return calm or [pk for pk, _crashes in candidates[:1]]


def intend(claims: Sequence[Claimed]) -> list[Claimed]:
    """Write down, durably, that these letters' final dots are about to leave; gives those that may leave.

    A letter may not when the lease is lost or nearly over, the office's hours have ended, the pledge was taken
    back, or its drive is no longer running under the epoch it was claimed in. The drives' rows are locked, so
    that nothing begins after a pause has committed.
    """
    if not claims:
        return []
    ticket = claims[0].ticket
    claimed_under = {claim.drive: claim.epoch for claim in claims}
    with transaction.atomic():
        drives = Drive.objects.filter(pk__in=claimed_under, state=DriveState.RUNNING)
        running = list(drives.order_by("pk").select_for_update(no_key=True).values_list("pk", "epoch"))
        at = now()
        for drive, epoch in running:
            if claimed_under[drive] == epoch:
                Letter.objects.filter(
                    pk__in=[claim.pk for claim in claims if claim.drive == drive],
                    lease_owner=ticket,
                    state=LetterState.CLAIMED,
                    lease_until__gt=at + margin(),
                    window_closes__gt=at,
                    pledge__state=PledgeState.CONFIRMED,
                ).update(
                    state=LetterState.COMMITTING,
                    lease_until=at + lease(),
                    drive_epoch=epoch,
                    attempt_count=F("attempt_count") + 1,
                )
        mine = Letter.objects.filter(
            pk__in=[claim.pk for claim in claims], lease_owner=ticket, state=LetterState.COMMITTING
        )
        insert_from(
            Attempt,
            mine,
            letter=F("pk"),
            number=F("attempt_count"),
            lease_token=F("lease_token"),
            outcome=AttemptOutcome.STARTED,
            host="",
            enhanced_code="",
            reply_text="",
            started_at=at,
        )
        _history(mine, LetterState.COMMITTING, at, before=LetterState.CLAIMED)
        allowed = set(mine.values_list("pk", flat=True))
    return [claim for claim in claims if claim.pk in allowed]


def renew(ticket: str) -> bool:
    """Hold a window's letters for longer; False when they are no longer all ours."""
    leaving = Letter.objects.filter(lease_owner=ticket, state=LetterState.COMMITTING)
    return bool(leaving.update(lease_until=now() + lease()))


def record_all(results: Sequence[Result]) -> int:
    """Write down what a window's letters met with; gives how many were settled by this.

    A letter whose lease was lost, and that somebody else settled, is left as it is. An acceptance is also
    taken for a letter meanwhile marked uncertain: its worker was slow, not dead.
    """
    accepted = [(r.letter, r.outcome) for r in results if isinstance(r.outcome, Accepted)]
    with transaction.atomic():
        at = now()
        settled = _accept(accepted, at)
        for result in results:
            if not isinstance(result.outcome, Accepted):
                settled += _record(result, at)
    return settled


def release(claims: Iterable[Claimed], reason: str, *, charged: bool = False) -> int:
    """Put letters of which no final dot has left back into the queue, by default without counting a crash."""
    tokens = {claim.pk: claim.token for claim in claims}
    return put_back(tokens, reason, charged=charged)


def put_back(tokens: dict[UUID, int], reason: str, *, charged: bool) -> int:
    """Move letters (id to lease token) back to the queue; the caller knows that no final dot of theirs left."""
    with transaction.atomic():
        at = now()
        held = _held_under(tokens, [LetterState.CLAIMED, LetterState.COMMITTING, LetterState.UNCERTAIN])
        back = Letter.objects.filter(pk__in=list(held))
        _history(back, LetterState.QUEUED, at, reason=reason)
        Attempt.objects.filter(
            letter__in=list(held), outcome__in=[AttemptOutcome.STARTED, AttemptOutcome.UNCERTAIN]
        ).update(outcome=AttemptOutcome.RELEASED, ended_at=at)
        back.update(
            state=LetterState.QUEUED,
            lease_until=None,
            lease_owner="",
            note="",
            crash_count=F("crash_count") - (0 if charged else 1),
        )
    return len(held)


def doubt(tokens: dict[UUID, int], reason: str) -> int:
    """Move letters (id to lease token) whose final dot may have left, with no answer seen, to uncertain."""
    with transaction.atomic():
        at = now()
        held = list(_held_under(tokens, [LetterState.COMMITTING]))
        moved = move_many(
            Letter.objects.filter(pk__in=held),
            LetterState.UNCERTAIN,
            at=at,
            reason=reason,
            note=reason,
            lease_until=None,
        )
        Attempt.objects.filter(letter__in=held, outcome=AttemptOutcome.STARTED).update(
            outcome=AttemptOutcome.UNCERTAIN, ended_at=at
        )
    return moved


def hold_the_deadly() -> int:
    """Queued letters whose workers died again and again wait for a person; gives how many."""
    reason = f"its worker died {MOST_CRASHES} times"
    deadly = Letter.objects.filter(state=LetterState.QUEUED, crash_count__gte=MOST_CRASHES)
    return move_many(deadly, LetterState.HELD, at=now(), reason=reason, note=reason)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the given number of tries: 5 min · 2ⁿ, ± 25 %, at most 4 h."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 10), LONGEST_WAIT)
    return wait * random.uniform(0.75, 1.25)  # noqa: S311  # spreads retries; nothing secret hangs on it


def _held_under(tokens: dict[UUID, int], states: Sequence[str]) -> dict[UUID, str]:
    """Lock those letters that are in one of the states under the token given; id to state."""
    rows = (
        Letter.objects.filter(pk__in=list(tokens), state__in=states)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", "lease_token", "state")
    )
    return {pk: state for pk, token, state in rows if tokens[pk] == token}


def _accept(accepted: Sequence[tuple[Claimed, Accepted]], at: datetime) -> int:
    """Set-wise, since nearly all letters of nearly all windows come here."""
    held = _held_under(
        {letter.pk: letter.token for letter, _reply in accepted},
        [LetterState.COMMITTING, LetterState.UNCERTAIN],
    )
    mine = Letter.objects.filter(pk__in=list(held))
    _history(mine, LetterState.SENT, at)
    mine.update(state=LetterState.SENT, sent_at=at, lease_until=None, lease_owner="", note="", crash_count=0)
    told = [(letter, reply) for letter, reply in accepted if letter.pk in held]
    update_each(
        Letter,
        ["accepted_by", "accepted_reply"],
        ["id"],
        [(reply.host[:254], f"{reply.code} {reply.text}"[:500], letter.pk) for letter, reply in told],
    )
    update_each(
        Attempt,
        ["outcome", "host", "reply_code", "reply_text", "ended_at"],
        ["letter", "lease_token"],
        [
            (
                AttemptOutcome.ACCEPTED,
                reply.host[:254],
                reply.code,
                reply.text[:500],
                at,
                letter.pk,
                letter.token,
            )
            for letter, reply in told
        ],
    )
    return len(held)


def _record(result: Result, at: datetime) -> bool:
    """Anything but an acceptance: rare, so letter by letter."""
    letter = Letter.objects.select_related("contact_point", "pledge").get(pk=result.letter.pk)
    if letter.lease_token != result.letter.token:
        return False
    match result.outcome:
        case Deferred() as reply:
            return _put_off(letter, reply, result.host, at)
        case Refused() as reply:
            return _refused(letter, reply, result.host, at)
        case Uncertain(reason):
            return bool(doubt({letter.pk: letter.lease_token}, reason))
    raise TypeError(result.outcome)


def _history(
    letters: QuerySet[Letter], to_state: str, at: datetime, before: str = "", reason: str = ""
) -> None:
    """A row of history for each letter; `before` is the state they come from, by default the one they are in."""
    insert_from(
        LetterChange,
        letters,
        letter=F("pk"),
        from_state=before or F("state"),
        to_state=to_state,
        reason=reason[:300],
        at=at,
    )


def _settle(letter: Letter, to_state: str, at: datetime, reason: str, **changes: object) -> bool:
    """Move a letter this worker holds, with its history row."""
    states = [s for s in (LetterState.CLAIMED, LetterState.COMMITTING) if to_state in Letter.MOVES[s]]
    before = Letter.objects.filter(pk=letter.pk).values_list("state", flat=True).get()
    changed = Letter.objects.filter(pk=letter.pk, lease_token=letter.lease_token, state=before)
    if before not in states:
        return False
    _history(changed, to_state, at, before=before, reason=reason)
    moved = changed.update(state=to_state, lease_until=None, lease_owner="", note=reason[:200], **changes)
    letter.state = to_state
    return bool(moved)


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
