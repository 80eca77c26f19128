"""Windows, rates and deadlines: when each letter may leave. Pure: same input, same plan.

Windows are read in the office's own IANA zone. A local hour that does not exist (spring) opens at the first
moment that does; one that comes twice (autumn) is used the first time only.
"""

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
# A window that does not open within this many days (all weekdays holidays, say) is taken as never opening.
_HORIZON_DAYS = 400


@dataclass(frozen=True)
class Window:
    """Hours and days in the office's own time; `weekdays` has 0 for Monday; both hour ends on the same day."""

    weekdays: frozenset[int]
    opens: time
    closes: time
    all_day: bool = False
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Rates:
    """The most letters in any clock hour: to one office, to one mail domain, from the whole installation."""

    per_office_per_hour: int
    per_domain_per_hour: int
    per_site_per_hour: int


@dataclass
class Usage:
    """What was sent or promised already, by clock hour (aware, UTC, on the hour)."""

    offices: dict[tuple[str, datetime], int] = field(default_factory=dict)
    domains: dict[tuple[str, datetime], int] = field(default_factory=dict)
    site: dict[datetime, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """A letter without a moment yet."""

    letter_id: UUID
    office_key: str
    domain: str
    zone: str


@dataclass(frozen=True)
class Planned:
    """A letter's moment (aware, UTC), or none when it does not fit before the deadline."""

    letter_id: UUID
    at: datetime | None


def hours_of(window: Window, zone: str, day: date) -> tuple[datetime, datetime] | None:
    """The window's beginning and end (UTC) on one local day; None when it is shut that day."""
    if day.weekday() not in window.weekdays or day in window.holidays:
        return None
    tz = ZoneInfo(zone)
    if window.all_day:
        opens, closes = _moment(day, time(0), tz), _moment(day + timedelta(days=1), time(0), tz)
    else:
        opens, closes = _moment(day, window.opens, tz), _moment(day, window.closes, tz)
    return (opens, closes) if closes > opens else None


def _moment(day: date, clock: time, tz: ZoneInfo) -> datetime:
    """A local time as UTC: the first of two, or the first moment after a gap."""
    local = datetime.combine(day, clock, tzinfo=tz)  # fold 0: the first of two
    moment = local.astimezone(UTC)
    if moment.astimezone(tz).replace(tzinfo=None) != local.replace(tzinfo=None):
        # The time does not exist: clocks jumped over it. Before the jump the offset is fold 0's, so the
        # jump itself lies where both offsets meet.
        moment = _jump(moment - timedelta(hours=3), moment + timedelta(hours=3), tz)
    return moment


def _jump(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    """The moment between two at which a zone's offset changes, to the second."""
    start = before.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(tz).utcoffset() == start:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def closes_at(window: Window, zone: str, at: datetime) -> datetime | None:
    """When the hours that are open at a moment end (UTC); None when it is shut then."""
    hours = hours_of(window, zone, at.astimezone(ZoneInfo(zone)).date())
    return hours[1] if hours and hours[0] <= at < hours[1] else None


def is_open(window: Window, zone: str, at: datetime) -> bool:
    """Whether a letter may leave at a moment."""
    return closes_at(window, zone, at) is not None


def next_open(window: Window, zone: str, at: datetime) -> datetime | None:
    """The first moment from `at` on (UTC) at which a letter may leave."""
    day = at.astimezone(ZoneInfo(zone)).date()
    for ahead in range(_HORIZON_DAYS):
        hours = hours_of(window, zone, day + timedelta(days=ahead))
        if hours and hours[1] > at:
            return max(hours[0], at)
    return None


def plan(
    waiting: Iterable[Waiting],
    window: Window,
    rates: Rates,
    *,
    start: datetime,
    deadline: datetime,
    used: Usage,
) -> list[Planned]:
    """Give each letter a moment inside its office's hours and under all three rates, offices taking turns.

    Hours are filled in order of time, so a late start never bursts: what one hour can't carry goes to the
    next. Within its hour a letter's minute comes from a hash of its id. `used` is read, not changed.
    """
    letters = list(waiting)
    queues: dict[str, list[Waiting]] = defaultdict(list)
    for letter in letters:
        queues[letter.office_key].append(letter)
    moments: dict[UUID, datetime] = {}
    site, domains = dict(used.site), dict(used.domains)
    # One entry an office: when it could next send. Ties go to the office that has waited with fewer turns.
    turns: list[tuple[datetime, int, str]] = []
    for key, queue in queues.items():
        queue.reverse()  # pop() then takes them in their order
        opens = next_open(window, queue[0].zone, start)
        if opens is not None:
            heapq.heappush(turns, (_hour(opens), 0, key))
    counts: dict[tuple[str, datetime], int] = {}
    while turns:
        hour, turn, key = heapq.heappop(turns)
        letter = queues[key][-1]
        if hour > deadline:
            continue
        slot = _slot(window, letter.zone, hour, start, deadline)
        taken = counts.get((key, hour), used.offices.get((key, hour), 0))
        full = (
            slot is None
            or taken >= rates.per_office_per_hour
            or domains.get((letter.domain, hour), 0) >= rates.per_domain_per_hour
            or site.get(hour, 0) >= rates.per_site_per_hour
        )
        if full or slot is None:
            later = next_open(window, letter.zone, hour + HOUR)
            if later is not None:
                heapq.heappush(turns, (_hour(later), turn, key))
            continue
        queues[key].pop()
        counts[key, hour] = taken + 1
        domains[letter.domain, hour] = domains.get((letter.domain, hour), 0) + 1
        site[hour] = site.get(hour, 0) + 1
        moments[letter.letter_id] = _spread(slot, letter.letter_id)
        if queues[key]:
            heapq.heappush(turns, (hour, turn + 1, key))
    return [Planned(letter.letter_id, moments.get(letter.letter_id)) for letter in letters]


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _slot(
    window: Window, zone: str, hour: datetime, start: datetime, deadline: datetime
) -> tuple[datetime, datetime] | None:
    """The part of a clock hour in which an office is open, after the start and before the deadline."""
    opens = next_open(window, zone, max(hour, start))
    if opens is None or opens >= hour + HOUR:
        return None
    closes = closes_at(window, zone, opens)
    end = min(hour + HOUR, closes or hour + HOUR, deadline)
    return (opens, end) if end > opens else None


def _spread(slot: tuple[datetime, datetime], letter_id: UUID) -> datetime:
    """A moment within a slot, the same for the same letter whenever it is planned."""
    share = int.from_bytes(hashlib.blake2b(letter_id.bytes, digest_size=4).digest()) / 2**32
    return slot[0] + (slot[1] - slot[0]) * share


def by_hour(moments: Mapping[UUID, datetime]) -> list[tuple[datetime, int]]:
    """How many letters leave in each clock hour, in order."""
    hours: dict[datetime, int] = defaultdict(int)
    for moment in moments.values():
        hours[_hour(moment)] += 1
    return sorted(hours.items())
