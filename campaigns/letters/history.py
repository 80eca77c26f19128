"""What happened to a letter, step by step: for who wrote it, and for staff."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from campaigns.letters.correct import CORRECTED, LEFT_ALONE
from campaigns.letters.reasons import (
    AFTER_ALL,
    ALLOWED_AGAIN,
    ASKED_TO_STOP,
    COUNTED_AGAIN,
    DETAILS_CHANGED,
    FOR_SUCCESSOR,
    IN_A_BUNDLE,
    LEFT_OFFICE,
    MOVED,
    MOVED_BACK,
    NEXT_ADDRESS,
    NOT_COUNTED,
    NOT_FOR_SUCCESSOR,
    SENT_ELSEWHERE,
    SIGNED_AGAIN,
    TAKEN_BACK,
    WAY_FOUND,
)
from campaigns.letters.tones import tone
from campaigns.models import Attempt, AttemptOutcome, ChannelName, Letter, LetterChange, LetterState
from policy.words import labelled

_S = LetterState
# What a person did with letters that do not leave by mail.
_SENT_BY_HAND: dict[str, object] = {
    ChannelName.PRINT: _("Posted in a window envelope"),
    ChannelName.LINK: _("Sent by you, through the office's form"),
}
# Changes that were made for a particular reason.
_HAPPENED: dict[str, object] = {
    IN_A_BUNDLE: _("Handed over to the office in a bundle with other letters like it"),
    LEFT_OFFICE: _("Held: the representative it was written to has left office"),
    ASKED_TO_STOP: _("Held: the office asked not to be written to"),
    NOT_COUNTED: _("Held back: the organisation does not count your pledge"),
    COUNTED_AGAIN: _("Goes on: the organisation counts your pledge again"),
    ALLOWED_AGAIN: _("Goes on: the office may be written to again"),
    WAY_FOUND: _("Goes on: the office can be reached again"),
    SENT_ELSEWHERE: _("Goes on: the organisation sends it to an address of the office that works"),
    TAKEN_BACK: _("Taken back by you"),
    MOVED: _("Taken back: you moved to where somebody else is in office"),
    MOVED_BACK: _("Yours again: you moved back to where this representative is in office"),
    SIGNED_AGAIN: _("Yours again: you signed again"),
    AFTER_ALL: _("Yours again: you decided to send it after all"),
    NOT_FOR_SUCCESSOR: _("Stopped by the organisation, because the representative had left office"),
}


@dataclass(frozen=True)
class Step:
    """One thing that happened to a letter; `tone` is empty, warn or bad, `evidence` what a server said of it."""

    text: str
    at: datetime
    tone: str = ""
    evidence: str = ""


def timeline(letter: Letter) -> list[Step]:
    """What happened to a letter, oldest first: what people did, and each try with what the server said."""
    tries = [step for attempt in letter.attempts.all() if (step := _of_try(letter, attempt)) is not None]
    tried = {attempt.outcome for attempt in letter.attempts.all()}
    # The answer that closed a letter is told as itself.
    history = [c for c in letter.history.all() if c.to_state != _S.CLOSED or letter.replied_at is None]
    changes = [step for change in history if (step := _of_change(letter, change, tried)) is not None]
    answered = [Step(_t("The office answered"), letter.replied_at)] if letter.replied_at else []
    return sorted([*changes, *tries, *answered], key=lambda step: step.at)


def _of_try(letter: Letter, attempt: Attempt) -> Step | None:
    at = attempt.ended_at or attempt.started_at
    evidence = labelled(attempt.host, _answer(attempt))
    if attempt.outcome == AttemptOutcome.ACCEPTED and letter.channel == ChannelName.CWC:
        return Step(_t("Accepted by the office's system"), at, evidence=evidence)
    if attempt.outcome == AttemptOutcome.ACCEPTED:
        # All letters go to the relay of this installation first; what the office's own server did is not ours to claim.
        return Step(_t("Taken over by our mail server, to be passed on"), at, evidence=evidence)
    if attempt.outcome == AttemptOutcome.DEFERRED:
        return Step(_t("Put off by the mail server, to be tried again"), at, "warn", evidence)
    if attempt.outcome == AttemptOutcome.REFUSED:
        return Step(_t("Refused by the server it was handed to"), at, "bad", evidence)
    if attempt.outcome == AttemptOutcome.UNCERTAIN:
        return Step(_t("The connection broke before an answer came"), at, "warn", attempt.host)
    return None


def _answer(attempt: Attempt) -> str:
    parts = [str(attempt.reply_code or ""), attempt.reply_text]
    return " ".join(part for part in parts if part) or _t("no words given")


def _of_words(reason: str) -> str:
    """Who changed a letter's text, and whether."""
    if reason == DETAILS_CHANGED:
        return _t("Your name and address were corrected by you")
    if reason == CORRECTED:
        return _t("A mistake in the suggested text was corrected by the organisation")
    if reason == LEFT_ALONE:
        return _t(
            "The organisation corrected its suggested text. Your letter has words of your own and stayed as it is"
        )
    return _t("Changed by you")


