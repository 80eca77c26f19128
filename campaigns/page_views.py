"""How often a campaign's page is opened, by day and source: no cookie, and nothing of who opens it is kept.

A process counts in its memory and writes every few seconds, from a thread of its own, strokes of a tally that are
folded like all others. So opening a page waits for nothing and is not held up by signing; what a process has counted
and not written when it stops, a few seconds' worth, is lost.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from threading import Lock, Timer
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest

from campaigns.delivery.hours import zone_or_utc
from campaigns.models import Campaign, CampaignState, Tally, TallyKind
from campaigns.sources import clean_code
from contacts.clock import now

log = logging.getLogger(__name__)

# Sources of one campaign counted by name in a day: anybody may type any number of them. The rest are one number.
MOST_SOURCES = 200
# No code looks like this.
OTHER_SOURCES = "*"
# Counts that a process holds at most until it writes them.
_MOST_HELD = 5_000
# What calls itself a program, and not the telephones called Cubot. Many don't say it: a view is an opening, no person.
_PROGRAM = re.compile(
    r"(?<!cu)bot(?![a-z])|crawl|spider|slurp|preview|facebookexternalhit|monitor|headless|curl|wget|python|java/|go-http|"
    r"okhttp|libwww|scrapy|feed",
    re.IGNORECASE,
)

_held: Counter[tuple[UUID, str]] = Counter()
_lock = Lock()
_is_waiting = False


def viewed(campaign_id: UUID, source: str, request: HttpRequest) -> None:
    """Somebody opened a campaign's page; programs that say so, and pages only fetched ahead, don't count."""
    global _is_waiting  # one buffer for each process
    if request.method != "GET" or _is_program(request):
        return
    code = clean_code(source[:40])  # as the form of the page takes it
    with _lock:
        if (campaign_id, code) not in _held and len(_held) >= _MOST_HELD:
            code = OTHER_SOURCES
        _held[campaign_id, code] += 1
        must_start = not _is_waiting and settings.PAGE_VIEWS_EVERY > 0
        _is_waiting = _is_waiting or must_start
    if must_start:
        clock = Timer(settings.PAGE_VIEWS_EVERY, _write_in_thread)
        clock.daemon = True
        clock.start()


def _is_program(request: HttpRequest) -> bool:
    agent = request.headers.get("User-Agent", "")
    ahead = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    return not agent or bool(_PROGRAM.search(agent)) or "prefetch" in ahead.lower()


def _write_in_thread() -> None:
    global _is_waiting
    with _lock:
        _is_waiting = False
    try:
        write()
    except DatabaseError:
        log.warning("views of campaign pages could not be written, and are lost", exc_info=True)
    finally:
        connection.close()  # the thread's own, and it ends here


def write() -> int:
    """Write what this process has counted since; gives how many views. Of campaigns that are open and no tests."""
    with _lock:
        counts = dict(_held)
        _held.clear()
    if not counts:
        return 0
    days = _days({campaign for campaign, _code in counts})
    named = _named(days)
    strokes: Counter[tuple[UUID, str]] = Counter()
    for (campaign, code), n in counts.items():
        if campaign not in days:
            continue
        known = named[campaign]
        if code and code not in known:
            if len(known) < MOST_SOURCES:
                known.add(code)
            else:
                code = OTHER_SOURCES
        strokes[campaign, key_of(days[campaign], code)] += n
    Tally.objects.bulk_create(
        Tally(owner=owner, kind=TallyKind.VIEWS, key=key, n=n) for (owner, key), n in strokes.items()
    )
    return strokes.total()


def forget() -> None:
    """Drop what this process has counted and not written."""
    with _lock:
        _held.clear()


def key_of(day: date, code: str) -> str:
    return f"{day.isoformat()} {code}".rstrip()


def _days(campaigns: Iterable[UUID]) -> dict[UUID, date]:
    """What day it is now for each campaign whose views count, on its organisation's clock."""
    counting = Campaign.objects.filter(pk__in=campaigns, state=CampaignState.OPEN, is_test=False)
    at = now()
    return {
        pk: at.astimezone(zone_or_utc(zone)).date()
        for pk, zone in counting.values_list("pk", "organization__time_zone")
    }


def _named(days: dict[UUID, date]) -> dict[UUID, set[str]]:
    """The sources that have a number of their own today."""
    found: dict[UUID, set[str]] = {campaign: set() for campaign in days}
    if not days:
        return found
    rows = Tally.objects.filter(
        owner__in=list(days), kind=TallyKind.VIEWS, key__gte=min(days.values()).isoformat()
    )
    for owner, key in rows.order_by().values_list("owner", "key").distinct():
        day, _space, code = key.partition(" ")
        if code and day == days[owner].isoformat():
            found[owner].add(code)
    return found
