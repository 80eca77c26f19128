"""Letters whose way is closed or takes nothing: on to their office's next one, or back when there is one again."""

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from campaigns.channels.base import Unfit
from campaigns.delivery import departures
from campaigns.delivery.addressees import ASKS_FOR_MORE, NO_CONTACT_POINT, Addressee, resolve
from campaigns.delivery.frozen import PARTS, frozen_columns
from campaigns.delivery.ledger import note_moves
from campaigns.delivery.owed import owe_news
from campaigns.delivery.planning import posts_of
from campaigns.delivery.thaw import THAWED
from campaigns.letters.reasons import ASKED_TO_STOP, NEXT_ADDRESS, NO_WAY_LEFT, WAY_FOUND
from campaigns.models import ChannelName, Drive, Letter, LetterState, MailKind
from campaigns.models.letter import LetterQuerySet
from campaigns.models.moves import move_many
from contacts.clock import now
from contacts.models import ContactPoint, Health

# Drives looked at in one tick for letters that can go on, and letters of each that do.
MOST_DRIVES, MOST_LETTERS = 10, 500


@dataclass(frozen=True)
class Stays:
    """Why a letter can't go another way, in the words of its history."""

    reason: str
    who: Addressee


def readdress() -> int:
    """Frozen letters whose contact point stopped working: to the office's next one, else held; gives how many."""
    at = now()
    stuck = Letter.objects.filter(
        state__in=[LetterState.QUEUED, LetterState.DEFERRED],
        is_test=False,
        batch__isnull=True,
        contact_point__health__in=[Health.FAILING, Health.RETIRED],
    ).select_related("legislator", "pledge__campaign")
    letters = list(stuck.order_by("pk")[:200])
    for letter in letters:
        with transaction.atomic():
            stays = pass_on(letter, at)
            if stays is not None:
                _hold(letter, stays, at)
    return len(letters)


def _hold(letter: Letter, stays: Stays, at: datetime) -> None:
    same = Letter.objects.filter(pk=letter.pk, state=letter.state)
    if letter.legislator and departures.is_for_another(letter, stays.who.legislator):
        departures.hold(same, letter.legislator.name, at)
        return
    held = move_many(same, LetterState.HELD, at=at, reason=stays.reason[:300], note=stays.reason[:200])
    if held and stays.who.suppressed:
        owe_news(letter, MailKind.OFFICE_STOPPED, at)


def pass_on(letter: Letter, at: datetime) -> Stays | None:
    """Give a letter that waits its office's next address, with a row of history; else says why it stays."""
    stays = give_next_address(letter, at)
    if stays is None:
        mine = Letter.objects.filter(pk=letter.pk, state=letter.state)
        note_moves(mine, letter.state, at, reason=NEXT_ADDRESS)
    return stays


def give_next_address(letter: Letter, at: datetime) -> Stays | None:
    """Freeze a letter anew for another working way to its legislator; else says why it can't go there.

    The row of history is the caller's.
    """
    whole = Letter.objects.select_related(*PARTS).get(pk=letter.pk)
    who = resolve([whole.post], whole.drive.campaign, at.date())[whole.post_id]
    if who.suppressed:
        return Stays(ASKED_TO_STOP, who)
    if who.problem:
        return Stays(NO_WAY_LEFT if who.problem == str(NO_CONTACT_POINT) else who.problem, who)
    same = (whole.channel, whole.recipient)
    others = tuple(way for way in who.ways if (way.channel, way.recipient[:254]) != same)
    if not others or who.legislator is None or who.legislator.pk != whole.legislator_id or letter.is_test:
        return Stays(NO_WAY_LEFT, who)
    way = replace(who, ways=others).way_of(whole)
    if way is None:
        return Stays(str(ASKS_FOR_MORE), who)
    try:
        frozen = frozen_columns(whole, who.legislator, way)
    except Unfit as fault:
        return Stays(str(fault), who)
    # Mail that was queued for another channel gets its window from `reopen_windows`.
    window = whole.window_closes if way.channel == whole.channel else None
    changed = Letter.objects.filter(pk=whole.pk, state=whole.state).update(window_closes=window, **frozen)
    if not changed:
        return Stays(NO_WAY_LEFT, who)  # in other hands by now: whoever would hold it finds it moved, too
    if way.channel == ChannelName.LINK:
        owe_news(whole, MailKind.LETTER_BY_HAND, at)
    return None


def mark_failing(letter: Letter, reason: str, at: datetime) -> None:
    """Say of a letter's contact point that it does not work."""
    if letter.contact_point is None:
        return
    working = ContactPoint.objects.working().filter(pk=letter.contact_point.pk)
    working.update(health=Health.FAILING, health_reason=reason[:200], health_changed_at=at)


def release_reachable() -> int:
    """Letters held because their office had no way left, and that has one now: they go on; gives how many.

    Whoever brought the way (another organisation's word, a source, a person), it is there for everybody's letters.
    """
    working = ContactPoint.objects.working().filter(office__legislator=OuterRef("legislator"))
    drives = list(
        _without_way()
        .filter(Exists(working), drive__state__in=Drive.TAKES_LETTERS)
        .order_by()
        .values_list("drive", flat=True)
        .distinct()
    )
    if not drives:
        return 0
    at = now()
    # By lot, so that drives whose letters a working address does not help never keep others from their turn.
    chosen = random.sample(drives, min(len(drives), MOST_DRIVES))
    released = 0
    for drive in Drive.objects.filter(pk__in=chosen).select_related("campaign"):
        letters = _without_way().filter(Exists(working), drive=drive)
        seats = set(letters.order_by().values_list("post", "legislator").distinct())
        addressees = resolve(posts_of({post for post, _holder in seats}), drive.campaign, at.date())
        reached: dict[UUID, set[UUID]] = defaultdict(set)
        for post, holder in seats:
            who = addressees[post]
            if not who.problem and who.legislator is not None and who.legislator.pk == holder:
                reached[holder].add(post)
        posts = set().union(*reached.values())
        free = letters.filter(legislator__in=reached, post__in=posts).order_by("pk")
        ids = list(free.values_list("pk", flat=True)[:MOST_LETTERS])
        released += move_many(
            _without_way().filter(pk__in=ids), LetterState.READY, at=at, reason=WAY_FOUND, **THAWED
        )
    return released


def _without_way() -> LetterQuerySet:
    return Letter.objects.counted().filter(state=LetterState.HELD, note=NO_WAY_LEFT, batch__isnull=True)
