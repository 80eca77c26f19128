"""The whole plan of a drive before it starts, by the functions that plan the sending."""

from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from campaigns.delivery.addressees import Addressee, resolve
from campaigns.delivery.days_off import DayOff, DaysOff
from campaigns.delivery.planning import PLANNED_BY, PORTION, plan_letters, posts_of, promise, used_since
from campaigns.delivery.schedule import Planned, Unplanned
from campaigns.models import ChannelName, Drive, Letter, LetterState, PledgeState
from contacts.clock import now, today
from contacts.models import Chamber

# Letters still open for changes are planned when that time is over: here in steps of this.
LATER = timedelta(minutes=15)
# In test mode, letters that went to the organizer already are planned too: what became of them tells nothing of a plan.
_TESTS = [
    LetterState.READY,
    LetterState.DRAFT,
    LetterState.QUEUED,
    LetterState.DEFERRED,
    LetterState.UNCERTAIN,
    LetterState.HELD,
    *Letter.LEAVING,
    *Letter.ACCEPTED,
]
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
    """The whole plan of a drive as it would be if it started now (or at its start).

    `of_tests`: the campaign is in test mode, and its test letters are planned as if they were real.
    """

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
    of_tests: bool = False
    # By letter; only when it was asked for.
    moments: dict[UUID, datetime] = field(default_factory=dict)

    @property
    def overloaded(self) -> list[OfficePlan]:
        return [office for office in self.by_office if office.is_overloaded]

    @property
    def reasons_in_words(self) -> list[tuple[str, int]]:
        """Why letters find no moment, most frequent first."""
        most_first = sorted(self.reasons.items(), key=lambda reason: (-reason[1], reason[0]))
        return [(str(Unplanned(reason).label), n) for reason, n in most_first]


def rehearse(drive: Drive, *, with_moments: bool = False) -> Rehearsal:
    """The plan of everything that waits in a drive, hour by hour and office by office; nothing is changed.

    In test mode the test letters are planned as if they were real; in fact they go to the organizer at once. Letters
    come in portions and are counted, not kept, unless the moment of each is asked for: what a rehearsal takes does
    not grow with the drive.
    """
    start = max(now(), drive.starts_at)
    of_tests = drive.campaign.is_test
    waiting = Letter.objects.filter(
        drive=drive,
        is_test=of_tests,
        state__in=_TESTS if of_tests else [LetterState.READY, LetterState.DRAFT],
    )
    states = waiting.order_by().values_list("post", "state").annotate(Count("pk"))
    letters: Counter[str] = Counter()
    post_ids = set()
    for post_id, state, count in states:
        letters[state] += count
        post_ids.add(post_id)
    posts = posts_of(post_ids)
    addressees = resolve(posts, drive.campaign, start.date())
    days_off = DaysOff(drive)
    used = used_since(start, but_of=drive)
    tally = _Tally(addressees, with_moments=with_moments)
    ready = waiting.exclude(state=LetterState.DRAFT).only(*PLANNED_BY).select_related("pledge")
    for begins, portion in _portions(ready.order_by("not_before", "pk").iterator(PORTION), start):
        for letter in portion:
            _take_for_real(letter)
        made = plan_letters(portion, addressees, drive, days_off, begins, used)
        promise(used, made, _domains(portion, addressees))
        tally.add(portion, made)
    return Rehearsal(
        planned=tally.by_hour.total(),
        start=start,
        by_hour=sorted(tally.by_hour.items()),
        by_office=tally.offices(drive),
        last_at=max(tally.last_at.values(), default=None),
        deadline=drive.ends_at,
        too_late=tally.reasons.total(),
        reasons=dict(tally.reasons),
        without_contact=sorted(_label(w) for w in addressees.values() if w.legislator and w.problem),
        by_hand=sorted(tally.by_hand.items()),
        lacking_details=tally.lacking_details,
        vacant=sorted(_label(w) for w in addressees.values() if w.legislator is None),
        unmatched_supporters=_unmatched(drive, of_tests=of_tests),
        being_written=letters[LetterState.DRAFT],
        stuck=tally.stuck,
        days_off=_named(days_off, {post.chamber for post in posts}),
        of_tests=of_tests,
        moments=tally.moments,
    )


def way_of_today(letter: Letter) -> ChannelName | None:
    """How a letter would go today, a test as if it were real; None where it could not go."""
    who = resolve(posts_of([letter.post_id]), letter.pledge.campaign, today())[letter.post_id]
    way = None if who.problem else who.way_of(_take_for_real(copy(letter)))
    return ChannelName(way.channel) if way else None


