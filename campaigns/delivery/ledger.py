"""The delivery ledger: the only writer of a letter's state while it is being sent.

Claim, intent, result, each for a whole window of letters in one transaction. A claim is a compare-and-set with
a lease; the intent is committed before the window's first final dot leaves; a result (`results.py`) is written by
whoever holds the lease's token. What a dead worker leaves behind is settled by `reaper.py`.
"""

import os
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from campaigns.delivery import domains, fairness, switch, throttle
from campaigns.delivery.setwise import insert_from, read_in_order
from campaigns.delivery.throttle import Candidate
from campaigns.letters.reasons import WORKER_DIED
from campaigns.models import (
    Attempt,
    AttemptOutcome,
    Drive,
    DriveState,
    Letter,
    LetterChange,
    LetterState,
    PledgeState,
)
from campaigns.models.moves import move_many
from contacts.clock import now

MOST_CRASHES = 5
# In a worker's hands, or left in doubt by one that was thought dead.
IN_HANDS = (LetterState.CLAIMED, LetterState.COMMITTING, LetterState.UNCERTAIN)
# A letter whose worker died this often is tried alone, so that what kills workers takes no others along.
CRASHES_TO_GO_ALONE = 2


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


def new_ticket() -> str:
    """A name for one claim, which says whose it is."""
    return f"{socket.gethostname()[:24]}-{os.getpid()}-{uuid4().hex}"


def lease() -> timedelta:
    """How long a claim holds. Longer than the wait for the reply to a final dot (600 s, RFC 5321 §4.5.3.2.6)."""
    return timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)


def margin() -> timedelta:
    """How long before its end a lease is no longer good for beginning a final dot."""
    return min(timedelta(seconds=30), lease() / 4)


def claim(ticket: str, limit: int) -> list[Claimed]:
    """Take up to `limit` queued letters of running drives: of each organisation its share, oldest first.

    `SKIP LOCKED` (where the database has it) only picks candidates that nobody else is picking;
    the UPDATE with its condition decides.
    """
    with transaction.atomic():
        at = now()
        with read_in_order():
            found = [Candidate(*row) for row in fairness.share_out(candidates(at), limit)]
        chosen = throttle.admit(_apart(found), at)
        if not chosen:
            return []
        return take([letter.pk for letter in chosen], ticket, at)


def candidates(at: datetime) -> QuerySet[Letter, Any]:
    """Letters that may be claimed at a moment, in the order of their turn, as columns of a Candidate."""
    return (
        throttle.open_to(domains.open_to(Letter.objects.sendable(at)), at)
        .order_by("queued_at", "pk")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .values_list(*Candidate._fields)
    )


def take(chosen: Sequence[UUID], ticket: str, at: datetime) -> list[Claimed]:
    """Put those of the chosen letters that are still queued into a worker's hands, under a lease.

    A ticket names one claim and is not used twice. Runs inside the transaction that chose.
    """
    Letter.objects.filter(pk__among=chosen, state=LetterState.QUEUED).update(
        state=LetterState.CLAIMED,
        lease_owner=ticket,
        lease_token=F("lease_token") + 1,
        lease_until=at + lease(),
        crash_count=F("crash_count") + 1,
    )
    mine = Letter.objects.filter(pk__among=chosen, lease_owner=ticket, state=LetterState.CLAIMED)
    note_moves(mine, LetterState.CLAIMED, at, before=LetterState.QUEUED)
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


def _apart(candidates: list[Candidate]) -> list[Candidate]:
    """Candidates without those that go alone, or one of those when there is nothing else."""
    calm = [letter for letter in candidates if letter.crash_count < CRASHES_TO_GO_ALONE]
    return calm or candidates[:1]


