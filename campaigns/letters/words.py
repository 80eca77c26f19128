"""Where a letter is and what comes next, told to the person who wrote it."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from campaigns.letters.bundle import signer_of
from campaigns.letters.reasons import (
    ASKED_TO_STOP,
    LEFT_OFFICE,
    MOVED,
    NOT_COUNTED,
    NOT_FOR_SUCCESSOR,
    last_reason,
)
from campaigns.models import ChannelName, DriveState, Letter, LetterState

_S = LetterState
# Letters that do not leave by mail: what they wait for, and what was done with them.
_CARRIED: dict[str, object] = {
    ChannelName.PRINT: _("It is printed and posted with the next batch. Its text can no longer change."),
    ChannelName.LINK: _("It waits for you: the office takes letters through a form on its website only."),
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
_HAVE_REASONS = {state for state, _reason in _BY_REASON}


@dataclass(frozen=True)
class Circumstances:
    """What is known of a letter beside its row: its domain refuses us, nobody holds its seat, it would go on paper.

    `is_carried` where people bring it there, on paper or by a form of the office's, and no hour holds it.
    """

    is_stopped: bool = False
    is_vacant: bool = False
    is_for_paper: bool = False
    is_carried: bool = False


NOTHING_SPECIAL = Circumstances()


def for_supporter(letter: Letter, at: datetime, known: Circumstances = NOTHING_SPECIAL) -> str:
    """One sentence that says where the letter is at a moment and what comes next."""
    # Other troubles of its office keep no test from the organizer.
    if letter.is_test and letter.state == _S.READY and known.is_vacant:
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
    told = _BY_REASON.get((letter.state, last_reason(letter))) if letter.state in _HAVE_REASONS else None
    if told is not None:
        return str(told)
    if known.is_stopped and letter.state in Letter.OUTGOING:
        return _t(
            "It waits: the office’s mail server refuses mail from us at the moment. That is about us, not about your "
            "letter, which stays as it is and leaves when this is settled."
        )
    if letter.state == _S.READY and known.is_vacant and letter.legislator_id is None:
        return _t(
            "It waits: the seat is vacant. When somebody holds it before this wave ends, the letter is composed for "
            "that person and leaves. Until then you can still change it or take it back."
        )
    if letter.state == _S.READY and letter.note:
        return _t(
            "It waits: the office can't be reached at the moment, asks for more about you than you told us, or its "
            "seat is vacant. It leaves when that changes."
        )
    sentences = {
        _S.DRAFT: _t("It waits for you. Read it, change what you like, and send it."),
        _S.READY: _on_paper(letter, at) if known.is_for_paper else _ready(letter, at),
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


def once_sent(letter: Letter, at: datetime, known: Circumstances = NOTHING_SPECIAL) -> str:
    """What `for_supporter` says of a letter that can still be edited, once its writer has sent it at a moment."""
    sent = copy(letter)
    sent.state = _S.READY
    if sent.not_before > at:  # its moment is planned anew
        sent.send_after = None
    return for_supporter(sent, at, known)


def _ready(letter: Letter, at: datetime) -> str:
    """A letter that can leave, with its hour on the clock of the page as far as that is known."""
    leaves = letter.send_after or letter.drive.starts_at
    end = min(letter.deadline, letter.drive.ends_at)
    is_on = letter.drive.state in {DriveState.SCHEDULED, DriveState.RUNNING}
    if is_on and leaves >= end:  # planning gives what fits no hour the last moment
        return _t(
            "It has no hour yet: as it stands, none is free before %(time)s, when this wave ends. If one becomes free, "
            "it leaves then. Until then you can still change it or take it back."
        ) % {"time": date_format(localtime(end), "DATETIME_FORMAT")}
    if is_on and leaves > at:
        return _t(
            "It leaves with the next wave, from %(time)s on. Until then you can still change it or take it back."
        ) % {"time": date_format(localtime(leaves), "DATETIME_FORMAT")}
    return _t("It leaves with the next wave. Until then you can still change it or take it back.")


def _on_paper(letter: Letter, at: datetime) -> str:
    """A letter that people print and post: it has no hour, and its text is fixed as soon as it may be printed."""
    fixed = max(letter.drive.starts_at, letter.not_before)
    said = {"organization": letter.pledge.campaign.organization.name}
    if letter.drive.state in {DriveState.SCHEDULED, DriveState.RUNNING} and fixed > at:
        text = _t(
            "It goes on paper: %(organization)s prints and posts it. Until %(time)s you can still change it or take it "
            "back."
        )
        return text % {**said, "time": date_format(localtime(fixed), "DATETIME_FORMAT")}
    text = _t(
        "It goes on paper: %(organization)s prints and posts it. Until it is made ready for printing you can still "
        "change it or take it back."
    )
    return text % said


def is_bundled(letter: Letter) -> bool:
    """Whether a letter went, or waits to go, in a bundle; of a letter with its batch at hand."""
    if letter.channel != ChannelName.PRINT:
        return False
    if letter.batch is not None:
        return letter.batch.is_bundle and letter.state in {*Letter.ACCEPTED, _S.QUEUED}
    wanted = letter.pledge.campaign.bundle_similar and letter.state == _S.QUEUED
    return wanted and signer_of(letter) is not None
