"""Every IANA time zone, every change of its clocks from 2024 to 2037: no letter outside the hours, none missed.

The wall clock is the judge: an office is open at a moment when its own clock shows a time inside the hours,
and the hour that autumn repeats counts by its first run only.
"""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import pytest

from campaigns.delivery.hours import microseconds, stretches
from campaigns.delivery.schedule import Rates, Usage, Waiting, Window, closes_at, is_open, next_open, plan

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
EVERY_DAY = frozenset(range(7))
WINDOWS = {
    "night": Window(EVERY_DAY, time(0, 15), time(3, 45)),  # nearly all clocks turn in it
    "office hours": Window(EVERY_DAY, time(9), time(17)),
    "late evening": Window(EVERY_DAY, time(22, 30), time(23, 59)),  # some turn at midnight
}
AROUND = timedelta(hours=26)
STEP = timedelta(minutes=15)
RATES = Rates(per_office_per_hour=2, per_domain_per_hour=2, per_site_per_hour=2)


def changes_of(tz):
    """The moments at which a zone's offset changes, with the new offset; clocks are turned on whole minutes."""
    at, before = FIRST, FIRST.astimezone(tz).utcoffset()
    while at < LAST:
        following = at + timedelta(days=1)
        after = following.astimezone(tz).utcoffset()
        if after != before:
            low, high = 0, 24 * 60
            while high - low > 1:
                middle = (low + high) // 2
                early = (at + timedelta(minutes=middle)).astimezone(tz).utcoffset() == before
                low, high = (middle, high) if early else (low, middle)
            yield at + timedelta(minutes=high), after
        at, before = following, after


def rules():
    """Each set of rules once: (offset at first, changes) -> the zones that keep it."""
    kept = {}
    for name in sorted(available_timezones()):
        tz = ZoneInfo(name)
        kept.setdefault((FIRST.astimezone(tz).utcoffset(), tuple(changes_of(tz))), []).append(name)
    return kept


@pytest.fixture(scope="module")
def every_rule():
    return rules()


def test_the_wall_clock_decides_in_every_zone_around_every_change_of_its_clocks(every_rule):
    cases = Counter()
    for (_offset, changes), names in every_rule.items():
        zone = names[0]
        tz = ZoneInfo(zone)
        for change, _after in changes:
            begin, end = change - AROUND, change + AROUND
            moments = [begin + n * STEP for n in range(2 * AROUND // STEP)]
            clocks = [(microseconds(at), at.astimezone(tz)) for at in moments]
            for name, window in WINDOWS.items():
                opened = list(stretches(window, zone, begin, end))
                assert all(a.end <= b.start for a, b in pairwise(opened)), (zone, change)  # none twice
                judged = [
                    (at, window.opens <= clock.time() < window.closes and not clock.fold)
                    for at, clock in clocks
                ]
                here = iter([*opened, None])
                stretch = next(here)
                for at, should in judged:
                    while stretch is not None and stretch.end <= at:
                        stretch = next(here)
                    assert (stretch is not None and stretch.start <= at) == should, (zone, change, name, at)
                cases[name] += len(names)
    assert set(cases) == set(WINDOWS)
    assert cases.total() > 15_000  # about 220 of 600 zones still turn their clocks, twice a year or more


def test_letters_planned_over_a_change_leave_inside_the_hours_within_the_rates_and_none_is_missed(every_rule):
    for (_offset, changes), names in every_rule.items():
        zone = names[0]
        for change, _after in changes:
            start, deadline = change - timedelta(hours=13), change + timedelta(hours=48)
            for name, window in WINDOWS.items():
                waiting = [Waiting(UUID(int=n), "a", "a.example", zone) for n in range(5)]
                planned = plan(waiting, window, RATES, start=start, deadline=deadline, used=Usage())
                # Two days have at least two of the late evenings, each with two letters in one hour or more.
                assert sum(p.at is not None for p in planned) >= 4, (zone, change, name)
                moments = [p.at for p in planned if p.at]
                assert moments == sorted(moments)
                assert all(start <= at < deadline and is_open(window, zone, at) for at in moments)
                hours = Counter(at.replace(minute=0, second=0, microsecond=0) for at in moments)
                assert max(hours.values()) <= 2


def test_an_opening_and_a_closing_agree_around_every_change(every_rule):
    """What is asked before sending (is it open, until when, when next) fits what was planned."""
    for (_offset, changes), names in every_rule.items():
        zone = names[0]
        for change, _after in changes:
            for window in WINDOWS.values():
                at = next_open(window, zone, change - timedelta(hours=2))
                closes = closes_at(window, zone, at)
                assert at < closes <= at + timedelta(hours=10)
                assert not is_open(window, zone, closes)
                assert is_open(window, zone, closes - timedelta(microseconds=1))
                following = next_open(window, zone, closes)
                assert following > closes and not is_open(window, zone, following - timedelta(seconds=1))


def test_around_the_clock_is_open_around_every_change(every_rule):
    window = Window(EVERY_DAY, time(0), time(0), all_day=True)
    for (_offset, changes), names in every_rule.items():
        for change, _after in changes:
            opened = list(stretches(window, names[0], change - AROUND, change + AROUND))
            assert opened[0].start == microseconds(change - AROUND)
            assert opened[-1].end == microseconds(change + AROUND)
            assert all(a.end == b.start for a, b in pairwise(opened)), (names[0], change)
