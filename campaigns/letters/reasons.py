"""Why people or the machine moved a letter, as rows of history say it; pages put it into the reader's words."""

from collections.abc import Iterable

from campaigns.models import Letter, LetterChange

ASKED_TO_STOP = "the office asked us to stop"
WORKS_AGAIN = "the address works again"
NO_WAY_LEFT = "no working contact point"
SEAT_VACANT = "the seat is vacant"
ZONE_UNKNOWN = "the office's time zone is not known"
WAY_FOUND = "the office can be reached again"
ALLOWED_AGAIN = "the office may be written to again"
LEFT_OFFICE = "the representative has left office"
FOR_SUCCESSOR = "goes to the successor"
NEXT_ADDRESS = "on to the next address"
NOT_FOR_SUCCESSOR = "cancelled: the representative had left office"
TAKEN_BACK = "withdrawn by the supporter"
SIGNED_AGAIN = "its pledge was signed again"
AFTER_ALL = "its writer sends it after all"
MOVED = "its writer moved to where somebody else is in office"
MOVED_BACK = "its writer moved back to where this representative is in office"
DETAILS_CHANGED = "name and address corrected by the supporter"
ERASED = "erased at its writer's request"
ONE_ERASED = "one of its letters was erased"
NOT_COUNTED = "its pledge is not counted"
COUNTED_AGAIN = "its pledge counts again"
SIGNED_TWICE = "the same person had signed before"
IN_A_BUNDLE = "handed over in a bundle with letters like it"
ASKS_FOR_MORE = "the office asks for more about the writer than we know"
SAID_NOT_SENT = "the supporter could not send it through the office's form"
RELEASED = "released"
SENT_ELSEWHERE = "a person has it go to an address of the office that works"
# How reasons begin that go on with a number or with what a server said.
WORKER_DIED = "its worker died"
LEFT_BEFORE = "left after the backup was made"
PUT_OFF_LONG = "put off for five days"


def last_reason(letter: Letter) -> str:
    """Why a letter is in the state it is in; of letters with their history at hand."""
    last = last_move(letter)
    return last.reason if last else ""


def last_move(letter: Letter) -> LetterChange | None:
    """What brought a letter into the state it is in; of letters with their history at hand."""
    history: Iterable[LetterChange] = letter.history.all()
    moves = [change for change in history if change.to_state == letter.state != change.from_state]
    return moves[-1] if moves else None
