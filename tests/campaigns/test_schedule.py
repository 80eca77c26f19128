"""When letters leave: office hours on the office's clock, hourly rates, deadlines. No database."""

import time as stopwatch
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.delivery.schedule import (
    Rates,
    UnknownZone,
    Unplanned,
    Usage,
    Waiting,
    Window,
    closes_at,
    is_open,
    next_open,
    plan,
    summary,
)

ZONES = ["America/New_York", "Europe/Lisbon", "Australia/Lord_Howe", "Pacific/Chatham", "America/Sao_Paulo"]
EVERY_DAY = frozenset(range(7))
WORKDAYS = frozenset(range(5))
HOUR = timedelta(hours=1)


def hour_of(at):
    return at.replace(minute=0, second=0, microsecond=0)


def office_hours(opens="09:00", closes="17:00", weekdays=WORKDAYS, **more):
    return Window(
        weekdays=weekdays, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes), **more
    )


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def letters(count, office="a", domain="assembly.example", zone="UTC", first=0):
    return [Waiting(UUID(int=first + n), office, domain, zone) for n in range(count)]


def transitions(zone):
    """The moments in 2024–2037 at which a zone's clocks are put forward or back."""
    tz, at, last = ZoneInfo(zone), utc("2024-01-01"), utc("2038-01-01")
    while at < last:
        after = at + timedelta(days=1)
        if at.astimezone(tz).utcoffset() != after.astimezone(tz).utcoffset():
            while at.astimezone(tz).utcoffset() == (at + timedelta(minutes=30)).astimezone(tz).utcoffset():
                at += timedelta(minutes=30)
            yield at + timedelta(minutes=30)
        at = after


# --- hours -------------------------------------------------------------------------------------------------


def test_hours_are_those_of_the_office():
    window = office_hours()
    assert is_open(window, "America/New_York", utc("2026-03-02T14:00"))
    assert not is_open(window, "America/New_York", utc("2026-03-02T13:59:59"))
    assert not is_open(window, "America/New_York", utc("2026-03-02T22:00"))
    assert next_open(window, "Pacific/Chatham", utc("2026-03-01T12:00")) == utc("2026-03-01T19:15")


def test_weekends_holidays_and_days_outside_the_dates_are_closed():
    window = office_hours(
        starts_on=date(2026, 3, 3), ends_on=date(2026, 3, 10), holidays=frozenset({date(2026, 3, 9)})
    )
    assert next_open(window, "UTC", utc("2026-03-01T12:00")) == utc("2026-03-03T09:00")
    assert next_open(window, "UTC", utc("2026-03-06T17:00")) == utc("2026-03-10T09:00")
    assert next_open(window, "UTC", utc("2026-03-10T17:00")) is None


def test_an_opening_hour_that_spring_skips_begins_at_the_first_minute_that_exists():
    window = office_hours("02:30", "05:00", EVERY_DAY)
    assert next_open(window, "America/New_York", utc("2026-03-08T05:00")) == utc(
        "2026-03-08T07:00"
    )  # 03:00 EDT
    window = office_hours("02:10", "02:20", EVERY_DAY)  # lies in the gap altogether
    assert next_open(window, "America/New_York", utc("2026-03-08T05:00")) == utc("2026-03-09T06:10")


def test_an_hour_that_autumn_repeats_counts_once():
    window = office_hours("01:00", "03:00", EVERY_DAY)
    zone = "America/New_York"  # 01:00–02:00 comes twice on 1 November 2026
    assert next_open(window, zone, utc("2026-11-01T04:00")) == utc("2026-11-01T05:00")
    assert closes_at(window, zone, utc("2026-11-01T05:30")) == utc("2026-11-01T06:00")
    assert not is_open(window, zone, utc("2026-11-01T06:30"))
    assert next_open(window, zone, utc("2026-11-01T06:00")) == utc("2026-11-01T07:00")


