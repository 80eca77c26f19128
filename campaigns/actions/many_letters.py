"""What a person decides about many letters at once: let held ones go on, cancel them, send failed ones elsewhere.

Each decision does what it does to one letter, in portions of `move_many`, and is one entry of the audit log. Letters
that changed since somebody looked, or that need another decision, are left as they are.
"""

from collections import defaultdict
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import models, transaction
from django.db.models import Max, Q

from campaigns import tasks
from campaigns.delivery.addressees import Addressee, resolve
from campaigns.delivery.causes import CANCEL, ELSEWHERE, RELEASE, open_to
from campaigns.delivery.planning import posts_of
from campaigns.delivery.thaw import THAWED
from campaigns.letters.reasons import RELEASED, SENT_ELSEWHERE
from campaigns.models import Drive, Letter, LetterState, PledgeState
from campaigns.models.letter import LetterQuerySet
from campaigns.models.moves import move_many
from campaigns.targets import holders
from contacts.actions.organizations import record
from contacts.clock import now, today
from contacts.models import Health, Organization, User

# So many at most by one decision: what is more is decided again.
MOST_AT_ONCE = 2000


def decidable(letters: LetterQuerySet, decision: str) -> list[UUID]:
    """Ids of those of the letters about which this can be decided now, at most as many as go at once."""
    if decision == ELSEWHERE:
        return _with_another_address(open_to(letters, ELSEWHERE), now())
    found = open_to(letters, decision)
    seats = holders(set(found.order_by().values_list("post", flat=True).distinct()), today())
    rows = found.order_by("pk").values_list("pk", "post", "legislator", "is_test")
    # For somebody who left office it is decided seat by seat, and supporters are told (departures.is_for_another).
    free = (
        pk
        for pk, post, legislator, is_test in rows.iterator()
        if is_test or legislator is None or (post in seats and seats[post].legislator_id == legislator)
    )
    return list(islice(free, MOST_AT_ONCE))


@transaction.atomic
def release_many(
    *, organization: Organization, letters: LetterQuerySet, about: models.Model, actor: User
) -> int:
    """Let held letters go on: frozen ones back to the queue, others back to ready; gives how many."""
    at = now()
    held = _held(letters, RELEASE)
    done = move_many(
        held.filter(message_id__isnull=False),
        LetterState.QUEUED,
        at=at,
        actor=actor,
        reason=RELEASED,
        note="",
        crash_count=0,
        queued_at=at,
    )
    done += move_many(
        held.filter(message_id__isnull=True),
        LetterState.READY,
        at=at,
        actor=actor,
        reason=RELEASED,
        note="",
        send_after=None,
    )
    _record(organization, actor, "release letters", about, done)
    return done


@transaction.atomic
def cancel_many(
    *, organization: Organization, letters: LetterQuerySet, about: models.Model, actor: User
) -> int:
    """Stop held letters for good; gives how many."""
    done = move_many(
        _held(letters, CANCEL),
        LetterState.CANCELLED,
        at=now(),
        actor=actor,
        reason="cancelled by the organisation",
    )
    _record(organization, actor, "cancel letters", about, done)
    return done


@transaction.atomic
def send_elsewhere(
    *, organization: Organization, letters: LetterQuerySet, about: models.Model, actor: User
) -> int:
    """Have failed letters go to an address of their office that works, with the others; gives how many.

    Each was refused for good, so it has not arrived anywhere; what was fixed of it for the old address is thrown away.
    """
    ids = decidable(letters, ELSEWHERE)
    done = move_many(
        Letter.objects.filter(pk__among=ids, state=LetterState.FAILED, replied_at__isnull=True),
        LetterState.READY,
        at=now(),
        actor=actor,
        reason=SENT_ELSEWHERE,
        sent_at=None,
        accepted_by="",
        accepted_reply="",
        **THAWED,
    )
    _record(organization, actor, "send letters elsewhere", about, done)
    tasks.tick.delay_on_commit()
    return done


def _record(organization: Organization, actor: User, verb: str, about: models.Model, letters: int) -> None:
    if letters:
        record(organization=organization, actor=actor, verb=verb, obj=about, letters=letters)


def _held(letters: LetterQuerySet, decision: str) -> LetterQuerySet:
    """The letters that are decided about, to be asked once more, under their locks, whether they are still held."""
    ids = decidable(letters, decision)
    return Letter.objects.filter(pk__among=ids, state=LetterState.HELD)


def _with_another_address(letters: LetterQuerySet, at: datetime) -> list[UUID]:
    """Failed letters that would go another way now than the one that refused them, or whose address works again.

    One that ever was uncertain may have arrived then, whatever was said to its next try.
    """
    failed = letters.exclude(history__to_state=LetterState.UNCERTAIN).filter(
        state=LetterState.FAILED,
        is_test=False,
        replied_at__isnull=True,
        scrubbed_at__isnull=True,
        deadline__gt=at,
        pledge__state=PledgeState.CONFIRMED,
        drive__state__in=Drive.TAKES_LETTERS,
    )
    seats = defaultdict(set)
    for drive, post in failed.order_by().values_list("drive", "post").distinct():
        seats[drive].add(post)
    drives = Drive.objects.select_related("campaign__organization").in_bulk(seats)
    addressees = {pk: resolve(posts_of(seats[pk]), drive.campaign, at.date()) for pk, drive in drives.items()}
    failed_at = Max("history__at", filter=Q(history__to_state=LetterState.FAILED))
    rows = failed.select_related("pledge", "contact_point").defer("raw", "body").annotate(failed_at=failed_at)
    free = (
        letter.pk
        for letter in rows.order_by("pk").iterator()
        if _has_another(letter, addressees[letter.drive_id][letter.post_id])
    )
    return list(islice(free, MOST_AT_ONCE))


def _has_another(letter: Letter, who: Addressee) -> bool:
    if who.problem or who.legislator is None or who.legislator.pk != letter.legislator_id:
        return False
    way = who.way_of(letter)
    if way is None:
        return False
    if (way.channel, way.recipient[:254]) != (letter.channel, letter.recipient):
        return True
    point = way.contact_point
    since = point.health_changed_at if point is not None and point.health == Health.OK else None
    return since is not None and since > letter.failed_at  # type: ignore[attr-defined]  # annotated
