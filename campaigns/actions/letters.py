from collections.abc import Mapping

from django.db import transaction
from django.db.models import UUIDField
from django.utils.translation import gettext as _

from campaigns.delivery import departures
from campaigns.delivery.owed import owe_receipt
from campaigns.errors import ActionRefused, BadMove, LetterFrozen
from campaigns.letters.compose import possible_values, suggested_body
from campaigns.letters.reasons import RELEASED, SAID_NOT_SENT, TAKEN_BACK
from campaigns.letters.similarity import similarity
from campaigns.models import (
    ChannelName,
    Letter,
    LetterChange,
    LetterState,
    LetterVersion,
    MailKind,
    Pledge,
)
from campaigns.models.moves import move, move_many
from campaigns.targets import holders
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User
from contacts.statements import Given, Prepared

SAID_SENT = "the supporter says they sent it through the office's form"
EDITABLE = [LetterState.DRAFT, LetterState.READY]
MAX_SUBJECT, MAX_BODY = 140, 8000  # characters; congressional forms take 10,000 with everything (CWC)


_EDITABLE_OF = Prepared(
    lambda: Letter.objects.filter(pledge=Given("pledge", UUIDField()), state__in=EDITABLE).values_list("pk")[
        :1
    ]
)


def has_letters_to_write(pledge: Pledge) -> bool:
    """Whether any of a pledge's letters can still be put into its owner's words."""
    return bool(_EDITABLE_OF.rows(pledge=pledge.pk))


@transaction.atomic
def write_letters(*, pledge: Pledge, version: LetterVersion, subject: str, body: str) -> int:
    """Give the pledge's letters of one version the supporter's text; gives how many have it now.

    Letters already queued keep what they have. Each that reads differently from before gets a row of history.
    Raises LetterFrozen when none can be changed any more.
    """
    choices = possible_values(pledge, pledge.campaign, version.language)
    text = body.replace("\r\n", "\n").strip()
    if not text:
        raise ActionRefused(_("The letter is empty."))
    if len(text) > MAX_BODY or len(subject) > MAX_SUBJECT:
        raise ActionRefused(
            _("Please shorten it: offices take at most %(most)s characters.") % {"most": MAX_BODY}
        )
    heading = " ".join(subject.split())
    editable = Letter.objects.filter(pledge=pledge, version=version, state__in=EDITABLE)
    before = list(
        editable.order_by("pk")
        .select_for_update(of=("self",), no_key=True)
        .values_list("pk", "state", "subject", "body")
    )
    if not before:
        raise LetterFrozen
    LetterChange.objects.bulk_create(
        LetterChange(
            letter_id=pk, from_state=state, to_state=state, reason="changed by the supporter", at=now()
        )
        for pk, state, *words in before
        if words != [heading, text]
    )
    return Letter.objects.filter(pk__in=[pk for pk, *_ in before]).update(
        subject=heading,
        body=text,
        similarity=max(similarity(text, suggested_body(version, values)) for values in choices),
    )


class TextRefused(ActionRefused):
    """One of several texts could not be saved; `version` is the one that it was for."""

    def __init__(self, version: LetterVersion, fact: ActionRefused) -> None:
        super().__init__(fact.message)
        self.version = version