def _of_change(letter: Letter, change: LetterChange, tried: set[str]) -> Step | None:
    """A change that a person should hear of; what a try tells is left to the try."""
    to, came_from = change.to_state, change.from_state
    if not came_from:
        return Step(_t("Written with the suggested text"), change.at)
    if to == came_from and change.reason == NEXT_ADDRESS:
        return Step(_t("Goes to the office's next address"), change.at)
    if to == came_from:  # its state is the same; its words are not
        return Step(_of_words(change.reason), change.at)
    if to == _S.QUEUED and came_from == _S.READY:
        return Step(_t("Put in the queue; its text is fixed from now on"), change.at)
    if to == _S.QUEUED and came_from in {_S.SENT, _S.SETTLED}:
        return Step(_t("Corrected: it had not been posted after all"), change.at, "warn")
    if to == _S.QUEUED and came_from == _S.BOUNCED:
        return Step(_t("Goes to the office's next address"), change.at)
    if change.reason in _HAPPENED:
        return Step(
            str(_HAPPENED[change.reason]), change.at, "" if to in {_S.SENT, _S.READY, _S.DRAFT} else "warn"
        )
    if to == _S.SENT and came_from == _S.QUEUED and letter.channel in _SENT_BY_HAND:
        return Step(str(_SENT_BY_HAND[letter.channel]), change.at)
    if change.reason.startswith(FOR_SUCCESSOR):
        name = change.reason.removeprefix(f"{FOR_SUCCESSOR}: ")
        return Step(_t("Goes to %(name)s now, who holds the seat") % {"name": name}, change.at)
    told = {
        _S.SENT: AttemptOutcome.ACCEPTED,
        _S.FAILED: AttemptOutcome.REFUSED,
        _S.UNCERTAIN: AttemptOutcome.UNCERTAIN,
    }
    if told.get(LetterState(to)) in tried:
        return None
    words = {
        _S.READY: (_t("Ready to leave"), ""),
        _S.SENT: (str(_SENT_BY_HAND.get(letter.channel, _("A person found that it arrived"))), ""),
        _S.SETTLED: (_t("Nothing came back within two days"), ""),
        _S.CLOSED: (_t("Closed"), ""),
        _S.BOUNCED: (_t("Came back after it had been accepted"), "bad"),
        _S.UNCERTAIN: (_t("The connection broke at the last moment"), "warn"),
        _S.HELD: (_t("Held for a person to look at"), "warn"),
        _S.FAILED: (_t("Could not be delivered"), "bad"),
        _S.ABANDONED: (_t("Given up: nobody could find out whether it arrived"), "warn"),
        _S.WITHDRAWN: (_t("Taken back by you"), ""),
        _S.CANCELLED: (_t("Stopped by the organisation"), ""),
        _S.EXPIRED: (_t("Its time ran out before it could leave"), "warn"),
    }
    text, look = words.get(LetterState(to), ("", ""))
    return Step(text, change.at, look) if text else None


def told_to_staff(letter: Letter) -> list[tuple[str, str, LetterChange]]:
    """A letter's history as (words, look, change). What happened before it was sent on another way is not said in
    the words of the way it goes now."""
    changes = list(letter.history.select_related("actor"))
    turns = [n for n, change in enumerate(changes) if change.reason.endswith(NEXT_ADDRESS)]
    turn = turns[-1] if turns else 0
    return [
        (
            letter.said_of(change.to_state) if n >= turn else str(LetterState(change.to_state).label),
            tone(change.to_state),
            change,
        )
        for n, change in enumerate(changes)
    ]
