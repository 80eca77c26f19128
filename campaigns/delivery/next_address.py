"""Letters whose way is closed or takes nothing: on to their office's next one."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Max, Min

from campaigns.channels.base import Unfit
from campaigns.delivery.addressees import resolve
from campaigns.delivery.frozen import PARTS, frozen_columns
from campaigns.delivery.outbox import owe_news
from campaigns.letters.reasons import NEXT_ADDRESS, NO_WAY_LEFT
from campaigns.models import ChannelName, Letter, LetterState, MailKind
from campaigns.models.moves import move_many
from contacts.clock import now
from contacts.models import ContactPoint, Health

# An address that takes nothing for so long is given up for the office's next one (RFC 5321 §4.5.4.1: 4 to 5 days).
PATIENCE = timedelta(days=5)


def readdress() -> int:
    """Frozen letters whose contact point stopped working: to the office's next one, else held; gives how many."""
    at = now()
    stuck = Letter.objects.filter(
        state__in=[LetterState.QUEUED, LetterState.DEFERRED],
        is_test=False,
        batch__isnull=True,
        contact_point__health__in=[Health.FAILING, Health.RETIRED],
    ).order_by("pk")[:200]
    for letter in stuck:
        if not give_next_address(letter, at):
            same = Letter.objects.filter(pk=letter.pk, state=letter.state)
            move_many(same, LetterState.HELD, at=at, reason=NO_WAY_LEFT, note=NO_WAY_LEFT)
    return len(stuck)


def give_next_address(letter: Letter, at: datetime) -> bool:
    """Freeze a letter anew for another working way to its legislator; False when there is none but the same."""
    whole = Letter.objects.select_related(*PARTS).get(pk=letter.pk)
    who = resolve([whole.post], whole.drive.campaign, at.date())[whole.post_id]
    same = (whole.channel, whole.recipient)
    others = tuple(way for way in who.ways if (way.channel, way.recipient[:254]) != same)
    way = None if who.problem else replace(who, ways=others).way_of(whole)
    if way is None or who.legislator is None or who.legislator.pk != whole.legislator_id or letter.is_test:
        return False
    try:
        frozen = frozen_columns(whole, who.legislator, way)
    except Unfit:
        return False
    # Mail that was queued for another channel gets its window from `reopen_windows`.
    window = whole.window_closes if way.channel == whole.channel else None
    changed = Letter.objects.filter(pk=whole.pk, state=whole.state).update(window_closes=window, **frozen)
    if changed and way.channel == ChannelName.LINK:
        owe_news(whole, MailKind.LETTER_BY_HAND, at)
    return bool(changed)


def mark_failing(letter: Letter, reason: str, at: datetime) -> None:
    """Say of a letter's contact point that it does not work."""
    if letter.contact_point is None:
        return
    working = ContactPoint.objects.working().filter(pk=letter.contact_point.pk)
    working.update(health=Health.FAILING, health_reason=reason[:200], health_changed_at=at)


def is_given_up(letter: Letter, at: datetime) -> bool:
    """Whether the way that a letter goes now has been putting it off for too long."""
    ways = letter.history.filter(to_state=LetterState.QUEUED, reason__endswith=NEXT_ADDRESS)
    waits = letter.history.filter(to_state=LetterState.DEFERRED)
    if taken := ways.aggregate(at=Max("at"))["at"]:
        waits = waits.filter(at__gte=taken)
    first = waits.aggregate(at=Min("at"))["at"]
    return first is not None and first <= at - PATIENCE
