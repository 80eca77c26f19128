"""Opening hours: as people write them, over midnight, over borders of time zones, and when the clocks change."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy.opening import BadHours, Span, hours_in_words, open_until, opens_next, read_hours, zone_named

NEW_YORK, CHICAGO = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago")
UTC_ZONE = ZoneInfo("UTC")


def hours(text):
    return read_hours(text)[0]


def at(zone, *moment):
    return datetime(*moment, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon-Fri 9-17", "Mon–Fri 09:00–17:00"),
        ("Monday to Friday 9 to 17", "Mon–Fri 09:00–17:00"),
        ("Mon, Wed 09:00–12:00, 14:00–18:00", "Mon 09:00–12:00, 14:00–18:00; Wed 09:00–12:00, 14:00–18:00"),
        ("Sat-Mon 18:00-08:00", "Mon 18:00–08:00; Sat–Sun 18:00–08:00"),
        ("Sat 00:00-24:00\nSun 10.30-24:00", "Sat 00:00–24:00; Sun 10:30–24:00"),
        ("daily 8:00-20:00", "Mon–Sun 08:00–20:00"),
    ],
)
def test_hours_are_read_as_people_write_them_and_said_in_one_way(written, read):
    assert hours_in_words(hours(written)) == read
    assert hours(read) == hours(written)


def test_day_and_night_is_said_in_two_ways():
    assert read_hours("24/7") == ([], True)
    assert read_hours("Mon-Sun 00:00-24:00") == ([], True)
    assert read_hours("daily 08:00-20:00, 20:00-08:00") == ([], True)
    assert read_hours("") == ([], False)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("Mon-Fri", "is not like"),
        ("Someday 9-17", "someday”"),
        ("Mon 9-25", "25"),
        ("Mon 9", "is not like"),
        ("Mon 09:00-09:00", "same time"),
        ("Mon 09:00-17:00; Mon 16:00-18:00", "overlap"),
        ("Sun 22:00-06:00; Mon 05:00-09:00", "overlap"),
        ("24/7; Mon 9-17", "alone"),
        ("Mon-Tue-Wed 9-17", "Mon-Fri"),
        ("=cmd|'/c calc'!A1", "is not like"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_what_is_wrong(written, problem):
    with pytest.raises(BadHours, match=problem):
        read_hours(written)


def test_open_now_depends_on_the_clock_of_the_place():
    spans = hours("Mon-Fri 09:00-17:00")
    half_past_eight_in_chicago = at(CHICAGO, 2026, 11, 23, 8, 30)
    assert open_until(spans, NEW_YORK, half_past_eight_in_chicago) == at(NEW_YORK, 2026, 11, 23, 17)
    assert open_until(spans, CHICAGO, half_past_eight_in_chicago) is None
    assert opens_next(spans, CHICAGO, half_past_eight_in_chicago) == at(CHICAGO, 2026, 11, 23, 9)


def test_it_may_be_another_day_on_the_clock_of_the_place():
    sunday = hours("Sun 00:00-24:00")
    moment = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)  # Monday on Kiritimati, still Saturday in Pago Pago
    assert open_until(sunday, ZoneInfo("Pacific/Kiritimati"), moment) is None
    assert open_until(sunday, ZoneInfo("Pacific/Pago_Pago"), moment) is None
    assert open_until(sunday, UTC_ZONE, moment) == datetime(2026, 11, 23, tzinfo=UTC)


def test_a_night_goes_on_past_midnight_and_past_the_end_of_the_week():
    nights = hours("Sun 22:00-06:00")
    assert open_until(nights, UTC_ZONE, at(UTC_ZONE, 2026, 11, 22, 23)) == at(UTC_ZONE, 2026, 11, 23, 6)
    assert open_until(nights, UTC_ZONE, at(UTC_ZONE, 2026, 11, 23, 5, 59)) == at(UTC_ZONE, 2026, 11, 23, 6)
    assert open_until(nights, UTC_ZONE, at(UTC_ZONE, 2026, 11, 23, 6)) is None
    assert open_until(nights, UTC_ZONE, at(UTC_ZONE, 2026, 11, 22, 21, 59)) is None


def test_hours_that_meet_at_midnight_are_one_stretch():
    spans = hours("Fri 18:00-24:00; Sat 00:00-10:00")
    assert open_until(spans, UTC_ZONE, at(UTC_ZONE, 2026, 11, 27, 20)) == at(UTC_ZONE, 2026, 11, 28, 10)


def test_the_night_the_clocks_go_forward_is_an_hour_shorter():
    nights = hours("daily 22:00-06:00")
    before = at(NEW_YORK, 2026, 3, 7, 22)
    closes = open_until(nights, NEW_YORK, before)
    assert closes == at(NEW_YORK, 2026, 3, 8, 6) and (closes - before).total_seconds() == 7 * 3600
    # 5:30 by the new clock is 4:30 by the old one: open; half an hour after closing by the new clock: closed.
    assert open_until(nights, NEW_YORK, datetime(2026, 3, 8, 9, 30, tzinfo=UTC))
    assert open_until(nights, NEW_YORK, datetime(2026, 3, 8, 10, 30, tzinfo=UTC)) is None


def test_the_night_the_clocks_go_back_is_an_hour_longer():
    nights = hours("daily 22:00-06:00")
    before = at(NEW_YORK, 2026, 10, 31, 22)
    assert (open_until(nights, NEW_YORK, before) - before).total_seconds() == 9 * 3600


def test_hours_inside_the_skipped_hour_move_with_the_clock_and_a_doubled_hour_counts_once():
    small = hours("Sun 02:15-02:45")
    assert open_until(small, NEW_YORK, datetime(2026, 3, 8, 7, 30, tzinfo=UTC))  # 3:30, which was to be 2:30
    doubled = hours("Sun 01:15-01:45")
    first, second = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert open_until(doubled, NEW_YORK, first) and open_until(doubled, NEW_YORK, second) is None


def test_a_midnight_that_is_skipped_parts_nothing():
    # In Beirut the clocks go from 0:00 to 1:00.
    spans = hours("Sat 00:00-24:00; Sun 00:00-24:00")
    assert open_until(spans, ZoneInfo("Asia/Beirut"), at(UTC_ZONE, 2026, 3, 28, 20)) == at(
        ZoneInfo("Asia/Beirut"), 2026, 3, 30
    )


def test_without_hours_nothing_is_open_and_nothing_opens():
    now = at(UTC_ZONE, 2026, 11, 22)
    assert open_until([], UTC_ZONE, now) is None and opens_next([], UTC_ZONE, now) is None


def test_a_name_that_is_no_zone_is_none():
    assert [zone_named(name) for name in ("", "Mars/Olympus", "../etc/passwd", "America")] == [None] * 4
    assert zone_named("America/Chicago") == CHICAGO


_MINUTES = st.integers(0, 1439).map(lambda n: time(n // 60, n % 60))


# A busy machine draws slowly.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 6),
    _MINUTES,
    _MINUTES,
    st.sampled_from(["UTC", "America/New_York", "Asia/Beirut", "Pacific/Chatham"]),
)
def test_whatever_the_hours_it_opens_within_eight_days_and_closes_after_it_opened(
    weekday, opens, closes, zone
):
    span = [Span(weekday, opens, closes if closes != opens else time(0))]
    now = datetime(2026, 3, 26, 12, tzinfo=UTC)
    until, following = open_until(span, ZoneInfo(zone), now), opens_next(span, ZoneInfo(zone), now)
    assert following is not None and (following - now).days <= 8
    assert until is None or until > now
