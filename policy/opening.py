"""Opening hours: written by people, read on the place's own clock. Pure: no database, no clock.

Days and times are kept as the place's own clock shows them and become moments only when somebody asks, so that
neither a change of the clocks nor one of a zone's rules leaves anything to mend.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import override

MIDNIGHT = time(0)
_DAY = timedelta(days=1)
# Longer than any gap between two openings of a week.
_AHEAD = 8
# What is open for longer has no gap in its week, not even in one that a change of the clocks makes longer.
NEVER_CLOSES_AFTER = timedelta(days=7, hours=12)
_ALWAYS = {"24/7", "24/7/365"}
_DASH = re.compile(r"\s*[-–—]\s*|\s+to\s+")
_LINE = re.compile(r"(?P<days>[^\d]*[^\d\s:,])[\s:,]+(?P<times>\d.*)")
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d\d))?")


class Span(NamedTuple):
    """From `opens` to `closes` on a weekday (Monday is 0); a `closes` that is not later is on the next day."""

    weekday: int
    opens: time
    closes: time


class BadHours(ValueError):
    """The hours can't be read; the message says what is wrong, and in which line."""


def zone_named(name: str) -> ZoneInfo | None:
    """The IANA time zone of this name; None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def read_hours(text: str) -> tuple[list[Span], bool]:
    """The hours of a text such as `Mon-Fri 18:00-08:00; Sat, Sun 00:00-24:00`, and whether they never end (`24/7`).

    Lines are parted by line breaks or semicolons. Days are English, or in the language that is active. Raises BadHours.
    """
    lines = [line.strip() for line in re.split(r"[;\n]", text) if line.strip()]
    if [line for line in lines if line in _ALWAYS]:
        if len(lines) > 1:
            raise BadHours(_("24/7 stands alone: no other hours can be added to it."))
        return [], True
    days = _day_names()
    spans = sorted(span for line in lines for span in _spans(line, days))
    _check_apart(spans)
    # They don't overlap, so that as many minutes as a week has leave none between them.
    whole_week = sum(end - start for start, end in map(_minutes, spans)) == 7 * 1440
    return ([], True) if whole_week else (spans, False)


def _day_names() -> dict[str, int]:
    """What each day may be called: its English names and those of the active language."""
    with override("en"):
        english = _names_now()
    return _names_now() | english


def _names_now() -> dict[str, int]:
    names = {str(name).lower().rstrip("."): day for day, name in WEEKDAYS_ABBR.items()}
    return names | {str(name).lower(): day for day, name in WEEKDAYS.items()}


def _spans(line: str, days: dict[str, int]) -> list[Span]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise BadHours(_("“%(line)s” is not like Mon-Fri 09:00-17:00.") % {"line": line[:60]})
    weekdays = _weekdays(match["days"], days)
    found = []
    for part in match["times"].split(","):
        ends = _DASH.split(part.strip())
        if len(ends) != 2:
            raise BadHours(_("“%(times)s” is not like 09:00-17:00.") % {"times": part.strip()[:60]})
        opens, closes = _time(ends[0]), _time(ends[1])
        if opens == closes and opens != MIDNIGHT:
            raise BadHours(_("“%(times)s” begins and ends at the same time.") % {"times": part.strip()[:60]})
        found += [Span(day, opens, closes) for day in weekdays]
    return found


def _weekdays(text: str, days: dict[str, int]) -> list[int]:
    if text.strip().lower() in {"daily", "every day"}:
        return list(range(7))
    found: list[int] = []
    for part in re.split(r"[,&]|\s+", _DASH.sub("-", text.strip().lower())):
        if not part:
            continue
        ends = [_day(word, days) for word in part.split("-")]
        if len(ends) > 2:
            raise BadHours(_("“%(days)s” is not like Mon-Fri.") % {"days": part[:60]})
        last = ends[-1] if ends[-1] >= ends[0] else ends[-1] + 7
        found += [day % 7 for day in range(ends[0], last + 1)]
    return found


def _day(word: str, days: dict[str, int]) -> int:
    day = days.get(word.rstrip(".:"))
    if day is None:
        raise BadHours(_("“%(word)s” is no day of the week.") % {"word": word[:60]})
    return day


def _time(text: str) -> time:
    match = _TIME.fullmatch(text.strip())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 99)
    if (hour, minute) == (24, 0):
        return MIDNIGHT
    if hour > 23 or minute > 59:
        raise BadHours(_("“%(text)s” is no time of a day like 09:00.") % {"text": text.strip()[:60]})
    return time(hour, minute)


def _check_apart(spans: Sequence[Span]) -> None:
    """Raises BadHours where two of a week's spans overlap."""
    minutes = sorted(_minutes(span) for span in spans)
    following = [start for start, _end in [*minutes[1:], *minutes[:1]]]
    if following:
        following[-1] += 7 * 1440
    if any(end > start for (_start, end), start in zip(minutes, following, strict=True)):
        raise BadHours(_("Two of these hours overlap."))


