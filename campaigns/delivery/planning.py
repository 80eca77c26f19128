"""When each letter of a drive leaves. The rehearsal and the sending both come from here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncHour

from campaigns.delivery.addressees import Addressee, resolve
from campaigns.delivery.schedule import Planned, Rates, Usage, Waiting, Window, by_hour, plan
from campaigns.models import Drive, DriveState, Letter, LetterState
from contacts.clock import now
from contacts.models import Post

# A planned moment that passed this long ago was missed, because nothing ran: it is planned anew.
MISSED_AFTER = timedelta(minutes=10)
# Plans are made in portions, so that one tick of a huge drive stays short.
PORTION = 5000


@dataclass(frozen=True)
class Rehearsal:
    """The whole plan of a drive as it would be if it started now (or at its start)."""

    planned: int
    by_hour: list[tuple[datetime, int]]
    by_office: list[tuple[str, int, datetime | None]]
    last_at: datetime | None
    deadline: datetime
    too_late: int
    without_contact: list[str]
    vacant: list[str]
    unmatched_supporters: int
    being_written: int
    moments: dict[UUID, datetime] = field(default_factory=dict)


def window_of(drive: Drive) -> Window:
    """The drive's hours and days, to be read in each office's own zone."""
    return Window(
        weekdays=frozenset(drive.weekdays), opens=drive.opens, closes=drive.closes, all_day=drive.all_day
    )


def rates_of(drive: Drive) -> Rates:
    return Rates(
        per_office_per_hour=drive.per_office_hour,
        per_domain_per_hour=drive.per_domain_hour,
        per_site_per_hour=drive.per_site_hour,
    )


def used_since(start: datetime) -> Usage:
    """What offices, domains and the whole installation have been sent or promised, by clock hour from `start` on.

    Letters that left count in the hour they were queued, planned ones in the hour of their moment.
    """
    hour = start.replace(minute=0, second=0, microsecond=0)
    offices: Counter[tuple[str, datetime]] = Counter()
    domains: Counter[tuple[str, datetime]] = Counter()
    site: Counter[datetime] = Counter()
    real = Letter.objects.filter(is_test=False)
    left = real.filter(queued_at__gte=hour).annotate(hour=TruncHour("queued_at", tzinfo=UTC))
    promised = real.filter(state=LetterState.READY, send_after__gte=hour).annotate(
        hour=TruncHour("send_after", tzinfo=UTC)
    )
    for letters in (left, promised):
        rows = letters.values("post", "domain", "hour").annotate(n=Count("pk")).order_by()
        for post, domain, when, n in rows.values_list("post", "domain", "hour", "n"):
            offices[(str(post), when)] += n
            domains[(domain, when)] += n
            site[when] += n
    return Usage(offices=dict(offices), domains=dict(domains), site=dict(site))


def plan_ready() -> int:
    """Give every ready letter of running drives its moment; gives how many were planned."""
    at = now()
    planned = 0
    for drive in Drive.objects.filter(state=DriveState.RUNNING).select_related("campaign__organization"):
        missed = Letter.objects.filter(
            drive=drive, state=LetterState.READY, send_after__lt=at - MISSED_AFTER, note=""
        )
        missed.update(send_after=None)
        waiting = list(
            Letter.objects.unplanned()
            .filter(drive=drive, not_before__lte=at)
            .select_related("post__chamber__jurisdiction", "post__division")
            .order_by("not_before", "pk")[:PORTION]
        )
        if waiting:
            planned += _store(waiting, drive, at)
    return planned


def _store(letters: list[Letter], drive: Drive, at: datetime) -> int:
    addressees = resolve({letter.post for letter in letters}, drive.campaign, at.date())
    moments = {p.letter_id: p.at for p in _plan(letters, addressees, drive, at, used_since(at))}
    for letter in letters:
        who = addressees[letter.post_id]
        letter.domain = who.domain
        letter.note = str(who.problem)[:200]
        # Tests, and letters that can't go yet, are looked at right away; what fits no hour waits for its deadline.
        letter.send_after = at if letter.is_test or who.problem else moments.get(letter.pk) or drive.ends_at
    Letter.objects.bulk_update(letters, ["send_after", "domain", "note"], batch_size=500)
    return len(letters)


def _plan(
    letters: Iterable[Letter], addressees: dict[UUID, Addressee], drive: Drive, start: datetime, used: Usage
) -> list[Planned]:
    waiting = [
        Waiting(letter_id=letter.pk, office_key=str(letter.post_id), domain=who.domain, zone=who.zone)
        for letter in letters
        if not letter.is_test and not (who := addressees[letter.post_id]).problem
    ]
    return plan(waiting, window_of(drive), rates_of(drive), start=start, deadline=drive.ends_at, used=used)


def rehearse(drive: Drive) -> Rehearsal:
    """The plan of everything that waits in a drive, hour by hour; nothing is changed."""
    at = now()
    start = max(at, drive.starts_at)
    letters = list(
        Letter.objects.filter(drive=drive, is_test=False, state__in=[LetterState.READY, LetterState.DRAFT])
        .select_related("post__chamber__jurisdiction", "post__division")
        .order_by("not_before", "pk")
    )
    ready = [letter for letter in letters if letter.state == LetterState.READY]
    posts: dict[UUID, Post] = {letter.post_id: letter.post for letter in letters}
    addressees = resolve(list(posts.values()), drive.campaign, start.date())
    used = used_since(start)
    _forget(used, ready)
    planned = _plan(ready, addressees, drive, start, used)
    moments = {p.letter_id: p.at for p in planned if p.at is not None}

    per_post: dict[UUID, list[datetime]] = {}
    for letter in ready:
        if letter.pk in moments:
            per_post.setdefault(letter.post_id, []).append(moments[letter.pk])
    return Rehearsal(
        planned=len(moments),
        by_hour=by_hour(moments),
        by_office=sorted((_label(addressees[pk]), len(times), max(times)) for pk, times in per_post.items()),
        last_at=max(moments.values(), default=None),
        deadline=drive.ends_at,
        too_late=sum(p.at is None for p in planned),
        without_contact=sorted(_label(w) for w in addressees.values() if w.legislator and w.problem),
        vacant=sorted(_label(w) for w in addressees.values() if w.legislator is None),
        unmatched_supporters=_unmatched(drive),
        being_written=len(letters) - len(ready),
        moments=moments,
    )


def _forget(used: Usage, letters: list[Letter]) -> None:
    """Take the drive's own earlier promises out of what is used: a rehearsal plans them again."""
    for letter in letters:
        if letter.send_after is None:
            continue
        hour = letter.send_after.replace(minute=0, second=0, microsecond=0)
        _less(used.offices, (str(letter.post_id), hour))
        _less(used.domains, (letter.domain, hour))
        _less(used.site, hour)


K = TypeVar("K")


def _less(counts: dict[K, int], key: K) -> None:
    if counts.get(key):
        counts[key] -= 1


def _label(who: Addressee) -> str:
    return f"{who.post.role} {who.legislator.name}" if who.legislator else who.post.label


def _unmatched(drive: Drive) -> int:
    """Confirmed pledges for which no representative was found."""
    return drive.campaign.pledges.counted().filter(~Q(letters__drive=drive)).count()
