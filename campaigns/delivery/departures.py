"""Representatives who leave office while letters to them wait: nobody else gets those by accident."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _t

from campaigns.letters.reasons import LEFT_OFFICE
from campaigns.models import Drive, Letter, LetterState
from campaigns.models.letter import LetterQuerySet
from campaigns.models.moves import move_many
from campaigns.targets import holders
from contacts.clock import now
from contacts.models import Legislator, Membership

# What was written for a person and has not begun to leave. Drafts are not among them: their writers read them again.
_WAITING = [LetterState.READY, LetterState.QUEUED, LetterState.DEFERRED]


def is_for_another(letter: Letter, holder: Legislator | None) -> bool:
    """Whether a letter was written for somebody who does not hold its seat (any more)."""
    if letter.is_test or letter.legislator_id is None:
        return False
    return holder is None or holder.pk != letter.legislator_id


def hold(letters: LetterQuerySet, name: str, at: datetime) -> int:
    """Hold letters to somebody who left office, for a person to decide; gives how many."""
    note = _t("%(name)s has left office since this letter was written") % {"name": name}
    return move_many(letters, LetterState.HELD, at=at, reason=LEFT_OFFICE, note=note[:200])


def hold_departed() -> int:
    """Look for letters that wait for people who left office; gives how many are held now.

    Those in the queue bear the name and the address of who left, so they are held too. Drafts go to whoever holds
    the seat when their writers read and send them.
    """
    at = now()
    held = 0
    for membership in _over(at.date()):
        person = membership.legislator
        to_them = Letter.objects.filter(
            post=membership.post_id,
            legislator=person,
            is_test=False,
            drive__state__in=Drive.TAKES_LETTERS,
        )
        with transaction.atomic():
            held += hold(to_them.filter(state__in=_WAITING), person.name, at)
            drafts = to_them.filter(state=LetterState.DRAFT, message_id__isnull=True)
            if membership.post is not None and drafts.exists():
                seat = holders([membership.post], at.date()).get(membership.post.pk)
                drafts.update(legislator=seat.legislator if seat else None)
    return held


def _over(on: date) -> list[Membership]:
    """Seats that somebody held, does not hold any more, and for whom letters wait."""
    waiting = Letter.objects.filter(
        state__in=[*_WAITING, LetterState.DRAFT],
        is_test=False,
        legislator__isnull=False,
        drive__state__in=Drive.TAKES_LETTERS,
    )
    written_to = set(waiting.order_by().values_list("post", "legislator").distinct())
    past = Membership.objects.filter(
        Q(end_on__lte=on) | Q(term_ends_on__lt=on),
        legislator__in={legislator for _post, legislator in written_to},
        post__in={post for post, _legislator in written_to},
    )
    current = Membership.objects.current(on).filter(post__in=past.values("post"))
    in_office = set(current.values_list("post", "legislator"))
    found = {
        (m.post_id, m.legislator_id): m
        for m in past.select_related("legislator", "post")
        if (m.post_id, m.legislator_id) in written_to and (m.post_id, m.legislator_id) not in in_office
    }
    return list(found.values())
