"""When each letter of a drive leaves. The rehearsal and the sending both come from here."""

import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncHour

from campaigns.delivery.addressees import Addressee, resolve
from campaigns.delivery.days_off import DaysOff
from campaigns.delivery.routes import ROUTES
from campaigns.delivery.schedule import Planned, Rates, Usage, Waiting, Window, plan
from campaigns.delivery.setwise import update_each
from campaigns.delivery.throttle import ceiling
from campaigns.models import ChannelName, Drive, DriveState, Letter, LetterState
from contacts.clock import now
from contacts.models import Chamber, Post

# A planned moment that passed this long ago was missed, because nothing ran: it is planned anew.
MISSED_AFTER = timedelta(minutes=10)
# Plans are made in portions, and a tick makes no further one after so many seconds: it stays short in a huge drive.
PORTION = 5000
PLANNING_SECONDS = 4
# But counting what is promised already, once a tick, may take no more of it than planning does.
PLANNING_PER_COUNTING = 4
# All that a plan needs to know of a letter: a drive may have a hundred thousand.
PLANNED_BY = (
    "pk",
    "drive",
    "post",
    "pledge",
    "state",
    "not_before",
    "send_after",
    "channel",
    "domain",
    "note",
    "is_test",
    # Whether it goes in a bundle.
    "similarity",
    "subject",
    # What offices ask of a writer (Route.missing).
    "pledge__name",
    "pledge__prefix",
    "pledge__street",
    "pledge__city",
    "pledge__postal_code",
)


def window_of(drive: Drive) -> Window:
    """The drive's hours and days, to be read in each office's own zone."""
    return Window(
        weekdays=frozenset(drive.weekdays),
        opens=drive.opens,
        closes=drive.closes,
        starts_on=drive.starts_on,
        ends_on=drive.ends_on,
        all_day=drive.all_day,
        weights=tuple(drive.hour_weights),
    )


def rates_of(drive: Drive) -> Rates:
    return ceiling(Rates(drive.per_office_hour, drive.per_domain_hour, drive.per_site_hour))


def used_since(start: datetime, *, but_of: Drive | None = None) -> Usage:
    """What offices, domains and the whole installation have been sent or promised, by clock hour from `start` on.

    Letters that left count in the hour they were queued, planned ones in the hour of their moment; but not what is
    planned of the drive `but_of`, which a rehearsal plans again. Those that can't go (their note says why) are
    looked at again now and then, which is no promise.
    """
    hour = start.replace(minute=0, second=0, microsecond=0)
    offices: Counter[tuple[str, datetime]] = Counter()
    domains: Counter[tuple[str, datetime]] = Counter()
    site: Counter[datetime] = Counter()
    # What people carry fills nobody's inbox.
    real = Letter.objects.filter(
        is_test=False, channel__in=[name for name, r in ROUTES.items() if r.is_timed]
    )
    left = real.filter(queued_at__gte=hour).annotate(hour=TruncHour("queued_at", tzinfo=UTC))
    promised = real.filter(state=LetterState.READY, note="", send_after__gte=hour).annotate(
        hour=TruncHour("send_after", tzinfo=UTC)
    )
    if but_of is not None:
        promised = promised.exclude(drive=but_of)
    for letters in (left, promised):
        rows = letters.values("post", "domain", "hour").annotate(n=Count("pk")).order_by()
        for post, domain, when, n in rows.values_list("post", "domain", "hour", "n"):
            offices[(str(post), when)] += n
            domains[(domain, when)] += n
            site[when] += n
    return Usage(offices=dict(offices), domains=dict(domains), site=dict(site))


def plan_ready() -> int:
    """Give ready letters of running drives their moments, as many as a tick has time for; gives how many."""
    at, until = now(), time.monotonic() + PLANNING_SECONDS
    planned = 0
    used: Usage | None = None
    for drive in Drive.objects.filter(state=DriveState.RUNNING).select_related("campaign__organization"):
        missed = Letter.objects.filter(
            drive=drive, state=LetterState.READY, send_after__lt=at - MISSED_AFTER, note=""
        )
        missed.update(send_after=None)
        days_off = DaysOff(drive)
        while waiting := list(_unplanned(drive, at)):
            if used is None:
                # Counted once: what this tick promises is added as it goes.
                begun = time.monotonic()
                used = used_since(at)
                until += (time.monotonic() - begun) * PLANNING_PER_COUNTING
            planned += _store(waiting, drive, days_off, at, used)
            if time.monotonic() > until:
                return planned
            if len(waiting) < PORTION:
                break
    return planned


