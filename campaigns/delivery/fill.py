"""Clock hours filled with letters, offices taking turns, as far as the rates allow; `schedule` uses it."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import groupby
from typing import NamedTuple

from campaigns.delivery.hours import (
    SECOND,
    Stretch,
    UnknownZone,
    Window,
    by_local_hour,
    closed_on,
    microseconds,
    moment_at,
    stretches,
)
from campaigns.delivery.lanes import Lane, Place

HOUR = 3600 * SECOND
ONE = 1 << 32  # hashes are fractions of this


@dataclass(frozen=True)
class Rates:
    """The most letters in one clock hour."""

    per_office_per_hour: int
    per_domain_per_hour: int
    per_site_per_hour: int


@dataclass
class Usage:
    """Letters already sent or promised, by clock hour; the key of an hour is its first moment, aware."""

    offices: dict[tuple[str, datetime], int] = field(default_factory=dict)
    domains: dict[tuple[str, datetime], int] = field(default_factory=dict)
    site: dict[datetime, int] = field(default_factory=dict)


class _Hour(NamedTuple):
    """The open part of one clock hour at one place; `worth` is its length times the weight of its time of day."""

    begins: int
    parts: tuple[Stretch, ...]
    worth: int

    @property
    def length(self) -> int:
        return sum(part.end - part.start for part in self.parts)

    def share(self, rate: int, used: int) -> int:
        """What an office's rate leaves here: lowered by the weight for the whole hour, then by what is not open."""
        return _share(max(rate * self.worth // self.length, 1), self.length, used)


def _hours(window: Window, place: Place, start: datetime, deadline: datetime) -> Iterator[_Hour]:
    """Open time of a place cut at the clock hours, in order; hours of no weight are left out."""
    zone, closed = place

    def cut() -> Iterator[tuple[int, Stretch, int]]:
        for stretch in stretches(closed_on(window, closed), zone, start, deadline):
            begins = stretch.start - stretch.start % HOUR
            while begins < stretch.end:
                part = Stretch(max(stretch.start, begins), min(stretch.end, begins + HOUR))
                if not window.weights:
                    yield begins, part, part.end - part.start
                else:
                    for hour, piece in by_local_hour(zone, part):
                        if weight := window.weights[hour]:
                            yield begins, piece, max((piece.end - piece.start) * weight // 100, 1)
                begins += HOUR

    for begins, group in groupby(cut(), key=lambda piece: piece[0]):
        pieces = list(group)
        parts = tuple(part for _begins, part, _worth in pieces)
        yield _Hour(begins, parts, sum(worth for _begins, _part, worth in pieces))


def _share(rate: int, length: int, used: int) -> int:
    """What a rate leaves of an hour of which `length` can be used: that part, at least one letter."""
    return min(rate - used, max(1, rate * length // HOUR))


# An entry of a heap: who is next, a tie-break, the lane, how many of its letters are placed.
_Entry = tuple[int, int, int, int]


class Fill:
    """One pass through the hours, each filled as far as the rates allow.

    `moments` has the letters that found a place, as microseconds since 1970; `opened` the places with open
    hours before the deadline, and `unknown` the zones that are none.
    """

    def __init__(
        self,
        lanes: list[Lane],
        window: Window,
        rates: Rates,
        start: datetime,
        deadline: datetime,
        used: Usage,
    ) -> None:
        self.lanes, self.window, self.rates, self.used = lanes, window, rates, used
        self.start, self.deadline = start, deadline
        self.moments: dict[int, int] = {}
        self.unknown: set[str] = set()
        self.opened: set[Place] = set()
        self.round = 0

    def run(self, *, urgent_first: bool) -> "Fill":
        """Fill hour after hour until every letter is placed or the deadline is reached."""
        groups: dict[Place, dict[str, list[_Entry]]] = {}
        for number, lane in enumerate(self.lanes):
            first = -len(lane.letters) if urgent_first else 0
            groups.setdefault(lane.place, {}).setdefault(lane.domain, []).append(
                (first, lane.order, number, 0)
            )
        for domains in groups.values():
            for entries in domains.values():
                heapify(entries)
        upcoming: list[tuple[int, Place, _Hour]] = []
        sources: dict[Place, Iterator[_Hour]] = {}
        time_left: dict[Place, int] = {}
        for place in groups:
            try:
                sources[place] = _hours(self.window, place, self.start, self.deadline)
                if urgent_first:
                    whole = list(sources[place])
                    time_left[place], sources[place] = sum(hour.worth for hour in whole), iter(whole)
                self._advance(upcoming, sources, place)
            except UnknownZone:
                self.unknown.add(place[0])
        missing = sum(len(lane.letters) for lane in self.lanes)
        while upcoming and len(self.moments) < missing:
            begins = upcoming[0][0]
            now_open: dict[Place, _Hour] = {}
            while upcoming and upcoming[0][0] == begins:
                _begins, place, hour = heappop(upcoming)
                now_open[place] = hour
            slack = {}
            for place, hour in now_open.items():
                if urgent_first:
                    time_left[place] -= hour.worth
                    slack[place] = time_left[place] * self.rates.per_office_per_hour // HOUR
            self._fill_hour(begins, now_open, groups, slack)
            for place in now_open:
                if any(groups[place].values()):
                    self._advance(upcoming, sources, place)
        return self

    def _advance(
        self, upcoming: list[tuple[int, Place, _Hour]], sources: dict[Place, Iterator[_Hour]], place: Place
    ) -> None:
        hour = next(sources[place], None)
        if hour is not None:
            self.opened.add(place)
            heappush(upcoming, (hour.begins, place, hour))

    def _fill_hour(
        self,
        begins: int,
        now_open: dict[Place, _Hour],
        groups: dict[Place, dict[str, list[_Entry]]],
        slack: dict[Place, int],
    ) -> None:
        """Take letters in turns from the open offices until site, domains or offices are full."""
        hour = moment_at(begins)
        usable = min(begins + HOUR, microseconds(self.deadline)) - max(begins, microseconds(self.start))
        site_left = _share(self.rates.per_site_per_hour, usable, self.used.site.get(hour, 0))
        domain_left: dict[str, int] = {}
        office_left: dict[str, int] = {}
        taken: dict[_Hour, dict[int, list[int]]] = {}
        full: list[tuple[list[_Entry], _Entry]] = []
        front: list[tuple[int, int, Place, str]] = []

        def queue_up(place: Place, domain: str) -> None:
            first, order, _number, _placed = groups[place][domain][0]
            heappush(front, (first + slack.get(place, 0), order, place, domain))

        for place in now_open:
            for domain, entries in groups[place].items():
                if entries:
                    queue_up(place, domain)
        while front and site_left > 0:
            _first, _order, place, domain = heappop(front)
            if domain not in domain_left:
                promised = self.used.domains.get((domain, hour), 0)
                domain_left[domain] = _share(self.rates.per_domain_per_hour, usable, promised)
            if domain_left[domain] <= 0:
                continue
            entries = groups[place][domain]
            entry = heappop(entries)
            turn, order, number, placed = entry
            lane = self.lanes[number]
            if lane.office not in office_left:
                promised = self.used.offices.get((lane.office, hour), 0)
                office_left[lane.office] = now_open[place].share(self.rates.per_office_per_hour, promised)
            if office_left[lane.office] <= 0:
                full.append((entries, entry))
            else:
                taken.setdefault(now_open[place], {}).setdefault(number, []).append(placed)
                site_left -= 1
                domain_left[domain] -= 1
                office_left[lane.office] -= 1
                if placed + 1 < len(lane.letters):
                    if slack:
                        turn += 1
                    else:
                        # An office that was closed meanwhile does not catch up on turns it had no use for.
                        self.round = max(self.round, turn)
                        turn = self.round + 1
                    heappush(entries, (turn, order, number, placed + 1))
            if entries:
                queue_up(place, domain)
        for entries, entry in full:
            heappush(entries, entry)
        for open_hour, numbers in taken.items():
            self._spread(open_hour, numbers)

    def _spread(self, open_hour: _Hour, numbers: dict[int, list[int]]) -> None:
        """Spread an hour's letters evenly over the time the rates need for them, each office's among them.

        Few letters leave in a few minutes, at the pace of the fullest rate; a full hour takes the whole hour.
        """
        places = []
        for number, positions in numbers.items():
            lane = self.lanes[number]
            for k, position in enumerate(positions):
                places.append(((k * ONE + lane.order) // len(positions), number, position))
        places.sort()
        parts = open_hour.parts
        needed = (
            self._needed(numbers) * open_hour.length // open_hour.worth
        )  # an hour of less weight is slower
        total = min(open_hour.length, needed)
        # Where each part begins when the parts are laid end to end.
        begins, at = [], 0
        for part in parts:
            begins.append(at)
            at += part.end - part.start
        for rank, (_place, number, position) in enumerate(places):
            lane = self.lanes[number]
            offset = (rank * ONE + lane.ids[position]) * total // (len(places) * ONE)
            i = bisect_right(begins, offset) - 1
            self.moments[lane.letters[position]] = parts[i].start + offset - begins[i]

    def _needed(self, numbers: dict[int, list[int]]) -> int:
        """How long an hour's letters take at the rates, in microseconds: the slowest of the three decides."""
        offices: Counter[str] = Counter()
        domains: Counter[str] = Counter()
        for number, positions in numbers.items():
            offices[self.lanes[number].office] += len(positions)
            domains[self.lanes[number].domain] += len(positions)
        return max(
            offices.total() * HOUR // self.rates.per_site_per_hour,
            max(offices.values()) * HOUR // self.rates.per_office_per_hour,
            max(domains.values()) * HOUR // self.rates.per_domain_per_hour,
            1,
        )