def test_around_the_clock_leaves_no_hour_out():
    window = Window(weekdays=EVERY_DAY, opens=time(0), closes=time(0), all_day=True)
    for zone in ZONES:
        for change in transitions(zone):
            for minutes in range(-180, 181, 15):
                assert is_open(window, zone, change + timedelta(minutes=minutes))
    assert closes_at(window, "UTC", utc("2026-03-02T12:00")) == utc("2026-03-09T12:00")
    weekdays_only = Window(weekdays=WORKDAYS, opens=time(0), closes=time(0), all_day=True)
    assert closes_at(weekdays_only, "America/New_York", utc("2026-03-04T12:00")) == utc("2026-03-07T05:00")


def test_a_date_that_a_zone_skipped_is_never_open():
    window = Window(weekdays=EVERY_DAY, opens=time(0), closes=time(0), all_day=True)
    only_that_day = office_hours(
        "09:00", "17:00", EVERY_DAY, starts_on=date(2011, 12, 30), ends_on=date(2011, 12, 30)
    )
    assert is_open(window, "Pacific/Apia", utc("2011-12-30T10:00"))
    assert next_open(only_that_day, "Pacific/Apia", utc("2011-12-28")) is None


def test_a_zone_that_does_not_exist_is_named():
    for name in ["Mars/Olympus", "", "../../etc/passwd", "America"]:
        with pytest.raises(UnknownZone):
            is_open(office_hours(), name, utc("2026-03-02T14:00"))


# --- plans -------------------------------------------------------------------------------------------------

RATES = Rates(per_office_per_hour=10, per_domain_per_hour=40, per_site_per_hour=100)
ROOMY = Rates(per_office_per_hour=1000, per_domain_per_hour=10_000, per_site_per_hour=100_000)


