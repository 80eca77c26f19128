"""How many letters may be claimed now for a contact point, a mail domain and the whole site, kept in the database.

The plan spreads letters so that no rate is passed; this holds when reality departs from the plan: a relay that was
away for hours, tries again, a drive that is resumed, many workers. Each key is one moment, `busy_until`: a letter
claimed moves it on by its share of an hour, and nothing is claimed while it lies ahead (a generic cell rate algorithm).

A drive's rates count, and the operator's ceilings where those are lower. Test letters count for nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from campaigns.delivery.schedule import Rates
from campaigns.delivery.setwise import update_each
from campaigns.models import Letter, Throttle, ThrottleKind

HOUR = timedelta(hours=1)
# An office's letters are planned at an even pace. After a standstill it gets a part of an hour's worth at once, and at
# least three: a planned letter may be early by its pace, and be claimed some seconds late.
OFFICE_BURST, LEAST_BURST = 4, 3
# A domain's and the site's come from many offices that may all open in the same minute, so they are counted as the
# plan counts them, by the clock hour. Letters planned for its last seconds are claimed in the next: a little more fits.
ROOM_FOR_LATE = 50
# The highest rate that the API takes stands for no rate: not worth a row and a lock.
NO_LIMIT = 1_000_000

# An office's room grows in steps of so many seconds: what is throttled leaves in small windows, not one by one.
STEP_SECONDS = 10

Key = tuple[str, str]


class Candidate(NamedTuple):
    """A queued letter that a claim looks at, and what its rates hang on."""

    pk: UUID
    crash_count: int
    is_test: bool
    recipient: str
    domain: str
    drive__per_office_hour: int
    drive__per_domain_hour: int
    drive__per_site_hour: int


def ceiling(rates: Rates) -> Rates:
    """A drive's rates, none above what the operator allows; the plan and the claim go by the same."""
    return Rates(
        per_office_per_hour=_lower(rates.per_office_per_hour, settings.THROTTLE_OFFICE_HOUR),
        per_domain_per_hour=_lower(rates.per_domain_per_hour, settings.THROTTLE_DOMAIN_HOUR),
        per_site_per_hour=_lower(rates.per_site_per_hour, settings.THROTTLE_SITE_HOUR),
    )


def _lower(rate: int, most: int) -> int:
    return min(rate, most) if most else rate


def open_to(letters: QuerySet[Letter], at: datetime) -> QuerySet[Letter]:
    """Those of the letters that the throttle leaves room for at the moment, each by itself."""
    step, hour = _step(at), _hour(at)
    busy = Throttle.objects
    room = Q(is_test=True) | (
        ~Exists(busy.filter(kind=ThrottleKind.SITE, name="", busy_until__gt=hour))
        & ~Exists(busy.filter(kind=ThrottleKind.DOMAIN, name=OuterRef("domain"), busy_until__gt=hour))
        & ~Exists(busy.filter(kind=ThrottleKind.OFFICE, name=OuterRef("recipient"), busy_until__gt=step))
    )
    letters = letters.filter(room)
    return letters.exclude(domain__in=_crowded()) if settings.SMTP_WINDOWS_PER_DOMAIN else letters


def _crowded() -> QuerySet[Letter, str]:
    """Domains to which as many windows of letters are leaving as may at a time."""
    leaving = Letter.objects.filter(state__in=Letter.LEAVING).exclude(domain="").values("domain")
    windows = leaving.annotate(windows=Count("lease_owner", distinct=True))
    return windows.filter(windows__gte=settings.SMTP_WINDOWS_PER_DOMAIN).values_list("domain", flat=True)


def admit(found: Sequence[Candidate], at: datetime) -> list[Candidate]:
    """Those of the candidates that may be claimed together, in their order; what they use is written down.

    Runs inside the claim's transaction. The rows of their keys are locked until it ends, in one order, so that
    all dispatchers together pass no rate: two statements a window, whatever its size.
    """
    wanted = {one.pk: list(_limits(one, at)) for one in found}
    rows = _locked({limit.key for limits in wanted.values() for limit in limits}, at)
    crowded = set(_crowded()) if settings.SMTP_WINDOWS_PER_DOMAIN else set()
    busy = {key: until for key, (_pk, until) in rows.items()}
    going = []
    for one in found:
        limits = wanted[one.pk]
        if one.domain in crowded or any(busy[limit.key] > limit.at for limit in limits):
            continue
        for limit in limits:
            busy[limit.key] = max(busy[limit.key], limit.at - limit.share * (limit.burst - 1)) + limit.share
        going.append(one)
    moved = [(busy[key], pk) for key, (pk, until) in rows.items() if busy[key] != until]
    update_each(Throttle, ["busy_until"], ["id"], moved)
    return going


class _Limit(NamedTuple):
    """What one letter takes of a key: its share of an hour, and how many may go at once after a standstill."""

    key: Key
    at: datetime
    share: timedelta
    burst: int


def _limits(letter: Candidate, at: datetime) -> Iterable[_Limit]:
    if letter.is_test:
        return
    rates = ceiling(
        Rates(letter.drive__per_office_hour, letter.drive__per_domain_hour, letter.drive__per_site_hour)
    )
    office = rates.per_office_per_hour
    if office < NO_LIMIT:
        key = (ThrottleKind.OFFICE.value, letter.recipient)
        yield _Limit(key, _step(at), HOUR / office, max(office // OFFICE_BURST, LEAST_BURST))
    for kind, name, rate in (
        (ThrottleKind.DOMAIN, letter.domain, rates.per_domain_per_hour),
        (ThrottleKind.SITE, "", rates.per_site_per_hour),
    ):
        most = rate + max(rate // ROOM_FOR_LATE, 1)
        if rate < NO_LIMIT:
            yield _Limit((kind.value, name), _hour(at), HOUR / most, most)
        elif kind == ThrottleKind.DOMAIN and settings.SMTP_WINDOWS_PER_DOMAIN:
            yield _Limit((kind.value, name), _hour(at), timedelta(), 1)  # locked for the count of windows


def _step(at: datetime) -> datetime:
    return at.replace(second=at.second // STEP_SECONDS * STEP_SECONDS, microsecond=0)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _locked(keys: set[Key], at: datetime) -> dict[Key, tuple[int, datetime]]:
    """The rows of the keys, locked in one order; those that are new are made first.

    Nothing is held while rows are made: two dispatchers that make each other's would wait for each other.
    """
    if not keys:
        return {}
    before = transaction.savepoint()
    rows = _lock(keys)
    missing = sorted(keys - rows.keys())
    if not missing:
        transaction.savepoint_commit(before)
        return rows
    transaction.savepoint_rollback(before)
    Throttle.objects.bulk_create(
        [Throttle(kind=kind, name=name, busy_until=at - 2 * HOUR) for kind, name in missing],
        ignore_conflicts=True,
    )
    return _lock(keys)


def _lock(keys: set[Key]) -> dict[Key, tuple[int, datetime]]:
    names: dict[str, list[str]] = {}
    for kind, name in keys:
        names.setdefault(kind, []).append(name)
    ours = Q()
    for kind, some in names.items():
        ours |= Q(kind=kind, name__in=some)
    rows = Throttle.objects.filter(ours).order_by("pk").select_for_update(no_key=True)
    return {
        (kind, name): (pk, until)
        for pk, kind, name, until in rows.values_list("pk", "kind", "name", "busy_until")
    }