def intend(claims: Sequence[Claimed]) -> list[Claimed]:
    """Write down, durably, that these letters' final dots are about to leave; gives those that may leave.

    A letter may not when the lease is lost or nearly over, the office's hours have ended, the pledge was taken
    back, or its drive is no longer running under the epoch it was claimed in. The drives' rows are locked, and
    the switch's, so that nothing begins after a pause or a stop of everything has committed.
    """
    if not claims:
        return []
    ticket = claims[0].ticket
    claimed_under = {claim.drive: claim.epoch for claim in claims}
    with transaction.atomic():
        if not switch.hold_open():
            return []
        drives = Drive.objects.filter(pk__in=claimed_under, state=DriveState.RUNNING)
        running = list(drives.order_by("pk").select_for_update(no_key=True).values_list("pk", "epoch"))
        at = now()
        for drive, epoch in running:
            if claimed_under[drive] == epoch:
                may_leave = Letter.objects.filter(
                    pk__among=[claim.pk for claim in claims if claim.drive == drive],
                    lease_owner=ticket,
                    state=LetterState.CLAIMED,
                    lease_until__gt=at + margin(),
                    pledge__state=PledgeState.CONFIRMED,
                )
                # Only what leaves by mail has a window of its own (letter_window_is_for_mail).
                may_leave.filter(Q(window_closes__gt=at) | Q(window_closes__isnull=True)).update(
                    state=LetterState.COMMITTING,
                    lease_until=at + lease(),
                    drive_epoch=epoch,
                    attempt_count=F("attempt_count") + 1,
                )
        mine = Letter.objects.filter(
            pk__among=[claim.pk for claim in claims], lease_owner=ticket, state=LetterState.COMMITTING
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
        note_moves(mine, LetterState.COMMITTING, at, before=LetterState.CLAIMED)
        allowed = set(mine.values_list("pk", flat=True))
    return [claim for claim in claims if claim.pk in allowed]


def renew(ticket: str) -> bool:
    """Hold a window's letters for longer; False when none is ours any more."""
    leaving = Letter.objects.filter(lease_owner=ticket, state=LetterState.COMMITTING)
    return bool(leaving.update(lease_until=now() + lease()))


def release(claims: Iterable[Claimed], reason: str, *, charged: bool = False) -> int:
    """Put letters of which no final dot has left back into the queue, by default without counting a crash."""
    tokens = {claim.pk: claim.token for claim in claims}
    return put_back(tokens, reason, charged=charged)


def put_back(
    tokens: dict[UUID, int],
    reason: str,
    *,
    charged: bool,
    only: Sequence[str] = IN_HANDS,
    skip_locked: bool = False,
) -> int:
    """Move letters (id to lease token) back to the queue; the caller knows that no final dot of theirs left.

    `only` are the states in which that is known: a worker thought dead may be writing its intent at this moment.
    """
    if not tokens:
        return 0
    with transaction.atomic():
        at = now()
        held = held_under(tokens, only, skip_locked)
        back = Letter.objects.filter(pk__among=list(held))
        note_moves(back, LetterState.QUEUED, at, reason=reason)
        Attempt.objects.filter(
            letter__id__among=list(held), outcome__in=[AttemptOutcome.STARTED, AttemptOutcome.UNCERTAIN]
        ).update(outcome=AttemptOutcome.RELEASED, ended_at=at)
        back.update(
            state=LetterState.QUEUED,
            lease_until=None,
            lease_owner="",
            note="",
            crash_count=F("crash_count") - (0 if charged else 1),
        )
    return len(held)


def doubt(tokens: dict[UUID, int], reason: str, skip_locked: bool = False) -> int:
    """Move letters (id to lease token) whose final dot may have left, with no answer seen, to uncertain."""
    with transaction.atomic():
        at = now()
        held = list(held_under(tokens, [LetterState.COMMITTING], skip_locked))
        moved = move_many(
            Letter.objects.filter(pk__among=held),
            LetterState.UNCERTAIN,
            at=at,
            reason=reason,
            note=reason,
            lease_until=None,
        )
        Attempt.objects.filter(letter__id__among=held, outcome=AttemptOutcome.STARTED).update(
            outcome=AttemptOutcome.UNCERTAIN, ended_at=at
        )
    return moved


def hold_the_deadly() -> int:
    """Queued letters whose workers died again and again wait for a person; gives how many."""
    reason = f"{WORKER_DIED} {MOST_CRASHES} times"
    deadly = Letter.objects.filter(state=LetterState.QUEUED, crash_count__gte=MOST_CRASHES)
    return move_many(deadly, LetterState.HELD, at=now(), reason=reason, note=reason)


def held_under(tokens: dict[UUID, int], states: Sequence[str], skip_locked: bool = False) -> dict[UUID, str]:
    """Lock those letters that are in one of the states under the token given; id to state."""
    rows = (
        Letter.objects.filter(pk__among=list(tokens), state__in=states)
        .order_by("pk")
        .select_for_update(skip_locked=skip_locked, of=("self",), no_key=True)
        .values_list("pk", "lease_token", "state")
    )
    return {pk: state for pk, token, state in rows if tokens[pk] == token}


def note_moves(
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