@st.composite
def cases(draw):
    window = draw(
        st.one_of(
            st.just(Window(weekdays=EVERY_DAY, opens=time(0), closes=time(0), all_day=True)),
            st.builds(
                lambda opens, length, weekdays: Window(
                    weekdays=frozenset(weekdays),
                    opens=time(opens // 60, opens % 60),
                    closes=time((opens + length) // 60, (opens + length) % 60),
                ),
                st.integers(0, 22 * 60),
                st.integers(5, 119),
                st.sets(st.integers(0, 6), min_size=1),
            ),
        )
    )
    zone = draw(st.sampled_from(ZONES))
    change = draw(st.sampled_from(list(transitions(zone)) or [utc("2026-03-29T01:00")]))
    start = change + timedelta(minutes=draw(st.integers(-48 * 60, 120)), seconds=draw(st.integers(0, 59)))
    deadline = start + timedelta(minutes=draw(st.integers(1, 5 * 24 * 60)))
    rates = Rates(draw(st.integers(1, 9)), draw(st.integers(1, 20)), draw(st.integers(1, 30)))
    offices = draw(
        st.lists(st.tuples(st.sampled_from(ZONES), st.sampled_from("xyz")), min_size=1, max_size=6)
    )
    waiting = [
        Waiting(UUID(int=n), f"office {i}", f"{offices[i][1]}.example", offices[i][0])
        for n, i in enumerate(draw(st.lists(st.integers(0, len(offices) - 1), max_size=60)))
    ]
    used = Usage()
    for hours in draw(st.lists(st.integers(0, 60), max_size=8)):
        at = hour_of(start) + hours * HOUR
        used.offices["office 0", at] = draw(st.integers(0, 10))
        used.domains["x.example", at] = draw(st.integers(0, 22))
        used.site[at] = draw(st.integers(0, 32))
    return waiting, window, rates, start, deadline, used


def taken(waiting, planned, used):
    """Letters by (office, hour), (domain, hour) and hour, with what was used before."""
    by_id = {w.letter_id: w for w in waiting}
    offices, domains, site = Counter(used.offices), Counter(used.domains), Counter(used.site)
    for letter in planned:
        if letter.at is not None:
            hour = hour_of(letter.at)
            offices[by_id[letter.letter_id].office_key, hour] += 1
            domains[by_id[letter.letter_id].domain, hour] += 1
            site[hour] += 1
    return offices, domains, site


@settings(max_examples=300, deadline=None)
@given(cases())
def test_no_rate_is_exceeded_and_no_letter_leaves_outside_its_offices_hours(case):
    waiting, window, rates, start, deadline, used = case
    planned = plan(waiting, window, rates, start=start, deadline=deadline, used=used)
    assert [p.letter_id for p in planned] == [w.letter_id for w in waiting]
    for letter, asked in zip(planned, waiting, strict=True):
        if letter.at is not None:
            assert start <= letter.at < deadline
            assert is_open(window, asked.zone, letter.at)
    offices, domains, site = taken(waiting, planned, used)
    for counts, before, rate in [
        (offices, used.offices, rates.per_office_per_hour),
        (domains, used.domains, rates.per_domain_per_hour),
        (site, used.site, rates.per_site_per_hour),
    ]:
        for key, n in counts.items():
            assert n <= max(rate, before.get(key, 0)), key


def open_in(window, zone, begin, end):
    """How much of [begin, end) is open, from hour to hour and opening to closing."""
    whole, at = timedelta(), next_open(window, zone, begin)
    while at is not None and at < end:
        until = min(closes_at(window, zone, at), end)
        whole += until - at
        at = next_open(window, zone, until)
    return whole


@settings(max_examples=150, deadline=None)
@given(cases())
def test_everything_that_fits_is_planned(case):
    waiting, window, rates, start, deadline, used = case
    planned = plan(waiting, window, rates, start=start, deadline=deadline, used=used)
    offices, domains, site = taken(waiting, planned, used)

    def full(rate, length, before, now):
        # Of a part of an hour, the same part of the rate can be used: that is what keeps a late start from bursting.
        return now - before >= min(rate - before, max(1, rate * length // HOUR))

    checked = set()
    for letter, asked in zip(planned, waiting, strict=True):
        if letter.at is not None or asked.office_key in checked:
            continue
        checked.add(asked.office_key)
        hour = hour_of(start)
        opened = False
        while hour < deadline:
            begin, end = max(hour, start), min(hour + HOUR, deadline)
            length = open_in(window, asked.zone, begin, end)
            if length:
                opened = True
                office, domain = (asked.office_key, hour), (asked.domain, hour)
                assert (
                    full(rates.per_office_per_hour, length, used.offices.get(office, 0), offices[office])
                    or full(
                        rates.per_domain_per_hour, end - begin, used.domains.get(domain, 0), domains[domain]
                    )
                    or full(rates.per_site_per_hour, end - begin, used.site.get(hour, 0), site[hour])
                ), (asked, hour)
            hour += HOUR
        assert letter.reason == (Unplanned.FULL if opened else Unplanned.NO_HOURS)


@settings(max_examples=50, deadline=None)
@given(cases())
def test_the_same_letters_get_the_same_plan_whatever_order_the_offices_come_in(case):
    waiting, window, rates, start, deadline, used = case
    before = Usage(dict(used.offices), dict(used.domains), dict(used.site))
    first = plan(waiting, window, rates, start=start, deadline=deadline, used=used)
    assert used == before
    turned = Usage(
        dict(reversed(used.offices.items())),
        dict(reversed(used.domains.items())),
        dict(reversed(used.site.items())),
    )
    by_office = sorted(
        waiting, key=lambda letter: letter.office_key, reverse=True
    )  # stable: FIFO within an office
    second = plan(by_office, window, rates, start=start, deadline=deadline, used=turned)
    assert {p.letter_id: p for p in first} == {p.letter_id: p for p in second}


def test_letters_of_one_office_leave_in_their_order():
    planned = plan(
        letters(25),
        office_hours(),
        RATES,
        start=utc("2026-03-02T08:00"),
        deadline=utc("2026-03-04"),
        used=Usage(),
    )
    moments = [p.at for p in planned]
    assert moments == sorted(moments)
    assert [n for _hour, n in summary(planned).by_hour] == [10, 10, 5]


def test_an_hour_is_filled_evenly_and_no_second_takes_a_burst():
    rates = Rates(per_office_per_hour=60, per_domain_per_hour=600, per_site_per_hour=3000)
    waiting = [w for n in range(20) for w in letters(60, f"office {n}", f"d{n}.example", first=n * 60)]
    start = utc("2026-03-02T09:00")
    planned = plan(waiting, office_hours(), rates, start=start, deadline=utc("2026-03-03"), used=Usage())
    per_minute = Counter(p.at.replace(second=0, microsecond=0) for p in planned)
    assert len(per_minute) == 60
    assert max(per_minute.values()) <= 22  # 20 a minute on average
    of_one_office = sorted(p.at for p in planned if p.office_key == "office 7")
    gaps = [(b - a).total_seconds() for a, b in pairwise(of_one_office)]
    assert max(gaps) < 150


def test_a_late_start_never_bursts():
    rates = Rates(per_office_per_hour=30, per_domain_per_hour=600, per_site_per_hour=3000)
    waiting = [w for n in range(100) for w in letters(50, f"office {n}", f"d{n}.example", first=n * 50)]
    start = utc("2026-03-02T10:58")
    planned = plan(waiting, office_hours(), rates, start=start, deadline=utc("2026-03-06"), used=Usage())
    hours = dict(summary(planned).by_hour)
    assert hours[utc("2026-03-02T10:00")] == 100  # two minutes of 3,000 an hour
    offices = Counter(p.office_key for p in planned if p.at and p.at < utc("2026-03-02T11:00"))
    assert max(offices.values()) == 1


def test_offices_take_turns():
    rates = Rates(per_office_per_hour=100, per_domain_per_hour=1000, per_site_per_hour=10)
    waiting = letters(100, "big", "big.example") + letters(5, "small", "small.example", first=1000)
    planned = plan(
        waiting,
        office_hours(),
        rates,
        start=utc("2026-03-02T09:00"),
        deadline=utc("2026-03-20"),
        used=Usage(),
    )
    in_first_hour = Counter(p.office_key for p in planned if p.at and p.at < utc("2026-03-02T10:00"))
    assert in_first_hour == {"big": 5, "small": 5}


def test_an_office_that_was_closed_does_not_catch_up_at_the_expense_of_others():
    rates = Rates(per_office_per_hour=100, per_domain_per_hour=1000, per_site_per_hour=10)
    waiting = letters(60, "east", "e.example", "America/New_York")
    waiting += letters(60, "west", "w.example", "America/Los_Angeles", first=100)
    start = utc("2026-03-02T14:00")  # nine in New York; Los Angeles opens three hours later
    planned = plan(waiting, office_hours(), rates, start=start, deadline=utc("2026-03-20"), used=Usage())
    noon, two = utc("2026-03-02T17:00"), utc("2026-03-02T19:00")
    shared = Counter(p.office_key for p in planned if p.at and noon <= p.at < two)
    assert shared.total() == 20 and abs(shared["east"] - shared["west"]) <= 2


def test_an_office_with_little_time_left_goes_first_when_not_all_would_fit():
    """East closes three hours before West on the last day; taking turns would leave East's letters over."""
    rates = Rates(per_office_per_hour=10, per_domain_per_hour=10, per_site_per_hour=10)
    east = letters(50, "east", "e.example", "America/New_York")
    west = letters(30, "west", "w.example", "America/Los_Angeles", first=100)
    window = office_hours("09:00", "17:00")
    start, deadline = utc("2026-03-02T17:00"), utc("2026-03-03T03:00")  # from noon in the east
    planned = plan(west + east, window, rates, start=start, deadline=deadline, used=Usage())
    in_all = summary(planned)
    assert {office: n for office, n, _last in in_all.by_office} == {"east": 50, "west": 30}
    assert in_all.unplanned == {} and in_all.overloaded == []


def test_the_summary_names_offices_for_which_the_rates_leave_no_room():
    waiting = letters(100, "a", "a.example") + letters(5, "b", "b.example", first=200)
    planned = plan(
        waiting,
        office_hours(),
        RATES,
        start=utc("2026-03-02T09:00"),
        deadline=utc("2026-03-02T12:00"),
        used=Usage(),
    )
    in_all = summary(planned)
    assert in_all.overloaded == ["a"] and in_all.unplanned == {Unplanned.FULL: 70}
    assert [(office, n) for office, n, _last in in_all.by_office] == [("a", 30), ("b", 5)]
    assert in_all.last_at == max(p.at for p in planned if p.at)


def test_what_is_used_already_counts():
    used = Usage(
        offices={("a", utc("2026-03-02T09:00")): 10},
        domains={("assembly.example", utc("2026-03-02T10:00")): 38},
        site={utc("2026-03-02T11:00"): 99},
    )
    planned = plan(
        letters(13),
        office_hours(),
        RATES,
        start=utc("2026-03-02T09:00"),
        deadline=utc("2026-03-03"),
        used=used,
    )
    assert [(hour.hour, n) for hour, n in summary(planned).by_hour] == [(10, 2), (11, 1), (12, 10)]


def test_each_letter_without_a_moment_says_why():
    waiting = letters(12) + letters(1, "b", "b.example", "Mars/Olympus", first=50)
    window = office_hours(closes="10:00")
    planned = plan(
        waiting, window, RATES, start=utc("2026-03-02T09:00"), deadline=utc("2026-03-03"), used=Usage()
    )
    assert Counter(p.reason for p in planned) == {"": 10, Unplanned.FULL: 2, Unplanned.UNKNOWN_ZONE: 1}
    never = plan(
        letters(1),
        office_hours(),
        RATES,
        start=utc("2026-03-07"),
        deadline=utc("2026-03-09T09:00"),
        used=Usage(),
    )
    assert [(p.at, p.reason) for p in never] == [(None, Unplanned.NO_HOURS)]
    assert plan([], window, RATES, start=utc("2026-03-02"), deadline=utc("2026-03-03"), used=Usage()) == []


def by_local_hour(planned, zone):
    return Counter(p.at.astimezone(ZoneInfo(zone)).hour for p in planned if p.at)


def test_hours_of_less_weight_get_less_and_hours_of_none_get_nothing():
    mornings = tuple([0] * 9 + [100] * 3 + [0] + [50] * 2 + [5] * 9)
    for zone in [
        "America/New_York",
        "Asia/Kathmandu",
        "Pacific/Chatham",
    ]:  # whole, three quarters, half hours off
        window = office_hours("08:00", "18:00", EVERY_DAY, weights=mornings)
        planned = plan(
            letters(2000, zone=zone),
            window,
            Rates(per_office_per_hour=40, per_domain_per_hour=4000, per_site_per_hour=4000),
            start=utc("2026-03-02"),
            deadline=utc("2026-03-06"),
            used=Usage(),
        )
        hours = by_local_hour(planned, zone)
        assert set(hours) == {9, 10, 11, 13, 14, 15, 16, 17}
        days = 4
        # The rate holds for clock hours of UTC: one that lies over two local hours has the mean of both weights.
        assert 30 * days <= min(hours[h] for h in (9, 10, 11)) and max(hours.values()) <= 40 * days
        assert all(hours[h] <= 25 * days for h in (13, 14))
        assert all(hours[h] <= 8 * days for h in (16, 17))


def test_a_window_without_weight_in_any_open_hour_has_no_hours():
    window = office_hours(weights=tuple([100] * 6 + [0] * 18))
    planned = plan(
        letters(1), window, RATES, start=utc("2026-03-02"), deadline=utc("2026-03-06"), used=Usage()
    )
    assert planned[0].reason == Unplanned.NO_HOURS


@settings(max_examples=150, deadline=None)
@given(
    cases(),
    st.lists(st.sampled_from([0, 1, 30, 50, 100]), min_size=24, max_size=24),
    st.sets(st.integers(-1, 5)),
)
def test_weights_and_days_off_never_exceed_a_rate_nor_open_what_is_closed(case, weights, days):
    waiting, window, rates, start, deadline, used = case
    closed = tuple(sorted(start.date() + timedelta(days=n) for n in days))
    waiting = [
        Waiting(w.letter_id, w.office_key, w.domain, w.zone, closed if w.office_key != "office 0" else ())
        for w in waiting
    ]
    window = replace(window, weights=tuple(weights))
    planned = plan(waiting, window, rates, start=start, deadline=deadline, used=used)
    for letter, asked in zip(planned, waiting, strict=True):
        if letter.at is not None:
            local = letter.at.astimezone(ZoneInfo(asked.zone))
            assert start <= letter.at < deadline and is_open(window, asked.zone, letter.at)
            assert local.date() not in asked.closed
            assert weights[local.hour] > 0
    offices, domains, site = taken(waiting, planned, used)
    for counts, before, rate in [
        (offices, used.offices, rates.per_office_per_hour),
        (domains, used.domains, rates.per_domain_per_hour),
        (site, used.site, rates.per_site_per_hour),
    ]:
        assert all(n <= max(rate, before.get(key, 0)) for key, n in counts.items())
    mirrored = plan(waiting[::-1], window, rates, start=start, deadline=deadline, used=used)
    assert sum(p.at is None for p in mirrored) == sum(p.at is None for p in planned)


def test_an_offices_day_off_is_its_own():
    monday = (date(2026, 3, 2),)
    waiting = [
        Waiting(UUID(int=1), "a", "a.example", "UTC", monday),
        Waiting(UUID(int=2), "b", "b.example", "UTC"),
    ]
    rest, work = plan(
        waiting, office_hours(), RATES, start=utc("2026-03-01"), deadline=utc("2026-03-06"), used=Usage()
    )
    assert (rest.at.date(), work.at.date()) == (date(2026, 3, 3), date(2026, 3, 2))


def test_a_seed_scatters_letters_its_own_way_and_always_the_same():
    def moments(seed):
        planned = plan(
            letters(30),
            office_hours(),
            RATES,
            start=utc("2026-03-02T08:00"),
            deadline=utc("2026-03-06"),
            used=Usage(),
            seed=seed,
        )
        return [p.at for p in planned]

    assert moments("one drive") == moments("one drive")
    assert not set(moments("one drive")) & set(moments("another"))


def test_letters_do_not_clump_on_a_second():
    waiting = [w for n in range(100) for w in letters(30, f"office {n}", f"d{n}.example", first=n * 30)]
    planned = plan(
        waiting,
        office_hours(),
        Rates(per_office_per_hour=30, per_domain_per_hour=600, per_site_per_hour=3000),
        start=utc("2026-03-02T09:00"),
        deadline=utc("2026-03-02T10:00"),
        used=Usage(),
        seed="a drive",
    )
    per_second = Counter(p.at.replace(microsecond=0) for p in planned)
    assert per_second.total() == 3000 and max(per_second.values()) <= 2
    assert len(per_second) > 2000


def test_a_hundred_thousand_letters_are_planned_in_seconds():
    zones = [
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "Pacific/Honolulu",
    ]
    waiting = [
        Waiting(UUID(int=n), f"office {n % 535}", f"chamber{n % 2}.example", zones[n % 5])
        for n in range(100_000)
    ]
    begun = stopwatch.perf_counter()
    planned = plan(
        waiting,
        office_hours(),
        Rates(per_office_per_hour=30, per_domain_per_hour=600, per_site_per_hour=3000),
        start=utc("2026-10-20T13:47"),
        deadline=utc("2027-01-20"),
        used=Usage(),
    )
    assert stopwatch.perf_counter() - begun < 10  # about one second on an idle machine
    assert all(p.at for p in planned)
