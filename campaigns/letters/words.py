"""What became of a letter, in the words of the person who wrote it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from campaigns.letters.bundle import is_near_identical, signer_of
from campaigns.letters.correct import CORRECTED, LEFT_ALONE
from campaigns.letters.reasons import (
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
    WAY_FOUND,
    last_reason,
)
from campaigns.models import (
    Attempt,
    AttemptOutcome,
    ChannelName,
    DriveState,
    Letter,
    LetterChange,
    LetterState,
)
from contacts.clock import now

_S = LetterState
# state: how it looks (good, info, warn, bad, quiet)
TONES: dict[str, str] = {
    _S.DRAFT: "warn",
    _S.READY: "info",
    _S.QUEUED: "info",
    _S.CLAIMED: "info",
    _S.COMMITTING: "info",
    _S.DEFERRED: "info",
    _S.SENT: "good",
    _S.SETTLED: "good",
    _S.CLOSED: "good",
    _S.UNCERTAIN: "warn",
    _S.HELD: "warn",
    _S.BOUNCED: "bad",
    _S.FAILED: "bad",
}
# Letters that do not leave by mail: what they wait for, and what was done with them.
_CARRIED: dict[str, object] = {
    ChannelName.PRINT: _("It is printed and posted with the next batch. Its text can no longer change."),
    ChannelName.LINK: _("It waits for you: the office takes letters through a form on its website only."),
}
_SENT_BY_HAND: dict[str, object] = {
    ChannelName.PRINT: _("Posted in a window envelope"),
    ChannelName.LINK: _("Sent by you, through the office's form"),
}
_DONE_BY_HAND: dict[str, object] = {
    ChannelName.CWC: _("The office's own system accepted it. Offices answer in their own time."),
    ChannelName.PRINT: _("It was printed and posted to the office. Offices answer in their own time."),
    ChannelName.LINK: _("You told us that you sent it through the office's form. Thank you."),
}

_FOR_A_BUNDLE = _(
    "It is near the suggested text, so it goes with others like it in one bundle, once a week. Its text can no longer "
    "change."
)
_BUNDLED = _(
    "It went to the office in a bundle: the text that many people sent, once, with the name of each of you and your "
    "own sentences in full. Offices answer in their own time."
)
# Tests go to the organizer's own mailbox, by mail and whatever the hour.
_TEST_READY = _(
    "It goes to the organizer as soon as the drive runs, because this is a test. Until then you can still change it "
    "or take it back."
)
_TEST_WAITS = _(
    "It waits, because the seat is vacant and a letter needs somebody to write to. This is a test: when somebody holds "
    "the seat, it goes to the organizer."
)
_TEST_SENT = _("It was a test: our mail relay accepted it for the organizer, and no office got it.")
# What a supporter is told of a state that was reached for a particular reason: where the letter is, and what happened.
_BY_REASON: dict[tuple[str, str], object] = {
    (_S.HELD, LEFT_OFFICE): _(
        "The representative it was written to has left office. The organisation decides whether it goes to the "
        "successor."
    ),
    (_S.HELD, ASKED_TO_STOP): _(
        "The office asked the organisation not to write to it any more, and no other way to it is known. Your letter "
        "has not been sent."
    ),
    (_S.WITHDRAWN, MOVED): _(
        "You moved, so it is for somebody else now. It was not sent; the letter to your new representative is here too."
    ),
    (_S.HELD, NOT_COUNTED): _(
        "The organisation does not count your pledge, so this letter is held back. It has not been sent."
    ),
    (_S.CANCELLED, NOT_FOR_SUCCESSOR): _(
        "The representative it was written to left office before it could leave. It was not sent."
    ),
}
_HAPPENED: dict[str, object] = {
    IN_A_BUNDLE: _("Handed over to the office in a bundle with other letters like it"),
    LEFT_OFFICE: _("Held: the representative it was written to has left office"),
    ASKED_TO_STOP: _("Held: the office asked not to be written to"),
    NOT_COUNTED: _("Held back: the organisation does not count your pledge"),
    COUNTED_AGAIN: _("Goes on: the organisation counts your pledge again"),
    ALLOWED_AGAIN: _("Goes on: the office may be written to again"),
    WAY_FOUND: _("Goes on: the office can be reached again"),
    MOVED: _("Taken back: you moved to where somebody else is in office"),
    MOVED_BACK: _("Yours again: you moved back to where this representative is in office"),
    NOT_FOR_SUCCESSOR: _("Stopped by the organisation, because the representative had left office"),
}


def tone(state: str) -> str:
    """How a state looks: good, info, warn, bad or quiet."""
    return TONES.get(state, "quiet")


def tone_of(letter: Letter) -> str:
    """How a letter's state looks; one that can't leave looks like a warning."""
    return "warn" if letter.is_stuck else tone(letter.state)


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


def for_supporter(letter: Letter, *, is_stopped: bool = False, is_vacant: bool = False) -> str:
    """One sentence that says where the letter is and what comes next.

    `is_stopped` when its domain refuses us, `is_vacant` when nobody holds the seat it is for.
    """
    # Other troubles of its office keep no test from the organizer.
    if letter.is_test and letter.state == _S.READY and is_vacant:
        return str(_TEST_WAITS)
    if letter.is_test and (letter.state in Letter.ACCEPTED or letter.state == _S.READY):
        return str(_TEST_SENT if letter.state in Letter.ACCEPTED else _TEST_READY)
    if letter.replied_at is not None:
        return _t("The office answered. You find its answer below.")
    if is_bundled(letter):
        return str(_BUNDLED if letter.state in Letter.ACCEPTED else _FOR_A_BUNDLE)
    if letter.state in Letter.ACCEPTED and letter.channel in _DONE_BY_HAND:
        return str(_DONE_BY_HAND[letter.channel])
    if letter.state == _S.QUEUED and letter.channel in _CARRIED:
        return str(_CARRIED[letter.channel])
    if letter.state in Letter.ACCEPTED:
        return _t(
            "Our mail relay accepted it and passes it on to the office. Offices answer in their own time."
        )
    told = _BY_REASON.get((letter.state, last_reason(letter)))
    if told is not None:
        return str(told)
    if is_stopped and letter.state in Letter.OUTGOING:
        return _t(
            "It waits: the office’s mail server refuses mail from us at the moment. That is about us, not about your "
            "letter, which stays as it is and leaves when this is settled."
        )
    if letter.state == _S.READY and letter.note:
        return _t(
            "It waits: the office can't be reached at the moment, asks for more about you than you told us, or its "
            "seat is vacant. It leaves when that changes."
        )
    sentences = {
        _S.DRAFT: _t("It waits for you. Read it, change what you like, and send it."),
        _S.READY: _ready(letter),
        _S.QUEUED: _t("It is on its way out. Its text can no longer change."),
        _S.CLAIMED: _t("It is leaving now."),
        _S.COMMITTING: _t("It is leaving now."),
        _S.DEFERRED: _t("The mail server asked us to try again later. We do."),
        _S.UNCERTAIN: _t(
            "The connection broke at the last moment: it may have arrived. A person is looking into it."
        ),
        _S.HELD: _t("A person at the organisation is looking at it before it can leave."),
        _S.BOUNCED: _t("It came back after a mail server had accepted it."),
        _S.FAILED: _t("It could not be delivered. You find its text below, to send it another way."),
        _S.ABANDONED: _t("Nobody could find out whether it arrived, and it was not sent again."),
        _S.WITHDRAWN: _t("You took it back. It was not sent."),
        _S.CANCELLED: _t("The organisation stopped this wave. It was not sent."),
        _S.EXPIRED: _t("It was not sent in time."),
    }
    return sentences[LetterState(letter.state)]


def _ready(letter: Letter) -> str:
    """A letter that can leave, with its hour on the clock of the page as far as that is known."""
    leaves = letter.send_after or letter.drive.starts_at
    end = min(letter.deadline, letter.drive.ends_at)
    is_on = letter.drive.state in {DriveState.SCHEDULED, DriveState.RUNNING}
    if is_on and leaves >= end:  # planning gives what fits no hour the last moment
        return _t(
            "It has no hour yet: as it stands, none is free before %(time)s, when this wave ends. If one becomes free, "
            "it leaves then. Until then you can still change it or take it back."
        ) % {"time": date_format(localtime(end), "DATETIME_FORMAT")}
    if is_on and leaves > now():
        return _t(
            "It leaves with the next wave, from %(time)s on. Until then you can still change it or take it back."
        ) % {"time": date_format(localtime(leaves), "DATETIME_FORMAT")}
    return _t("It leaves with the next wave. Until then you can still change it or take it back.")


def is_bundled(letter: Letter) -> bool:
    """Whether a letter went, or waits to go, in a bundle; of a letter with its batch at hand."""
    if letter.channel != ChannelName.PRINT:
        return False
    if letter.batch is not None:
        return letter.batch.is_bundle and letter.state in {*Letter.ACCEPTED, _S.QUEUED}
    wanted = letter.pledge.campaign.bundle_similar and letter.state == _S.QUEUED
    return wanted and signer_of(letter) is not None and is_near_identical(letter)


@dataclass(frozen=True)
class Step:
    """One thing that happened to a letter; `tone` is empty, warn or bad."""

    text: str
    at: datetime
    tone: str = ""


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
    about = {"server": attempt.host, "answer": _answer(attempt)}
    if attempt.outcome == AttemptOutcome.ACCEPTED and letter.channel == ChannelName.CWC:
        return Step(_t("Handed to %(server)s, which accepted it: %(answer)s") % about, at)
    if attempt.outcome == AttemptOutcome.ACCEPTED:
        # All letters go to the relay of this installation first; what the office's own server did is not ours to claim.
        return Step(_t("Handed to our mail relay %(server)s, which accepted it: %(answer)s") % about, at)
    if attempt.outcome == AttemptOutcome.DEFERRED:
        return Step(_t("Put off by %(server)s, to be tried again: %(answer)s") % about, at, "warn")
    if attempt.outcome == AttemptOutcome.REFUSED:
        return Step(_t("Refused by %(server)s: %(answer)s") % about, at, "bad")
    if attempt.outcome == AttemptOutcome.UNCERTAIN:
        return Step(_t("The connection to %(server)s broke before its answer came.") % about, at, "warn")
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
