"""What becomes of letters whose representative left office: a person decides, for all letters to a seat at once."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import tasks
from campaigns.delivery.owed import owe_news
from campaigns.delivery.thaw import THAWED
from campaigns.errors import ActionRefused
from campaigns.letters.reasons import FOR_SUCCESSOR, NOT_FOR_SUCCESSOR
from campaigns.models import Drive, Letter, LetterState, MailKind
from campaigns.models.letter import LetterQuerySet
from campaigns.models.moves import move_many
from campaigns.targets import holders
from contacts.actions.organizations import record
from contacts.clock import now, today
from contacts.models import Legislator, Post, User


def held_for(drive: Drive, post: Post, left: Legislator) -> LetterQuerySet:
    """Letters of a drive that are held and were written for somebody in a seat."""
    return Letter.objects.counted().filter(drive=drive, post=post, legislator=left, state=LetterState.HELD)


@transaction.atomic
def readdress(
    *, drive: Drive, post: Post, left: Legislator, successor: Legislator, actor: User | None
) -> int:
    """Let letters go to who holds the seat now, with that person's name and address; gives how many.

    What was frozen for the one who left is thrown away; none of it has left. Done twice, the second finds none.
    Raises ActionRefused when somebody else holds the seat than the person who decided saw.
    """
    seat = holders([post], today()).get(post.pk)
    if seat is None or seat.legislator_id != successor.pk or successor.pk == left.pk:
        raise ActionRefused(_("The seat has changed hands again. Look at it anew."))
    moved = move_many(
        held_for(drive, post, left),
        LetterState.READY,
        at=now(),
        actor=actor,
        reason=f"{FOR_SUCCESSOR}: {successor.name}",
        legislator=successor,
        **THAWED,
    )
    _record(drive, post, left, actor, f"readdress letters to {successor.pk}", moved)
    tasks.tick.delay_on_commit()
    return moved


@transaction.atomic
def cancel_departed(*, drive: Drive, post: Post, left: Legislator, actor: User | None) -> int:
    """Cancel letters to somebody who left office and tell their supporters; gives how many."""
    at = now()
    letters = list(
        held_for(drive, post, left)
        .select_related("pledge__campaign")
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    cancelled = move_many(
        Letter.objects.filter(pk__in=[letter.pk for letter in letters]),
        LetterState.CANCELLED,
        at=at,
        actor=actor,
        reason=NOT_FOR_SUCCESSOR,
    )
    for letter in letters:
        owe_news(letter, MailKind.SEAT_CHANGED, at)
    _record(drive, post, left, actor, "cancel letters to somebody who left office", cancelled)
    return cancelled


def _record(drive: Drive, post: Post, left: Legislator, actor: User | None, verb: str, letters: int) -> None:
    if letters:
        record(
            organization=drive.campaign.organization,
            actor=actor,
            verb=verb,
            obj=drive,
            post=str(post.pk),
            left=str(left.pk),
            letters=letters,
        )
