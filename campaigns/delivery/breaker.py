"""Channels' breakers: open when we are refused as such, tried again by one worker at a time, closed when it works.

One opens when the login is refused: nothing is tried in its name then, so that no letter is touched and
the relay does not lock us out.
"""

import logging
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from campaigns.models import Breaker, BreakerKind, DriveState, Letter, LetterState
from contacts.clock import now

log = logging.getLogger(__name__)


class Turn(Enum):
    """What a worker may do with a channel now."""

    GO = "go"
    PROBE = "probe"
    WAIT = "wait"


def probe_every() -> timedelta:
    """How long after a refused login one worker tries it again."""
    return timedelta(minutes=settings.LOGIN_PROBE_MINUTES)


def open_channel(channel: str, said: str) -> None:
    """Stop a channel for everyone; `said` holds no address and no password."""
    at = now()
    found, _new = Breaker.objects.get_or_create(kind=BreakerKind.CHANNEL, name=channel)
    again = {"probe_at": at + probe_every(), "said": said[:200]}
    if Breaker.objects.filter(pk=found.pk, opened_at__isnull=True).update(opened_at=at, **again):
        log.error("channel %s is paused: the login was refused", channel)
    else:
        Breaker.objects.filter(pk=found.pk).update(**again)


def turn_of(channel: str) -> Turn:
    """Whether the channel may be used; whoever gets PROBE is the only one to try."""
    at = now()
    shut = _shut().filter(name=channel)
    if not shut.exists():
        return Turn.GO
    won = shut.filter(probe_at__lte=at).update(probe_at=at + probe_every())
    return Turn.PROBE if won else Turn.WAIT


def is_due(channel: str) -> bool:
    """Whether it makes sense to wake a worker for this channel."""
    return not _shut().filter(name=channel, probe_at__gt=now()).exists()


@transaction.atomic
def close_channel(channel: str) -> bool:
    """Let the channel be used again; False when it was not paused.

    What was missed meanwhile is planned anew from now, never sent in a burst.
    """
    closed = bool(_shut().filter(name=channel).update(opened_at=None, probe_at=None, said=""))
    if closed:
        Letter.objects.filter(
            state=LetterState.READY, channel=channel, drive__state=DriveState.RUNNING
        ).update(send_after=None)
        log.info("channel %s goes on", channel)
    return closed


def open_channels() -> list[Breaker]:
    """The channels that are paused, for people to see."""
    return list(_shut().order_by("name"))


def _shut() -> QuerySet[Breaker]:
    return Breaker.objects.channels()
