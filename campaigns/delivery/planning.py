"""When each letter of a drive leaves. The rehearsal and the sending both come from here."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncHour

from campaigns.delivery.addressees import Addressee, resolve
from campaigns.delivery.days_off import DaysOff
from campaigns.delivery.routes import ROUTES
from campaigns.delivery.schedule import Planned, Rates, Usage, Waiting, Window, plan
from campaigns.models import ChannelName, Drive, DriveState, Letter, LetterState
from contacts.clock import now
from contacts.models import Post

# A planned moment that passed this long ago was missed, because nothing ran: it is planned anew.
MISSED_AFTER = timedelta(minutes=10)
# Plans are made in portions, so that one tick of a huge drive stays short.
PORTION = 5000
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
    return Rates(
        per_office_per_hour=drive.per_office_hour,
        per_domain_per_hour=drive.per_domain_hour,
        per_site_per_hour=drive.per_site_hour,
    )


def used_since(start: datetime) -> Usage:
    """What offices, domains and the whole installation have been sent or promised, by clock hour from `start` on.

    Letters that left count in the hour they were queued, planned ones in the hour of their moment. Those that
    can't go (their note says why) are looked at again now and then, which is no promise.
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
            .only(*PLANNED_BY)
            .select_related("pledge")
            .order_by("not_before", "pk")[:PORTION]
        )
        if waiting:
            planned += _store(waiting, drive, at)
    return planned


def _store(letters: list[Letter], drive: Drive, at: datetime) -> int:
    addressees = resolve(posts_of(letters), drive.campaign, at.date())
    planned = plan_letters(letters, addressees, drive, DaysOff(drive), at, used_since(at))
    moments = {p.letter_id: p.at for p in planned}
    for letter in letters:
        who = addressees[letter.post_id]
        way = None if letter.is_test else who.way_for(letter.pledge)
        letter.channel = way.channel if way else ChannelName.EMAIL
        letter.domain = way.domain if way else ""
        letter.note = who.problem_for(letter)[:200]
        # Tests, what people carry, and letters that can't go yet, are looked at right away; what fits no hour
        # waits for its deadline.
        at_once = way is None or letter.note or not way.route.is_timed
        letter.send_after = at if at_once else moments.get(letter.pk) or drive.ends_at
    Letter.objects.bulk_update(letters, ["send_after", "channel", "domain", "note"], batch_size=500)
    return len(letters)


def posts_of(letters: Iterable[Letter]) -> list[Post]:
    """The posts of letters, each once, with all that finding their offices and days off asks for."""
    whole = Post.objects.select_related("chamber__jurisdiction__division", "division")
    return list(whole.filter(pk__in={letter.post_id for letter in letters}))


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
        way = None if letter.is_test or who.problem else who.way_for(letter.pledge)
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


def withdraw_promises(used: Usage, letters: Iterable[Letter]) -> None:
    """Take letters' earlier promises out of what is used: a rehearsal plans them again."""
    for letter in letters:
        if letter.send_after is None or letter.note:
            continue
        hour = letter.send_after.replace(minute=0, second=0, microsecond=0)
        _less(used.offices, (str(letter.post_id), hour))
        _less(used.domains, (letter.domain, hour))
        _less(used.site, hour)


K = TypeVar("K")


def _less(counts: dict[K, int], key: K) -> None:
    if counts.get(key):
        counts[key] -= 1