@transaction.atomic
def write_all(*, pledge: Pledge, texts: Mapping[LetterVersion, tuple[str, str]]) -> None:
    """Give the letters of several versions their subject and body, all of them or none. Raises TextRefused."""
    # Held all at once, in the order in which planning holds letters.
    letters = Letter.objects.filter(pledge=pledge, version__in=texts, state__in=EDITABLE)
    list(letters.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
    for version, (subject, body) in texts.items():
        try:
            write_letters(pledge=pledge, version=version, subject=subject, body=body)
        except ActionRefused as fact:
            raise TextRefused(version, fact) from fact


@transaction.atomic
def send_letters(*, pledge: Pledge) -> int:
    """The supporter says *send*: letters become ready without further time to edit; gives how many."""
    at = now()
    letters = Letter.objects.filter(pledge=pledge)
    moved = move_many(
        letters.filter(state=LetterState.DRAFT), LetterState.READY, at=at, reason="sent by the supporter"
    )
    # Their moment is planned anew: it may be sooner than the end of the time to edit.
    letters.filter(state=LetterState.READY, not_before__gt=at).update(not_before=at, send_after=None)
    return moved or letters.filter(state=LetterState.READY).count()


@transaction.atomic
def withdraw_letter(*, letter: Letter) -> None:
    """Stop one letter, and tell its writer by mail. Raises BadMove once it is leaving."""
    # The pledge first, as everybody locks them: its mail asks for it when all is committed.
    held = Pledge.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign")
    pledge = held.get(pk=letter.pledge_id)
    at = now()
    move(letter, LetterState.WITHDRAWN, at=at, reason=TAKEN_BACK)
    owe_receipt(pledge, MailKind.WITHDRAWN, at, letter)


@transaction.atomic
def say_sent(*, letter: Letter) -> None:
    """The supporter sent the letter through the office's form, as they say; saying it twice is saying it once.

    Raises BadMove when it does not wait for that.
    """
    at = now()
    if letter.channel != ChannelName.LINK:
        raise BadMove
    try:
        move(letter, LetterState.SENT, at=at, reason=SAID_SENT, note="", sent_at=at, accepted_reply=SAID_SENT)
    except BadMove:
        said = Letter.objects.filter(pk=letter.pk, state__in=Letter.ACCEPTED, accepted_reply=SAID_SENT)
        if not said.exists():
            raise


@transaction.atomic
def say_not_sent(*, letter: Letter) -> None:
    """The form did not work for the supporter: a person looks at it. Raises BadMove unless it waits for that."""
    if letter.channel != ChannelName.LINK:
        raise BadMove
    move(letter, LetterState.HELD, at=now(), reason=SAID_NOT_SENT, note=SAID_NOT_SENT)


@transaction.atomic
def settle_uncertain(*, letter: Letter, verdict: str, actor: User) -> None:
    """A person decides what became of an uncertain letter: `sent`, `resend` or `abandon`."""
    at = now()
    if verdict == "sent":
        move(
            letter, LetterState.SENT, at=at, actor=actor, reason="a person found that it arrived", sent_at=at
        )
    elif verdict == "resend":
        move(
            letter,
            LetterState.QUEUED,
            at=at,
            actor=actor,
            reason="a person chose to send it again",
            queued_at=at,
        )
    elif verdict == "abandon":
        move(letter, LetterState.ABANDONED, at=at, actor=actor, reason="a person gave it up")
    else:
        raise ActionRefused(_("Choose what became of the letter."))
    _record(letter, actor, f"settle uncertain letter: {verdict}")


@transaction.atomic
def release_held(*, letter: Letter, actor: User) -> None:
    """Let a held letter go on: frozen ones back to the queue, others back to ready."""
    at = now()
    # A letter that failed may become ready, too, but only by `send_elsewhere`, which looks for another address.
    if letter.state != LetterState.HELD:
        raise BadMove
    seat = holders([letter.post], at.date()).get(letter.post_id)
    if departures.is_for_another(letter, seat.legislator if seat else None):
        raise ActionRefused(
            _("Its representative has left office: readdress it to the successor, or cancel it.")
        )
    if letter.message_id:
        move(letter, LetterState.QUEUED, at=at, actor=actor, reason=RELEASED, crash_count=0, queued_at=at)
    else:
        move(letter, LetterState.READY, at=at, actor=actor, reason=RELEASED, send_after=None)
    Letter.objects.filter(pk=letter.pk).update(note="")
    _record(letter, actor, "release letter")


@transaction.atomic
def cancel_letter(*, letter: Letter, actor: User) -> None:
    """Stop one letter that has not left. Raises BadMove once it is leaving."""
    move(letter, LetterState.CANCELLED, at=now(), actor=actor, reason="cancelled by the organisation")
    _record(letter, actor, "cancel letter")


def _record(letter: Letter, actor: User, verb: str) -> None:
    record(organization=letter.drive.campaign.organization, actor=actor, verb=verb, obj=letter)
