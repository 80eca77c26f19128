"""A window on the office's own clock → open time in UTC. Pure: no database, no clock.

Moments are computed when they are needed, so a change of a zone's rules leaves nothing to migrate.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

# All arithmetic is in whole microseconds since 1970.
SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# How far ahead open hours are looked for: no drive runs for longer than two years.
HORIZON = timedelta(days=731)
# Neighbouring days of an around-the-clock window are one stretch; a week of it is enough for any caller.
LONGEST_STRETCH = timedelta(days=7)


class UnknownZone(ValueError):
    """The name is not that of an IANA time zone."""


@dataclass(frozen=True)
class Window:
    """Days and hours in which an office may get letters, read on the office's own clock. Monday is 0.

    `weights` says how busy each of the 24 hours of a day may be, in percent of the office's rate; none of
    them when it is 0. Empty means all hours alike.
    """

    weekdays: frozenset[int]
    opens: time
    closes: time
    starts_on: date | None = None
    ends_on: date | None = None
    all_day: bool = False
    holidays: frozenset[date] = frozenset()
    weights: tuple[int, ...] = ()


class Stretch(NamedTuple):
    """Open time [start, end) in microseconds since 1970."""

    start: int
    end: int


@lru_cache(maxsize=4096)
def closed_on(window: Window, days: tuple[date, ...]) -> Window:
    """The window without some days: holidays and recesses of one office."""
    return replace(window, holidays=window.holidays | frozenset(days)) if days else window


def is_open(window: Window, zone: str, at: datetime) -> bool:
    """Whether an office in `zone` may get letters at `at` (aware)."""
    return _stretch_at(window, zone, microseconds(at)) is not None


def closes_at(window: Window, zone: str, at: datetime) -> datetime | None:
    """When the open time around `at` ends (a week ahead at the most), in UTC; None when it is closed then."""
    stretch = _stretch_at(window, zone, microseconds(at))
    if stretch is None:
        return None
    end, latest = stretch.end, microseconds(at + LONGEST_STRETCH)
    while end < latest and (following := _stretch_at(window, zone, end)) is not None:
        end = following.end
    return moment_at(min(end, latest))


def next_open(window: Window, zone: str, at: datetime) -> datetime | None:
    """The first moment not before `at` at which the window is open, in UTC; None when there is none.

    Hours that the clocks skip in spring begin at the first minute that exists.
    """
    moment = microseconds(at)
    for stretch in stretches(window, zone, at, at + HORIZON):
        return moment_at(max(moment, stretch.start))
    return None


def stretches(window: Window, zone: str, start: datetime, deadline: datetime) -> Iterator[Stretch]:
    """Open time between two moments, in order, as far ahead as letters are planned at all."""
    first, last = microseconds(start), microseconds(min(deadline, start + HORIZON))
    day = start.astimezone(_zone(zone)).date() - timedelta(days=1)
    final = min(deadline, start + HORIZON).astimezone(_zone(zone)).date() + timedelta(days=1)
    while day <= final:
        for stretch in _day(window, zone, day):
            if stretch.end > first and stretch.start < last:
                yield Stretch(max(stretch.start, first), min(stretch.end, last))
        day += timedelta(days=1)


def by_local_hour(zone: str, stretch: Stretch) -> Iterator[tuple[int, Stretch]]:
    """A stretch cut where the office's own clock begins an hour; with the hour of its day, 0 to 23."""
    tz, at = _zone(zone), stretch.start
    while at < stretch.end:
        local = at + _offset(tz, at)
        end = min(at + 3600 * SECOND - local % (3600 * SECOND), stretch.end)
        yield local // (3600 * SECOND) % 24, Stretch(at, end)
        at = end


def _stretch_at(window: Window, zone: str, moment: int) -> Stretch | None:
    # A clock set back over midnight puts moments of one date into the next: look at the neighbours too.
    today = moment_at(moment).astimezone(_zone(zone)).date()
    for day in (today, today - timedelta(days=1), today + timedelta(days=1)):
        for stretch in _day(window, zone, day):
            if stretch.start <= moment < stretch.end:
                return stretch
    return None


@lru_cache(maxsize=32_768)
def _day(window: Window, zone: str, day: date) -> tuple[Stretch, ...]:
    """Open time of one local date. A repeated hour in autumn counts once, by its first run.

    Around the clock means what it says: then no hour is left out.
    """
    closed = (
        day.weekday() not in window.weekdays
        or day in window.holidays
        or (window.starts_on is not None and day < window.starts_on)
        or (window.ends_on is not None and day > window.ends_on)
    )
    if closed:
        return ()
    tz = _zone(zone)
    if window.all_day:
        return _stretch(_instant(tz, day, time.min), _instant(tz, day + timedelta(days=1), time.min))
    start, end = _instant(tz, day, window.opens), _instant(tz, day, window.closes)
    if start >= end:
        return ()
    set_back = _offset(tz, start) - _offset(tz, end)
    if set_back <= 0:
        return _stretch(start, end)
    turn = _transition(tz, start, end)
    return _stretch(start, turn) + _stretch(min(turn + set_back, end), end)


def _stretch(start: int, end: int) -> tuple[Stretch, ...]:
    return (Stretch(start, end),) if start < end else ()


def _instant(tz: ZoneInfo, day: date, clock: time) -> int:
    """When a local clock shows a time for the first time; a time that is skipped is the end of the skip."""
    local = datetime.combine(day, clock.replace(tzinfo=None, fold=0), tzinfo=tz)
    moment = microseconds(local)
    late = microseconds(local.replace(fold=1))
    # Only in a gap does the later reading come earlier (PEP 495).
    return moment if late >= moment else _transition(tz, late, moment)


def _transition(tz: ZoneInfo, low: int, high: int) -> int:
    """The first moment in (low, high] with the offset of `high`, which `low` does not have.

    Clocks turn on whole seconds.
    """
    after = _offset(tz, high)
    low, high = low // SECOND, -(-high // SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(tz, middle * SECOND) == after:
            high = middle
        else:
            low = middle
    return high * SECOND


def _offset(tz: ZoneInfo, moment: int) -> int:
    return (moment_at(moment).astimezone(tz).utcoffset() or timedelta()) // timedelta(microseconds=1)


def is_zone(name: str) -> bool:
    """Whether a name is that of an IANA time zone."""
    try:
        _zone(name)
    except UnknownZone:
        return False
    return True


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of a name that people or files gave; UTC when it is none."""
    return ZoneInfo(name if is_zone(name) else "UTC")


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:  # unknown, malformed, or the name of a folder
        raise UnknownZone(name) from fault


def microseconds(at: datetime) -> int:
    """An aware moment as microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment_at(moment: int) -> datetime:
    """Microseconds since 1970 as a moment in UTC."""
    return EPOCH + timedelta(microseconds=moment)
