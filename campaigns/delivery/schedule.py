"""Waiting letters → a moment for each: inside the office's hours, never above a rate, before the deadline.

Pure: the same input gives the same plan, so a rehearsal shows what sending will do. The unit is the clock
hour (UTC), for which the rates hold. Of an hour that is only partly open, or partly over when the plan
starts, letters get no more than that part of the rate: a late start never bursts.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from campaigns.delivery.fill import Fill, Rates, Usage
from campaigns.delivery.hours import UnknownZone, Window, closes_at, is_open, moment_at, next_open
from campaigns.delivery.lanes import Waiting, lanes_of

__all__ = [
    "Planned",
    "Rates",
    "Summary",
    "UnknownZone",
    "Unplanned",
    "Usage",
    "Waiting",
    "Window",
    "by_hour",
    "closes_at",
    "is_open",
    "next_open",
    "plan",
    "summary",
]


class Unplanned(TextChoices):
    """Why a letter got no moment."""

    NO_HOURS = "no_hours", _("the office has no open hours before the deadline")
    FULL = "full", _("the hourly rates leave no room before the deadline")
    UNKNOWN_ZONE = "unknown_zone", _("the office's time zone is not known")


@dataclass(frozen=True, slots=True)
class Planned:
    """A letter's moment in UTC, or (a value of Unplanned) the reason why it has none before the deadline."""

    letter_id: UUID
    at: datetime | None
    reason: str = ""
    office_key: str = ""


@dataclass(frozen=True)
class Summary:
    """A plan in numbers: by clock hour; by office with its last moment; what found no room."""

    by_hour: list[tuple[datetime, int]]
    by_office: list[tuple[str, int, datetime]]
    last_at: datetime | None
    unplanned: dict[str, int]
    overloaded: list[str]


def plan(
    waiting: Iterable[Waiting],
    window: Window,
    rates: Rates,
    *,
    start: datetime,
    deadline: datetime,
    used: Usage,
    seed: str = "",
) -> list[Planned]:
    """A moment in [start, deadline) for every letter that fits, in the order the letters were given in.

    Offices take turns. When that leaves letters over, offices with the least time left go first instead,
    and the fuller of the two plans is given. The seed scatters letters within their hours, always the same way.
    """
    letters = list(waiting)
    lanes = lanes_of(letters, seed)
    placed = Fill(lanes, window, rates, start, deadline, used).run(urgent_first=False)
    if len(placed.moments) < len(letters):
        second = Fill(lanes, window, rates, start, deadline, used).run(urgent_first=True)
        placed = max(placed, second, key=lambda fill: len(fill.moments))  # the first when they are equal
    moments = {index: moment_at(at) for index, at in placed.moments.items()}
    return [
        Planned(
            letter.letter_id,
            moments.get(i),
            "" if i in moments else _reason(placed, letter),
            letter.office_key,
        )
        for i, letter in enumerate(letters)
    ]


def summary(planned: Iterable[Planned]) -> Summary:
    """The plan in numbers; an office is overloaded when the rates left some of its letters out."""
    offices: dict[str, list[datetime]] = {}
    unplanned: Counter[str] = Counter()
    overloaded = set()
    for letter in planned:
        if letter.at is None:
            unplanned[letter.reason] += 1
            if letter.reason == Unplanned.FULL:
                overloaded.add(letter.office_key)
            continue
        offices.setdefault(letter.office_key, []).append(letter.at)
    return Summary(
        by_hour=by_hour(at for times in offices.values() for at in times),
        by_office=sorted((office, len(times), max(times)) for office, times in offices.items()),
        last_at=max((max(times) for times in offices.values()), default=None),
        unplanned=dict(unplanned),
        overloaded=sorted(overloaded),
    )


def by_hour(moments: Iterable[datetime]) -> list[tuple[datetime, int]]:
    """How many letters leave in each clock hour, in order."""
    return sorted(Counter(at.replace(minute=0, second=0, microsecond=0) for at in moments).items())


def _reason(fill: Fill, letter: Waiting) -> str:
    if letter.zone in fill.unknown:
        return Unplanned.UNKNOWN_ZONE
    return Unplanned.FULL if (letter.zone, letter.closed) in fill.opened else Unplanned.NO_HOURS
