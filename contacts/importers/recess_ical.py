"""An iCalendar file (RFC 5545) → days off, in the zone where the chamber sits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contacts.importers.rows import BadRow, FilesMissing

MOST_BYTES = 1_000_000
MOST_ENTRIES = 2000
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class RecessRow:
    """First and last day off (both included), with the calendar's own name of the entry."""

    uid: str
    starts_on: date
    ends_on: date
    name: str


def read_recesses(data: bytes, zone: ZoneInfo, words: str = "") -> tuple[list[RecessRow], list[BadRow]]:
    """Entries of a calendar whose title contains `words`, and those that can't be used, with why.

    Raises FilesMissing when the file is no calendar. An entry's end is the moment or day after its last
    (RFC 5545, 3.6.1); moments are read on the clock of `zone`.
    """
    rows, bad = [], []
    for number, entry in enumerate(_entries(data), start=1):
        name = " ".join(str(entry.get("SUMMARY", "")).split())
        if words.casefold() not in name.casefold():
            continue
        try:
            rows.append(_row(entry, name, zone))
        except OverflowError:
            bad.append(BadRow(f"entry {number}", f"{name[:60]}: its days can't be read"))
        except ValueError as fault:
            bad.append(BadRow(f"entry {number}", f"{name[:60] or 'without a title'}: {fault}"))
    return rows, bad


def _entries(data: bytes) -> list[Any]:
    # Loaded when somebody imports a calendar.
    import icalendar

    if len(data) > MOST_BYTES:
        raise FilesMissing("the file is larger than a calendar should be (1 MB)")
    try:
        calendar = icalendar.Calendar.from_ical(data)
        entries = list(calendar.walk("VEVENT"))
    except (ValueError, IndexError, KeyError, RecursionError) as fault:
        raise FilesMissing("this is no iCalendar file") from fault
    if len(entries) > MOST_ENTRIES:
        raise FilesMissing("the calendar has more than 2,000 entries")
    return entries


def _row(entry: Any, name: str, zone: ZoneInfo) -> RecessRow:
    """Raises ValueError with what is wrong with the entry."""
    if not name:
        raise ValueError("has no title")
    if entry.get("RRULE") or entry.get("RDATE"):
        raise ValueError("repeats; enter its days by hand")
    begin = _value(entry, "DTSTART")
    if begin is None:
        raise ValueError("has no first day")
    end = _value(entry, "DTEND")
    if end is None:
        duration = _value(entry, "DURATION")
        if isinstance(duration, timedelta):
            end = begin + duration
        else:
            end = begin if isinstance(begin, datetime) else begin + timedelta(days=1)
    first, after = _day(begin, zone), _day(end, zone)
    # A day that the entry only touches by ending at its midnight is not one of its days.
    ends_at_midnight = not isinstance(end, datetime) or _local(end, zone).time().isoformat() == "00:00:00"
    last = after - timedelta(days=1) if ends_at_midnight and after > first else after
    if last < first:
        raise ValueError("ends before it begins")
    if last - first > LONGEST:
        raise ValueError("is longer than a year")
    return RecessRow(str(entry.get("UID", ""))[:255], first, last, name[:120])


def _value(entry: Any, key: str) -> Any:
    """A property's value as a date, a datetime or a duration; None without it. Raises ValueError on others."""
    if key not in entry:
        return None
    try:
        value = entry[key].dt
    except (AttributeError, ValueError) as fault:  # named twice, or not of its form
        raise ValueError(f"{key} can't be read") from fault
    if not isinstance(value, date | timedelta):
        raise ValueError(f"{key} can't be read")
    return value


def _local(value: datetime, zone: ZoneInfo) -> datetime:
    """A moment on the zone's clock; one without a zone is on it already."""
    return value.astimezone(zone) if value.tzinfo else value


def _day(value: date, zone: ZoneInfo) -> date:
    return _local(value, zone).date() if isinstance(value, datetime) else value
