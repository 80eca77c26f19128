"""How long a way to an office may put a letter off before it is given up."""

from datetime import datetime, timedelta

from django.db.models import Max, Q

from campaigns.channels.base import Refused
from campaigns.channels.replies import classify
from campaigns.letters.reasons import NEXT_ADDRESS
from campaigns.models import Attempt, AttemptOutcome, Letter, LetterState

# An address that takes nothing for so long is given up for the office's next one (RFC 5321 §4.5.4.1: 4 to 5 days).
PATIENCE = timedelta(days=5)
# After a pause one try says little: so many days must have seen the letter put off.
DAYS = 4


def is_given_up(letter: Letter, at: datetime) -> bool:
    """Whether the way that a letter goes now has put it off again and again for too long, up to this try.

    What was refused because of us says nothing of the way, nor do tries before it was chosen or somebody let the
    letter go on.
    """
    anew = Q(reason__endswith=NEXT_ADDRESS) | Q(
        from_state__in=[LetterState.HELD, LetterState.FAILED],
        to_state__in=[LetterState.READY, LetterState.QUEUED],
    )
    since = letter.history.filter(anew).aggregate(at=Max("at"))["at"]
    tries = letter.attempts.filter(outcome__in=[AttemptOutcome.DEFERRED, AttemptOutcome.REFUSED])
    # A full mailbox that a relay of ours found: the letter came back and was put off.
    came_back = letter.history.filter(from_state=LetterState.BOUNCED, to_state=LetterState.DEFERRED)
    if since is not None:
        tries, came_back = tries.filter(ended_at__gt=since), came_back.filter(at__gt=since)
    moments = [one.ended_at for one in tries if one.ended_at and _is_of_the_way(one)]
    moments += [*came_back.values_list("at", flat=True), at]
    return min(moments) <= at - PATIENCE and len({moment.date() for moment in moments}) >= DAYS


def _is_of_the_way(attempt: Attempt) -> bool:
    """Whether a try was put off by the mailbox or its server, and not refused because of us."""
    if attempt.outcome == AttemptOutcome.DEFERRED:
        return True
    said = classify("dot", attempt.reply_code or 0, attempt.reply_text)
    return isinstance(said, Refused) and said.scope == "mailbox_full"
