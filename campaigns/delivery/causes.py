"""Why letters are held or failed: groups that the database sorts them into, by the words they were stopped with.

The words are the machine's own reasons, or what a server said. What a server said is read as `channels/replies.py` and
`inbound/bounce.py` read it, but with expressions that both databases know (no `\\b` on PostgreSQL).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, CharField, Count, Q, Value, When
from django.utils.translation import gettext_lazy as _

from campaigns.letters.reasons import (
    ASKED_TO_STOP,
    ASKS_FOR_MORE,
    LEFT_BEFORE,
    NO_WAY_LEFT,
    NOT_COUNTED,
    PUT_OFF_LONG,
    SAID_NOT_SENT,
    WORKER_DIED,
)
from campaigns.models import ChannelName, LetterState
from campaigns.models.letter import LetterQuerySet

# What can be decided about many letters at once.
RELEASE, CANCEL, ELSEWHERE = "release", "cancel", "elsewhere"

_HELD = (LetterState.HELD,)
# A letter that came back is on its way to another address or has failed, a moment later.
_FAILED = (LetterState.FAILED, LetterState.BOUNCED)


@dataclass(frozen=True)
class Cause:
    """Why letters in these states stopped, when their note fits; `decisions` are those that fit all of them."""

    key: str
    label: object
    states: Sequence[str]
    fits: Q
    decisions: frozenset[str]


def _held(key: str, label: object, fits: Q, *decisions: str) -> Cause:
    return Cause(key, label, _HELD, fits, frozenset(decisions))


def _failed(key: str, label: object, fits: Q) -> Cause:
    return Cause(key, label, _FAILED, fits, frozenset({ELSEWHERE}))


def _says(expression: str) -> Q:
    return Q(note__iregex=expression)


# Released, letters are held again at once until what their remedy names is done.
FOR_NOTHING = frozenset({"asked-to-stop", "no-address"})

# The first that fits counts; the last of each kind takes what is left.
CAUSES = (
    # Decided for all letters to a seat at once, so that their supporters are told.
    _held(
        "left-office",
        _("The representative has left office"),
        Q(note__endswith=" has left office since this letter was written"),
    ),
    _held("not-counted", _("Their signatures are not counted"), Q(note=NOT_COUNTED), CANCEL),
    _held("asked-to-stop", _("The office asked us to stop"), Q(note=ASKED_TO_STOP), CANCEL),
    _held("no-address", _("No address of the office works"), Q(note=NO_WAY_LEFT), CANCEL),
    # Released by the dozen, they might go twice.
    _held(
        "left-before", _("It may have left before the backup was restored"), Q(note__startswith=LEFT_BEFORE)
    ),
    _held(
        "broke-off",
        _("Sending it broke off again and again"),
        Q(note__startswith=WORKER_DIED),
        RELEASE,
        CANCEL,
    ),
    _held(
        "form",
        _("The supporter could not send it through the office’s form"),
        Q(note=SAID_NOT_SENT),
        RELEASE,
        CANCEL,
    ),
    _held(
        "refused",
        _("The mail server refused it and takes others"),
        _says(r"^[45]([0-9][0-9] |\.[0-9])"),
        RELEASE,
        CANCEL,
    ),
    _held(
        "asks-for-more",
        _("The office asks for more about its writer"),
        Q(note=ASKS_FOR_MORE),
        RELEASE,
        CANCEL,
    ),
    _held("other", _("Something else, which each letter names"), Q(), RELEASE, CANCEL),
    Cause("given-up", _("Given up after an uncertain try"), (LetterState.ABANDONED,), Q(), frozenset[str]()),
    _failed("put-off", _("The mail server put it off for five days"), Q(note__startswith=PUT_OFF_LONG)),
    _failed(
        "full",
        _("The office’s mailbox is full"),
        _says(r"[45]\.2\.2( |$)|quota|mailbox (is )?full|storage limit|insufficient storage"),
    ),
    _failed(
        "letter",
        _("The letter itself was refused"),
        Q(channel=ChannelName.CWC) | _says(r"5\.6\.[0-9]|5\.2\.3( |$)|5\.3\.4( |$)"),
    ),
    _failed(
        "us",
        _("The mail server refused mail from us"),
        _says(
            r"5\.7\.[0-9]|5\.1\.[78]( |$)|(^|[^a-z])(blocked|(black|block|deny) ?list|policy|policies|reputation"
            r"|spam|unsolicited)([^a-z]|$)"
        ),
    ),
    _failed(
        "address",
        _("The address does not exist"),
        _says(
            r"5\.[12]\.[0-9]|5\.4\.4( |$)|^(501|550|551|553) |user unknown|unknown (user|recipient)"
            r"|no such (user|mailbox|person|recipient)|unrouteable address|does not exist"
            r"|no mailbox here by that name|mailbox unavailable|could not be found|address rejected"
        ),
    ),
    _failed("failed", _("Something else, which each letter names"), Q()),
)
BY_KEY = {cause.key: cause for cause in CAUSES}
STOPPED_STATES = sorted({str(state) for cause in CAUSES for state in cause.states})

_SORTED = Case(
    *(When(cause.fits & Q(state__in=cause.states), then=Value(cause.key)) for cause in CAUSES),
    output_field=CharField(),
)


def of_cause(letters: LetterQuerySet, cause: Cause) -> LetterQuerySet:
    """Those of the letters that stopped for this cause."""
    return letters.filter(state__in=cause.states).annotate(cause=_SORTED).filter(cause=cause.key)


def open_to(letters: LetterQuerySet, decision: str) -> LetterQuerySet:
    """Those of the letters about which this can be decided for many at once."""
    causes = [cause for cause in CAUSES if decision in cause.decisions]
    states = {str(state) for cause in causes for state in cause.states}
    found = letters.filter(state__in=sorted(states)).annotate(cause=_SORTED)
    return found.filter(cause__in=[cause.key for cause in causes])


def causes_of(letters: LetterQuerySet) -> list[tuple[Cause, int]]:
    """Why letters are held or failed and how many of each, held ones first; one query over those alone."""
    rows = letters.filter(state__in=STOPPED_STATES).order_by().annotate(cause=_SORTED).values("cause")
    found = dict(rows.annotate(n=Count("pk")).values_list("cause", "n"))
    return [(cause, found[cause.key]) for cause in CAUSES if cause.key in found]
