"""The whole plan of a drive before it starts, by the functions that plan the sending."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q

from campaigns.delivery.addressees import Addressee, resolve
from campaigns.delivery.days_off import DayOff, DaysOff
from campaigns.delivery.planning import (
    PLANNED_BY,
    PORTION,
    plan_letters,
    posts_of,
    promise,
    used_since,
    withdraw_promises,
)
from campaigns.delivery.schedule import Planned, Unplanned, by_hour
from campaigns.models import ChannelName, Drive, Letter, LetterState
from contacts.clock import now
from contacts.models import Chamber

# Letters still open for changes are planned when that time is over: here in steps of this.
LATER = timedelta(minutes=15)
# An office that gets letters at its full rate for longer than this is overloaded.
WORKING_DAY_HOURS = 8


@dataclass(frozen=True)
class OfficePlan:
    """What one office would get: its letters by hour, its last letter, and how many would find no room."""

    label: str
    zone: str
    by_hour: list[tuple[datetime, int]]
    last_at: datetime | None
    too_late: int
    is_overloaded: bool

    @property
    def letters(self) -> int:
        return sum(n for _hour, n in self.by_hour)

    @property
    def busiest(self) -> tuple[datetime, int] | None:
        """The hour with the most letters, the first of several."""
        return max(self.by_hour, key=lambda hour: hour[1], default=None)


@dataclass(frozen=True)
class Rehearsal:
    """The whole plan of a drive as it would be if it started now (or at its start)."""

    planned: int
    start: datetime
    by_hour: list[tuple[datetime, int]]
    by_office: list[OfficePlan]
    last_at: datetime | None
    deadline: datetime
    too_late: int
    reasons: dict[str, int]
    without_contact: list[str]
    by_hand: list[tuple[str, int]]
    lacking_details: int
    vacant: list[str]
    unmatched_supporters: int
    being_written: int
    # Ready, but to an office that nothing reaches or a seat that nobody holds.
    stuck: int
    days_off: list[tuple[str, list[DayOff]]]
    moments: dict[UUID, datetime] = field(default_factory=dict)

    @property
    def overloaded(self) -> list[OfficePlan]:
        return [office for office in self.by_office if office.is_overloaded]

    @property
    def reasons_in_words(self) -> list[tuple[str, int]]:
        """Why letters find no moment, most frequent first."""
        most_first = sorted(self.reasons.items(), key=lambda reason: (-reason[1], reason[0]))
        return [(str(Unplanned(reason).label), n) for reason, n in most_first]


def rehearse(drive: Drive) -> Rehearsal:
    """The plan of everything that waits in a drive, hour by hour and office by office; nothing is changed."""
    start = max(now(), drive.starts_at)
    letters = list(
        Letter.objects.filter(drive=drive, is_test=False, state__in=[LetterState.READY, LetterState.DRAFT])
        .only(*PLANNED_BY)
        .select_related("pledge")
        .order_by("not_before", "pk")
    )
    ready = [letter for letter in letters if letter.state == LetterState.READY]
    posts = posts_of(letters)
    addressees = resolve(posts, drive.campaign, start.date())
    days_off = DaysOff(drive)
    used = used_since(start)
    withdraw_promises(used, ready)
    planned: list[Planned] = []
    for begins, portion in _portions(ready, start):
        made = plan_letters(portion, addressees, drive, days_off, begins, used)
        promise(used, made, _domains(portion, addressees))
        planned += made
    moments = {p.letter_id: p.at for p in planned if p.at is not None}
    return Rehearsal(
        planned=len(moments),
        start=start,
        by_hour=by_hour(moments.values()),
        by_office=_offices(planned, {str(pk): who for pk, who in addressees.items()}, drive),
        last_at=max(moments.values(), default=None),
        deadline=drive.ends_at,
        too_late=len(planned) - len(moments),
        reasons=dict(Counter(p.reason for p in planned if p.at is None)),
        without_contact=sorted(_label(w) for w in addressees.values() if w.legislator and w.problem),
        by_hand=_by_hand(ready, addressees),
        lacking_details=sum(
            not who.problem and who.way_for(letter.pledge) is None
            for letter in ready
            if (who := addressees[letter.post_id])
        ),
        vacant=sorted(_label(w) for w in addressees.values() if w.legislator is None),
        unmatched_supporters=_unmatched(drive),
        being_written=len(letters) - len(ready),
        stuck=sum(bool(addressees[letter.post_id].problem) for letter in ready),
        days_off=_named(days_off, {post.chamber for post in posts}),
        moments=moments,
    )


def _portions(ready: Sequence[Letter], start: datetime) -> Iterator[tuple[datetime, list[Letter]]]:
    """The letters as ticks would plan them: in portions, from the start or when their writers' time is over."""

    def begins(letter: Letter) -> datetime:
        late = letter.not_before - start
        return start + -(-late // LATER) * LATER if late > timedelta() else start

    for at, group in groupby(ready, key=begins):
        together = list(group)
        for first in range(0, len(together), PORTION):
            yield at, together[first : first + PORTION]


def _offices(planned: Sequence[Planned], addressees: dict[str, Addressee], drive: Drive) -> list[OfficePlan]:
    moments: dict[str, list[datetime]] = {}
    left_over: Counter[str] = Counter()
    full: set[str] = set()
    for letter in planned:
        if letter.at is not None:
            moments.setdefault(letter.office_key, []).append(letter.at)
            continue
        moments.setdefault(letter.office_key, [])
        left_over[letter.office_key] += 1
        if letter.reason == Unplanned.FULL:
            full.add(letter.office_key)
    most = drive.per_office_hour * WORKING_DAY_HOURS
    offices = [
        OfficePlan(
            label=_label(addressees[office]),
            zone=addressees[office].zone,
            by_hour=by_hour(times),
            last_at=max(times, default=None),
            too_late=left_over[office],
            is_overloaded=office in full or len(times) > most,
        )
        for office, times in moments.items()
    ]
    return sorted(offices, key=lambda office: office.label)


def _domains(letters: Iterable[Letter], addressees: dict[UUID, Addressee]) -> dict[UUID, str]:
    """The mail domain of each letter that can go."""
    ways = ((letter.pk, addressees[letter.post_id].way_for(letter.pledge)) for letter in letters)
    return {pk: way.domain for pk, way in ways if way}


def _by_hand(letters: Iterable[Letter], addressees: dict[UUID, Addressee]) -> list[tuple[str, int]]:
    """Letters that people carry, by channel: they keep no hours and no rates."""
    counts: Counter[str] = Counter()
    for letter in letters:
        who = addressees[letter.post_id]
        way = None if who.problem else who.way_for(letter.pledge)
        if way is not None and not way.route.is_timed:
            counts[str(ChannelName(way.channel).label)] += 1
    return sorted(counts.items())


def _named(days_off: DaysOff, chambers: set[Chamber]) -> list[tuple[str, list[DayOff]]]:
    """Chambers with the days on which their offices get nothing."""
    found = ((chamber.name, days_off.named(chamber)) for chamber in sorted(chambers, key=lambda c: c.name))
    return [(name, days) for name, days in found if days]


def _label(who: Addressee) -> str:
    return f"{who.post.role} {who.legislator.name}" if who.legislator else who.post.label


def _unmatched(drive: Drive) -> int:
    """Confirmed pledges for which no representative was found."""
    return drive.campaign.pledges.counted().filter(~Q(letters__drive=drive)).count()


def as_data(plan: Rehearsal) -> dict[str, Any]:
    """The rehearsal as plain values, for programs; letters themselves are not named."""
    return {
        "planned": plan.planned,
        "too_late": plan.too_late,
        "reasons": [{"reason": str(reason), "letters": n} for reason, n in plan.reasons.items()],
        "being_written": plan.being_written,
        "stuck": plan.stuck,
        "unmatched_supporters": plan.unmatched_supporters,
        "start": plan.start,
        "last_at": plan.last_at,
        "deadline": plan.deadline,
        "by_hour": _hour_rows(plan.by_hour),
        "by_office": [
            {
                "office": office.label,
                "zone": office.zone,
                "letters": office.letters,
                "by_hour": _hour_rows(office.by_hour),
                "last_at": office.last_at,
                "too_late": office.too_late,
                "overloaded": office.is_overloaded,
            }
            for office in plan.by_office
        ],
        "without_contact": plan.without_contact,
        "by_hand": [{"channel": channel, "letters": n} for channel, n in plan.by_hand],
        "lacking_details": plan.lacking_details,
        "vacant": plan.vacant,
        "days_off": [
            {"chamber": chamber, "days": [asdict(day) for day in days]} for chamber, days in plan.days_off
        ],
    }


def _hour_rows(hours: list[tuple[datetime, int]]) -> list[dict[str, Any]]:
    return [{"hour": hour, "letters": n} for hour, n in hours]