def _unplanned(drive: Drive, at: datetime) -> QuerySet[Letter]:
    """A portion of the drive's letters that need a moment, those whose writers were done first at the front."""
    letters = Letter.objects.unplanned().filter(drive=drive, not_before__lte=at)
    # None has a moment: naming it makes the order the index's, and a portion of a million takes no sorting.
    in_order = letters.order_by("send_after", "not_before", "pk")
    return in_order.only(*PLANNED_BY).select_related("pledge")[:PORTION]


def _store(letters: list[Letter], drive: Drive, days_off: DaysOff, at: datetime, used: Usage) -> int:
    addressees = resolve(posts_of({letter.post_id for letter in letters}), drive.campaign, at.date())
    planned = plan_letters(letters, addressees, drive, days_off, at, used)
    moments = {p.letter_id: p.at for p in planned}
    rows: list[tuple[object, ...]] = []
    domains: dict[UUID, str] = {}
    for letter in letters:
        who = addressees[letter.post_id]
        way = None if letter.is_test else who.way_of(letter)
        domain = domains[letter.pk] = way.domain if way else ""
        note = who.problem_for(letter)[:200]
        # Tests, what people carry, and letters that can't go yet, are looked at right away; what fits no hour
        # waits for its deadline.
        at_once = way is None or note or not way.route.is_timed
        send_after = at if at_once else moments.get(letter.pk) or drive.ends_at
        channel = way.channel if way else ChannelName.EMAIL
        rows.append((send_after, channel, domain, note, letter.pk, LetterState.READY))
    promise(used, planned, domains)
    for first in range(0, len(rows), 1000):
        _write(rows[first : first + 1000])
    return len(letters)


@transaction.atomic
def _write(rows: list[tuple[object, ...]]) -> None:
    # Locked in the order in which `move_many` locks: a plan and a cancellation never wait for each other in a circle.
    still = Letter.objects.filter(pk__among=[row[-2] for row in rows], state=LetterState.READY)
    list(still.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk"))
    update_each(Letter, ["send_after", "channel", "domain", "note"], ["id", "state"], rows)


def posts_of(ids: Iterable[UUID]) -> list[Post]:
    """Posts with all that finding their offices and days off asks for; the few chambers they share are read once."""
    posts = list(Post.objects.select_related("division").filter(pk__in=ids))
    chambers = Chamber.objects.select_related("jurisdiction__division").in_bulk({p.chamber_id for p in posts})
    for post in posts:
        post.chamber = chambers[post.chamber_id]
    return posts


def plan_letters(
    letters: Iterable[Letter],
    addressees: dict[UUID, Addressee],
    drive: Drive,
    days_off: DaysOff,
    start: datetime,
    used: Usage,
) -> list[Planned]:
    """Moments for those letters that can go by themselves: the one function behind sending and rehearsal."""
    waiting = []
    for letter in letters:
        who = addressees[letter.post_id]
        way = None if letter.is_test or who.problem else who.way_of(letter)
        if way is not None and way.route.is_timed:
            waiting.append(
                Waiting(
                    letter_id=letter.pk,
                    office_key=str(letter.post_id),
                    domain=way.domain,
                    zone=way.zone,
                    closed=days_off.of(who.post.chamber),
                )
            )
    return plan(
        waiting,
        window_of(drive),
        rates_of(drive),
        start=start,
        deadline=drive.ends_at,
        used=used,
        seed=str(drive.pk),
    )


def promise(used: Usage, planned: Iterable[Planned], domains: dict[UUID, str]) -> None:
    """Count planned letters as used, as `used_since` will once they are stored; mail domains by letter."""
    for letter in planned:
        if letter.at is not None:
            hour = letter.at.replace(minute=0, second=0, microsecond=0)
            office, domain = (letter.office_key, hour), (domains[letter.letter_id], hour)
            used.offices[office] = used.offices.get(office, 0) + 1
            used.domains[domain] = used.domains.get(domain, 0) + 1
            used.site[hour] = used.site.get(hour, 0) + 1
