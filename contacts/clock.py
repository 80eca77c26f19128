"""The one clock: the database's own, plus an offset that tests and rehearsals move.

Every process asks the same database, so a worker whose own clock is wrong cannot
judge a lease or a sending window differently from its neighbours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Now
from django.utils import timezone

from contacts.lookups import forget, looked_up
from contacts.models.clock import Clock
from contacts.statements import Prepared

_NOW = Prepared(lambda: Clock.objects.annotate(moment=Now()).values_list("moment", "offset"))


def now() -> datetime:
    """The moment it is for the whole installation (aware, UTC)."""
    rows = _NOW.rows()
    if not rows:  # a database emptied by hand has lost the row; an offset of zero is what it held
        Clock.objects.get_or_create(id=1)
        return now()
    moment: datetime = rows[0][0]
    ahead: timedelta = rows[0][1]
    return moment + ahead


def with_moment(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """The same rows, each with the database's `moment` and how far `ahead` of it the installation's clock stands."""
    annotated: QuerySet[Any, Any] = rows.annotate(
        moment=Now(), ahead=Subquery(Clock.objects.values("offset")[:1])
    )
    return annotated


def roughly_now() -> datetime:
    """The same moment, without asking each time: for public pages. Where somebody moves the clock it is late."""
    return timezone.now() + looked_up("clock", _ahead)


def _ahead() -> timedelta:
    asked, moment, answered = timezone.now(), now(), timezone.now()
    return moment - (asked + (answered - asked) / 2)  # the question took a while, and so did the answer


def today(zone: str = "UTC") -> date:
    """The date it is now in an IANA zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_in(zone: str, at: datetime) -> date:
    """The date at a moment (aware) in a zone as somebody entered it; in UTC where its name is none."""
    try:
        return at.astimezone(ZoneInfo(zone)).date()
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return at.astimezone(UTC).date()


def zones_off_the_day(at: datetime) -> tuple[list[str], list[str]]:
    """The IANA zones where it is tomorrow already, and those where it is still yesterday, seen from UTC."""
    return _zones_off(at.astimezone(UTC).replace(minute=at.minute // 15 * 15, second=0, microsecond=0))


@lru_cache(maxsize=8)
def _zones_off(quarter: datetime) -> tuple[list[str], list[str]]:
    # Offsets are of whole quarters of an hour.
    days = {zone: day_in(zone, quarter) for zone in sorted(available_timezones())}
    here = quarter.date()
    return [z for z, day in days.items() if day > here], [z for z, day in days.items() if day < here]


def move(by: timedelta) -> None:
    """Move the clock forward (or back); for tests and trial runs, never for production."""
    clock, _ = Clock.objects.get_or_create(id=1)
    clock.offset += by
    clock.save(update_fields=["offset"])
    forget("clock")
