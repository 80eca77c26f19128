"""What a bounce or an answer means for its letter, its contact point and its supporter."""

from datetime import datetime

from campaigns.channels.replies import says_blocked
from campaigns.delivery import domains
from campaigns.delivery.next_address import give_next_address, mark_failing
from campaigns.delivery.owed import owe_news, owe_reply
from campaigns.delivery.patience import is_given_up
from campaigns.delivery.results import LONGEST_WAIT
from campaigns.inbound.bounce import Bounce
from campaigns.letters.reasons import NEXT_ADDRESS
from campaigns.models import DriveState, InboundKind, InboundMail, Letter, LetterState, MailKind, PledgeState
from campaigns.models.moves import move_many
from contacts.clock import now
from contacts.models import ContactPoint, Health

# Answers to one letter that are passed on; more come from machines that we took for people.
MOST_PASSED_ON = 10


def act_on_bounce(letter: Letter, bounce: Bounce) -> None:
    """Write a bounce into its letter's history; a dead address fails, and the letter goes to the next one.

    A delay changes nothing but what is shown. A bounce of somebody the office forwards to says nothing of the
    address we wrote to. A supporter whose letter can go nowhere else is told, with its text.
    """
    at = now()
    reason = " ".join(part for part in (bounce.status, bounce.diagnostic) if part) or "it came back"
    ours = not bounce.recipients or letter.recipient.lower() in bounce.recipients
    if bounce.fault == "delay" or not ours:
        return
    if not letter.is_test:
        if bounce.fault == "address":
            mark_failing(letter, reason, at)
        elif bounce.fault == "full":
            _mark_suspect(letter, reason, at)
    if letter.state == LetterState.UNCERTAIN:
        # It can only come back from where it arrived.
        _move(letter, LetterState.SENT, at, "a bounce shows that it had left", sent_at=at)
    is_blocked = bounce.fault == "policy" and says_blocked(bounce.status, bounce.diagnostic)
    if is_blocked:
        domains.note_refusals({letter.pk: reason})
    if not _move(letter, LetterState.BOUNCED, at, reason[:300], note=reason[:200]):
        return
    waits = (is_blocked and _wait_until_they_take_us(letter, reason, at)) or (
        bounce.fault == "full" and _wait_until_there_is_room(letter, reason, at)
    )
    if not waits:
        _send_elsewhere(letter, reason, at)


def _mark_suspect(letter: Letter, reason: str, at: datetime) -> None:
    if letter.contact_point_id:
        ContactPoint.objects.filter(pk=letter.contact_point_id, health=Health.OK).update(
            health=Health.SUSPECT, health_reason=reason[:200], health_changed_at=at
        )


# Who accepted it is kept with the try; of the way it goes now nobody has.
_AFRESH: dict[str, object] = {"window_closes": None, "accepted_by": "", "accepted_reply": ""}


def _may_go(letter: Letter, at: datetime) -> bool:
    """Whether its drive still sends and its supporter still wants it."""
    same = Letter.objects.filter(pk=letter.pk, deadline__gt=at, pledge__state=PledgeState.CONFIRMED)
    return same.filter(drive__state__in=[DriveState.RUNNING, DriveState.PAUSED]).exists()


def _wait_until_there_is_room(letter: Letter, reason: str, at: datetime) -> bool:
    """Put off, to be tried now and then, until the office has emptied its mailbox or we give the address up."""
    if not _may_go(letter, at) or is_given_up(letter, at):
        return False
    return _move(
        letter, LetterState.DEFERRED, at, reason, send_after=at + LONGEST_WAIT, note=reason[:200], **_AFRESH
    )


def _wait_until_they_take_us(letter: Letter, reason: str, at: datetime) -> bool:
    """Back into the queue, where its domain's breaker or a person holds it: the fault is ours, not the letter's."""
    if not _may_go(letter, at) or not _move(
        letter, LetterState.QUEUED, at, "refused because of us: it waits", queued_at=at, **_AFRESH
    ):
        return False
    if not domains.is_stopped(letter.domain):
        domains.hold(letter, reason, at)
    return True


def _send_elsewhere(letter: Letter, reason: str, at: datetime) -> None:
    """The letter's next address while its drive runs or rests, else the end of it."""
    if _may_go(letter, at) and give_next_address(letter, at) is None:
        _move(letter, LetterState.QUEUED, at, NEXT_ADDRESS, queued_at=at, **_AFRESH)
    elif _move(letter, LetterState.FAILED, at, reason[:300]):
        owe_news(letter, MailKind.LETTER_FAILED, at)


def note_reply(letter: Letter, mail: InboundMail) -> None:
    """The letter is answered: that closes it, and the supporter gets the answer if they still want mail."""
    at = now()
    if letter.state == LetterState.UNCERTAIN:
        _move(letter, LetterState.SENT, at, "an answer shows that it arrived", sent_at=at)
    _move(letter, LetterState.CLOSED, at, "the office answered")
    Letter.objects.filter(pk=letter.pk, replied_at__isnull=True).update(replied_at=mail.received_at)
    passed_on = InboundMail.objects.filter(letter=letter, kind=InboundKind.REPLY).exclude(pk=mail.pk).count()
    if passed_on < MOST_PASSED_ON:
        owe_reply(letter, mail.pk, at)


def _move(letter: Letter, to_state: str, at: datetime, reason: str, **changes: object) -> bool:
    moved = bool(
        move_many(Letter.objects.filter(pk=letter.pk), to_state, at=at, reason=reason[:300], **changes)
    )
    if moved:
        letter.state = to_state
    return moved