def _minutes(span: Span) -> tuple[int, int]:
    start = span.weekday * 1440 + span.opens.hour * 60 + span.opens.minute
    length = (span.closes.hour * 60 + span.closes.minute) - (span.opens.hour * 60 + span.opens.minute)
    return start, start + (length if length > 0 else length + 1440)


def hours_in_words(spans: Iterable[Span], separator: str = "; ") -> str:
    """The hours as people write them, days with the same hours together; `read_hours` reads it back."""
    by_day: dict[int, str] = {}
    for span in sorted(spans):
        closes = "24:00" if span.closes == MIDNIGHT else f"{span.closes:%H:%M}"
        said = f"{span.opens:%H:%M}–{closes}"
        by_day[span.weekday] = f"{by_day[span.weekday]}, {said}" if span.weekday in by_day else said
    groups: list[tuple[int, int, str]] = []
    for day, said in sorted(by_day.items()):
        if groups and groups[-1][1] == day - 1 and groups[-1][2] == said:
            groups[-1] = (groups[-1][0], day, said)
        else:
            groups.append((day, day, said))
    return separator.join(f"{_days_in_words(first, last)} {said}" for first, last, said in groups)


def _days_in_words(first: int, last: int) -> str:
    begin, end = str(WEEKDAYS_ABBR[first]), str(WEEKDAYS_ABBR[last])
    return begin if first == last else f"{begin}–{end}"


def open_until(spans: Sequence[Span], zone: ZoneInfo, at: datetime) -> datetime | None:
    """When a place that is open at `at` (aware) closes, in UTC; None when it is closed."""
    return next((end for start, end in _stretches(spans, zone, at) if start <= at < end), None)


def opens_next(spans: Sequence[Span], zone: ZoneInfo, at: datetime) -> datetime | None:
    """When a place opens next after `at` (aware), in UTC; None when it has no hours."""
    return next((start for start, _end in _stretches(spans, zone, at) if start > at), None)


def _stretches(spans: Sequence[Span], zone: ZoneInfo, at: datetime) -> list[tuple[datetime, datetime]]:
    """Open time from yesterday to a week ahead, those that touch joined.

    A time that the clocks skip is read as by the clock before the change, one that comes twice as the first: so the
    night of a change is as long as it really is, and two spans that meet at a skipped midnight still meet.
    """
    first = at.astimezone(zone).date() - _DAY
    found = []
    for ahead in range(_AHEAD + 2):
        on = first + ahead * _DAY
        for span in spans:
            if span.weekday == on.weekday():
                ends_on = on if span.closes > span.opens else on + _DAY
                start = datetime.combine(on, span.opens, zone).astimezone(UTC)
                found.append((start, datetime.combine(ends_on, span.closes, zone).astimezone(UTC)))
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
