"""How the state of a letter looks wherever one is shown."""

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


def tone_of(letter: Letter) -> str:
    """How a letter's state looks; one that can't leave looks like a warning."""
    return "warn" if letter.is_stuck else tone(letter.state)