def _take_for_real(letter: Letter) -> Letter:
    """A test planned as a real letter: here, not in the database."""
    letter.is_test = False
    return letter


def _portions(ready: Iterable[Letter], start: datetime) -> Iterator[tuple[datetime, list[Letter]]]:
    """The letters as ticks would plan them: in portions, from the start or when their writers' time is over."""

    def begins(letter: Letter) -> datetime:
        late = letter.not_before - start
        return start + -(-late // LATER) * LATER if late > timedelta() else start

    for at, group in groupby(ready, key=begins):
        while portion := list(islice(group, PORTION)):
            yield at, portion


class _Tally:
    """What a plan comes to, portion by portion."""

    def __init__(self, addressees: dict[UUID, Addressee], *, with_moments: bool) -> None:
        self.addressees, self.with_moments = addressees, with_moments
        self.moments: dict[UUID, datetime] = {}
        self.by_hour: Counter[datetime] = Counter()
        self.by_office: dict[UUID, Counter[datetime]] = {}
        self.last_at: dict[UUID, datetime] = {}
        self.left_over: Counter[UUID] = Counter()
        self.full: set[UUID] = set()
        self.reasons: Counter[str] = Counter()
        self.by_hand: Counter[str] = Counter()
        self.stuck = self.lacking_details = 0

    def add(self, letters: Iterable[Letter], planned: Iterable[Planned]) -> None:
        for letter in letters:
            who = self.addressees[letter.post_id]
            way = None if who.problem else who.way_of(letter)
            if who.problem:
                self.stuck += 1
            elif way is None:
                self.lacking_details += 1
            elif not way.route.is_timed:  # people carry it: it keeps no hours and no rates
                self.by_hand[str(ChannelName(way.channel).label)] += 1
        for made in planned:
            office = UUID(made.office_key)
            hours = self.by_office.setdefault(office, Counter())
            if made.at is None:
                self.left_over[office] += 1
                self.reasons[made.reason] += 1
                if made.reason == Unplanned.FULL:
                    self.full.add(office)
                continue
            if self.with_moments:
                self.moments[made.letter_id] = made.at
            hour = made.at.replace(minute=0, second=0, microsecond=0)
            hours[hour] += 1
            self.by_hour[hour] += 1
            self.last_at[office] = max(made.at, self.last_at.get(office, made.at))

    def offices(self, drive: Drive) -> list[OfficePlan]:
        most = drive.per_office_hour * WORKING_DAY_HOURS
        plans = [
            OfficePlan(
                label=_label(self.addressees[office]),
                zone=self.addressees[office].zone,
                by_hour=sorted(hours.items()),
                last_at=self.last_at.get(office),
                too_late=self.left_over[office],
                is_overloaded=office in self.full or hours.total() > most,
            )
            for office, hours in self.by_office.items()
        ]
        return sorted(plans, key=lambda office: office.label)


def _domains(letters: Iterable[Letter], addressees: dict[UUID, Addressee]) -> dict[UUID, str]:
    """The mail domain of each letter that can go."""
    ways = ((letter.pk, addressees[letter.post_id].way_of(letter)) for letter in letters)
    return {pk: way.domain for pk, way in ways if way}


def _named(days_off: DaysOff, chambers: set[Chamber]) -> list[tuple[str, list[DayOff]]]:
    """Chambers with the days on which their offices get nothing."""
    found = ((chamber.name, days_off.named(chamber)) for chamber in sorted(chambers, key=lambda c: c.name))
    return [(name, days) for name, days in found if days]


def _label(who: Addressee) -> str:
    return who.post.called(who.legislator)


def _unmatched(drive: Drive, *, of_tests: bool) -> int:
    """Confirmed pledges for which no representative was found."""
    confirmed = drive.campaign.pledges.filter(state=PledgeState.CONFIRMED, is_test=of_tests)
    return confirmed.filter(~Q(letters__drive=drive)).count()


def as_data(plan: Rehearsal) -> dict[str, Any]:
    """The rehearsal as plain values, for programs; letters themselves are not named."""
    return {
        "planned": plan.planned,
        "too_late": plan.too_late,
        "reasons": [{"reason": str(reason), "letters": n} for reason, n in plan.reasons.items()],
        "being_written": plan.being_written,
        "stuck": plan.stuck,
        "unmatched_supporters": plan.unmatched_supporters,
        "of_tests": plan.of_tests,
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
