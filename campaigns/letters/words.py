"""A letter's state in the words of the person who wrote it."""

from django.utils.translation import gettext as _t

from campaigns.models import Letter, LetterState

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


def tone(state: str) -> str:
    """How a state looks: good, info, warn, bad or quiet."""
    return TONES.get(state, "quiet")


def for_supporter(letter: Letter) -> str:
    """One sentence that says where the letter is and what comes next."""
    if letter.state in Letter.ACCEPTED:
        return _t("A mail server accepted it for the office. Offices answer in their own time.")
    sentences = {
        _S.DRAFT: _t("It waits for you. Read it, change what you like, and send it."),
        _S.READY: _t("It leaves with the next wave. Until then you can still change it or take it back."),
        _S.QUEUED: _t("It is on its way out. Its text can no longer change."),
        _S.CLAIMED: _t("It is leaving now."),
        _S.COMMITTING: _t("It is leaving now."),
        _S.DEFERRED: _t("The office's mail server asked us to try again later. We do."),
        _S.UNCERTAIN: _t(
            "The connection broke at the last moment: it may have arrived. A person is looking into it."
        ),
        _S.HELD: _t("A person at the organisation is looking at it before it can leave."),
        _S.BOUNCED: _t("It came back from the office's mail server."),
        _S.FAILED: _t(
            "The office's mail server refused it. You find its text below, to send it another way."
        ),
        _S.ABANDONED: _t("Nobody could find out whether it arrived, and it was not sent again."),
        _S.WITHDRAWN: _t("You took it back. It was not sent."),
        _S.CANCELLED: _t("The organisation stopped this wave. It was not sent."),
        _S.EXPIRED: _t("It was not sent in time."),
    }
    return sentences[LetterState(letter.state)]
