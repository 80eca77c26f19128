"""Days off from iCalendar files, on the clock of the chamber."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from contacts.importers.recess_ical import MOST_BYTES, MOST_ENTRIES, read_recesses
from contacts.importers.rows import FilesMissing

CHICAGO = ZoneInfo("America/Chicago")


def calendar(*entries):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//house.example//days//EN"]
    for entry in entries:
        lines += ["BEGIN:VEVENT", *entry.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def read(*entries, words=""):
    rows, bad = read_recesses(calendar(*entries), CHICAGO, words)
    return [(r.name, r.starts_on.isoformat(), r.ends_on.isoformat()) for r in rows], [str(b) for b in bad]


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("DTSTART;VALUE=DATE:20270701|DTEND;VALUE=DATE:20270801", "2027-07-01", "2027-07-31"),
        ("DTSTART;VALUE=DATE:20270701", "2027-07-01", "2027-07-01"),
        ("DTSTART;VALUE=DATE:20270701|DURATION:P3D", "2027-07-01", "2027-07-03"),
        ("DTSTART;VALUE=DATE:20270701|DTEND;VALUE=DATE:20270701", "2027-07-01", "2027-07-01"),
        # 04:00 in UTC is still the evening before in Chicago.
        ("DTSTART:20270702T040000Z|DTEND:20270703T120000Z", "2027-07-01", "2027-07-03"),
        ("DTSTART:20270701T000000|DTEND:20270703T000000", "2027-07-01", "2027-07-02"),
        ("DTSTART;TZID=America/New_York:20270701T090000|DURATION:PT2H", "2027-07-01", "2027-07-01"),
    ],
)
def test_first_and_last_day_are_those_of_the_chambers_place(when, first, last):
    assert read(f"UID:1|SUMMARY:Summer recess|{when}") == ([("Summer recess", first, last)], [])


def test_only_entries_with_the_words_are_taken():
    entries = [
        "UID:1|SUMMARY:House RECESS week|DTSTART;VALUE=DATE:20270701",
        "UID:2|SUMMARY:Floor session|DTSTART;VALUE=DATE:20270702",
    ]
    assert [name for name, *_days in read(*entries, words="recess")[0]] == ["House RECESS week"]
    assert len(read(*entries)[0]) == 2


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("UID:1|DTSTART;VALUE=DATE:20270701", "without a title: has no title"),
        ("UID:1|SUMMARY:Recess", "has no first day"),
        ("UID:1|SUMMARY:Recess|DTSTART;VALUE=DATE:20270701|RRULE:FREQ=YEARLY", "enter its days by hand"),
        (
            "UID:1|SUMMARY:Recess|DTSTART;VALUE=DATE:20270705|DTEND;VALUE=DATE:20270701",
            "ends before it begins",
        ),
        ("UID:1|SUMMARY:Recess|DTSTART;VALUE=DATE:20270701|DTEND;VALUE=DATE:20290101", "longer than a year"),
        ("UID:1|SUMMARY:Recess|DTSTART;VALUE=DATE:20279901", "can't be read"),
        ("UID:1|SUMMARY:Recess|DTSTART;VALUE=DATE:20270701|DTSTART;VALUE=DATE:20270801", "can't be read"),
        ("UID:1|SUMMARY:Recess|DTSTART;VALUE=DATE:20270701|DTEND:99991231T235959Z", "longer than a year"),
        ("UID:1|SUMMARY:Recess|DTSTART:00010101T000000Z", "can't be read"),
        ("UID:1|SUMMARY:Recess|DTSTART;VALUE=DATE:20270701|DURATION:P999999999D", "can't be read"),
    ],
)
def test_an_entry_that_can_not_be_used_says_why_and_spares_the_others(entry, why):
    rows, bad = read(entry, "UID:2|SUMMARY:Good|DTSTART;VALUE=DATE:20270701")
    assert [name for name, *_days in rows] == ["Good"]
    assert len(bad) == 1 and why in bad[0]


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"END:VEVENT"]
)
def test_a_file_that_is_no_calendar_is_refused(data):
    with pytest.raises(FilesMissing, match="no iCalendar file"):
        read_recesses(data, CHICAGO)


def test_a_huge_file_is_refused():
    with pytest.raises(FilesMissing, match="larger than"):
        read_recesses(b" " * (MOST_BYTES + 1), CHICAGO)
    entry = "UID:1|SUMMARY:R|DTSTART;VALUE=DATE:20270701"
    with pytest.raises(FilesMissing, match="more than"):
        read_recesses(calendar(*[entry] * (MOST_ENTRIES + 1)), CHICAGO)


def test_an_entrys_name_is_one_line():
    rows, _bad = read_recesses(
        calendar("UID:x@house.example|SUMMARY:Spring\\n  recess|DTSTART;VALUE=DATE:20270701"), CHICAGO
    )
    assert (rows[0].uid, rows[0].name, rows[0].starts_on) == (
        "x@house.example",
        "Spring recess",
        date(2027, 7, 1),
    )
