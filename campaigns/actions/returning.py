"""Letters that were withdrawn and come back: each as a new one to its office would be, and none goes twice."""

from collections.abc import Iterable
from datetime import datetime
from itertools import dropwhile
from uuid import UUID

from django.db import transaction

from campaigns.delivery.thaw import THAWED
from campaigns.errors import BadMove
from campaigns.letters import write
from campaigns.letters.reasons import (
    AFTER_ALL,
    LEFT_BEFORE,
    NEXT_ADDRESS,
    SIGNED_AGAIN,
    TAKEN_BACK,
    last_reason,
)
from campaigns.models import (
    BatchState,
    ChannelName,
    Drive,
    Letter,
    LetterChange,
    LetterState,
    LetterVersion,
    Pledge,
    PledgeState,
    PrintBatch,
)
from campaigns.models.moves import move
from campaigns.targets import posts_for
from contacts.clock import now

_WORDS = (
    "version",
    "subject",
    "subject_arm",
    "body",
    "similarity",
    "not_before",
    "deadline",
    "legislator",
)
# Where a letter can be without having been in anybody's hands.
_HERE = {
    "",
    LetterState.DRAFT,
    LetterState.READY,
    LetterState.QUEUED,
    LetterState.HELD,
    LetterState.WITHDRAWN,
}
_WHOLE: dict[str, object] = {"scrubbed_at": None, "had_own_subject": False}


def never_left(letters: Iterable[Letter]) -> list[Letter]:
    """Of letters with their history at hand, those that can't have left on any way, though they may have been queued.

    Mail, and what goes over HTTP, leaves by a claim. Paper leaves by a file, which may be in the letter box before
    anybody says so, also one that was thrown away. What goes by link its writer may have sent without saying so.
    """
    kept = [(letter, _queued(letter)) for letter in letters if _was_kept(letter)]
    queued = [(letter, moves[0].at) for letter, moves in kept if moves]
    if not queued:
        return [letter for letter, _moves in kept]
    files = PrintBatch.objects.filter(
        state=BatchState.DISCARDED,
        drive__in={letter.drive_id for letter, _at in queued},
        post__in={letter.post_id for letter, _at in queued},
        made_at__gte=min(at for _letter, at in queued),
    )
    thrown_away = set(files.values_list("drive", "post"))
    return [x for x, moves in kept if not moves or (x.drive_id, x.post_id) not in thrown_away]


def _was_kept(letter: Letter) -> bool:
    """Whether a letter was at most in the queue, by its history, and for one way only."""
    history = list(letter.history.all())
    if any(words.startswith(LEFT_BEFORE) for words in (letter.note, *(move.reason for move in history))):
        return False
    queued = _queued(letter)
    if not queued:
        return letter.message_id is None
    states = {state for move in history for state in (move.from_state, move.to_state)}
    other_way = any(
        move.reason == NEXT_ADDRESS
        or (move.from_state, move.to_state) == (LetterState.HELD, LetterState.READY)
        for move in queued
    )
    by_hand = letter.batch_id is not None or letter.channel == ChannelName.LINK
    return states <= _HERE and not other_way and not by_hand


def _queued(letter: Letter) -> list[LetterChange]:
    """What happened to a letter from its first moment in the queue."""
    return list(dropwhile(lambda move: move.to_state != LetterState.QUEUED, letter.history.all()))


def can_return(letter: Letter, at: datetime) -> bool:
    """Whether a letter that is withdrawn, or will be, can be sent after all; of letters with drive and history."""
    return _is_open(letter.drive, at) and bool(never_left([letter]))


def _is_open(drive: Drive, at: datetime) -> bool:
    return drive.state in Drive.TAKES_LETTERS and drive.ends_at > at


def taken_back(pledge: Pledge, letters: Iterable[Letter], at: datetime) -> set[UUID]:
    """Of a pledge's letters, those that their writer took back and can still send: to seats that are still theirs."""
    if pledge.state != PledgeState.CONFIRMED or pledge.supporter is None:
        return set()
    own = [x for x in letters if x.state == LetterState.WITHDRAWN and last_reason(x) == TAKEN_BACK]
    open_ones = never_left(x for x in own if _is_open(x.drive, at))
    if not open_ones:
        return set()
    divisions: list[UUID] = list(pledge.supporter.residences.values_list("division_id", flat=True))
    targets = {post.pk for post, _group in posts_for(pledge.campaign, divisions, at.date())}
    return {x.pk for x in open_ones if x.post_id in targets}


@transaction.atomic
def send_after_all(*, letter: Letter) -> None:
    """Let a letter go that its writer took back, with time to edit it anew. Raises BadMove when it can't any more."""
    at = now()
    # Whoever withdraws the pledge at this moment waits, and stops this letter too.
    held = Pledge.objects.select_for_update(of=("self",), no_key=True).select_related("campaign", "supporter")
    pledge = held.get(pk=letter.pledge_id)
    old = Letter.objects.select_related("drive").prefetch_related("history").get(pk=letter.pk)
    if old.pk not in taken_back(pledge, [old], at):
        raise BadMove
    new = next((x for x in _as_new(pledge, old.drive, at) if x.post_id == old.post_id), None)
    if new is None:
        raise BadMove
    new.state = LetterState.READY
    keep_words(old, new)
    bring_back(old, new, at, AFTER_ALL)


def write_again(pledge: Pledge, drive: Drive, at: datetime) -> None:
    """The letters of a pledge (locked) that was confirmed before: those it had come back, others are new."""
    letters = _as_new(pledge, drive, at)
    withdrawn = Letter.objects.filter(
        pledge=pledge, drive=drive, is_test=pledge.is_test, state=LetterState.WITHDRAWN
    )
    # One office has one letter in a drive.
    returning = {x.post_id: x for x in never_left(withdrawn.prefetch_related("history"))}
    for new in letters:
        old = returning.get(new.post_id)
        if old is not None:
            keep_words(old, new)
            bring_back(old, new, at, SIGNED_AGAIN)
    write.save_letters(letters)


def _as_new(pledge: Pledge, drive: Drive, at: datetime) -> list[Letter]:
    """The letters a pledge owes in a drive, in words that nobody corrects before they are stored."""
    hold_versions([pledge.campaign_id])
    return write.letters_of(pledge, drive, at)


def hold_versions(campaigns: Iterable[UUID]) -> None:
    """Until the transaction ends nobody corrects what letters of these campaigns say. Before letters are locked."""
    versions = LetterVersion.objects.filter(group__campaign__in=campaigns).order_by("pk")
    list(versions.select_for_update(of=("self",), no_key=True).values_list("pk"))


def keep_words(old: Letter, new: Letter) -> None:
    """Put into a new letter what is its writer's own of an old one, as far as it was not deleted."""
    new.subject = old.subject
    if old.body and old.similarity < 1:
        new.body, new.similarity = old.body, old.similarity


def bring_back(old: Letter, new: Letter, at: datetime, reason: str) -> None:
    """Make a withdrawn letter what a new one to its office would be. Raises BadMove when somebody moved it first."""
    write.name_holders([new])
    changes = {**THAWED, **{name: getattr(new, name) for name in _WORDS}, **_WHOLE}
    move(old, LetterState.DRAFT, at=at, reason=reason, **changes)
    if new.state == LetterState.READY:
        move(old, LetterState.READY, at=at)
