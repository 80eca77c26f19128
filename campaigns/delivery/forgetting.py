"""Words that go because their writer had their data erased; what happened, and when, stays."""

from datetime import datetime

from django.db.models import Q, QuerySet

from campaigns.letters.reasons import ERASED
from campaigns.models import (
    Attempt,
    Endorsement,
    EndorsementState,
    InboundMail,
    Letter,
    LetterState,
    MailState,
    OutboxMail,
    Tally,
    TallyKind,
)
from campaigns.models.moves import move_many
from contacts.clock import now


def scrub(letters: QuerySet[Letter], at: datetime) -> int:
    """Remove the words of letters, as far as nothing is sending them; gives how many."""
    ids = list(letters.exclude(state__in=Letter.LEAVING).values_list("pk", flat=True))
    # What a server said may name the writer.
    Attempt.objects.filter(letter__in=ids).update(reply_text="")
    gone = Letter.objects.filter(pk__in=ids)
    gone.update(note="", accepted_reply="")
    return gone.scrub(at)


def empty_answers(mails: QuerySet[InboundMail]) -> int:
    """Offices answer with the writer's name: their words go, that and when they answered stays."""
    return mails.update(raw=None, subject="", text="", note="", delivered_to="")


def forget_contacts(endorsements: QuerySet[Endorsement]) -> int:
    """Delete who asked for organisations, and logo and sentence of those that are not shown; gives how many.

    Their links and the mails that wait come to nothing. Name and website stay: what was decided about whom.
    """
    ids = list(endorsements.values_list("pk", flat=True))
    waiting = OutboxMail.objects.filter(endorsement__in=ids, state=MailState.QUEUED)
    waiting.update(state=MailState.DROPPED)
    gone = {"contact_name": "", "contact_email": "", "canonical_email": ""}
    shown = {"logo": None, "logo_hash": "", "statement": ""}
    found = Endorsement.objects.filter(pk__in=ids)
    found.exclude(state=EndorsementState.APPROVED).update(**shown)
    return found.update(**gone)


def forget_erased() -> int:
    """What was leaving, or came in, while its writer was erased loses its words now; gives how many letters."""
    at = now()
    letters = Letter.objects.filter(pledge__erased_at__isnull=False)
    move_many(letters.filter(state__in=Letter.WAITING), LetterState.WITHDRAWN, at=at, reason=ERASED)
    # A place that nobody counts for any more, as a sum of nothing.
    Tally.objects.filter(kind=TallyKind.TOWNS, is_folded=True, n=0).delete()
    came = InboundMail.objects.filter(letter__pledge__erased_at__isnull=False)
    empty_answers(came.exclude(subject="", text="", note="", raw__isnull=True))
    return scrub(letters.filter(Q(scrubbed_at__isnull=True) | ~Q(note="")), at)
