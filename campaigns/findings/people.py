"""People of a campaign: when they signed, where they came from, where they live. Tests are never in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.findings.table import Column, Kind, Table, share
from campaigns.models import Campaign, Pledge, PledgeState, TallyKind
from campaigns.page_views import OTHER_SOURCES
from campaigns.tallies import sums


@dataclass(frozen=True)
class Views:
    """Openings of the campaign's page by day (on its organisation's clock) and source code."""

    counts: Mapping[tuple[date, str], int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def first_day(self) -> date | None:
        """Since when they are counted."""
        return min((day for day, _source in self.counts), default=None)

    @property
    def are_crowded(self) -> bool:
        """Whether there were more codes on some day than are counted by name: what a code has is then its least."""
        return any(source == OTHER_SOURCES for _day, source in self.counts)

    def by_day(self) -> Counter[date]:
        found: Counter[date] = Counter()
        for (day, _source), n in self.counts.items():
            found[day] += n
        return found

    def by_source(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for (_day, source), n in self.counts.items():
            found[source] += n
        return found


def views_of(campaign: Campaign) -> Views:
    counts = {}
    for key, n in sums(TallyKind.VIEWS, [campaign.pk]):
        day, _space, source = key.partition(" ")
        counts[date.fromisoformat(day), source] = n
    return Views(counts)


@dataclass(frozen=True)
class Source:
    """Who signed by links with one code; `since_views` are those who signed since views are counted."""

    code: str
    signed: int
    confirmed: int
    since_views: int


def sources_of(campaign: Campaign, views: Views) -> list[Source]:
    """Each source of signatures, those with most people first."""
    since = Q(pk__in=[]) if views.first_day is None else Q(signed_at__gte=_begin(views.first_day))
    rows = (
        Pledge.objects.filter(campaign=campaign, is_test=False)
        .order_by()
        .values("source")
        .annotate(
            signed=Count("pk"),
            confirmed=Count("pk", filter=Q(state=PledgeState.CONFIRMED)),
            since_views=Count("pk", filter=since),
        )
    )
    found = [Source(row["source"], row["signed"], row["confirmed"], row["since_views"]) for row in rows]
    return sorted(found, key=lambda one: (-one.confirmed, -one.signed, one.code))


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def source_name(code: str) -> str:
    """A source in words."""
    if code == OTHER_SOURCES:
        return _("Other codes")
    return code or _("No code in the link")


def days_table(signed: Sequence[tuple[date, int]], views: Views) -> Table:
    """People confirmed by day, newest day first, and what it was all together by its evening."""
    people, seen, since = dict(signed), views.by_day(), views.first_day
    total, rows = 0, []
    for day in sorted({*people, *seen}):
        total += people.get(day, 0)
        is_counted = since is not None and day >= since
        rows.append((day, seen[day] if is_counted else None, people.get(day, 0), total))
    return Table(
        "days",
        _("People by day"),
        (
            Column(_("Day"), Kind.DAY),
            Column(_("Views")),
            Column(_("People confirmed")),
            Column(_("Altogether")),
        ),
        rows[::-1],
    )


def sources_table(sources: Sequence[Source], views: Views) -> Table:
    seen = views.by_source()
    known = {source.code for source in sources}
    unsigned = sorted((code for code in seen if code not in known), key=lambda code: (-seen[code], code))
    every = [*sources, *(Source(code, 0, 0, 0) for code in unsigned)]
    return Table(
        "sources",
        _("Where people came from"),
        (
            Column(_("Source"), Kind.TEXT),
            Column(_("Views")),
            Column(pgettext("a count", "Signed")),
            Column(pgettext("a count", "Confirmed")),
            Column(_("Of those who signed"), Kind.PERCENT),
        ),
        [
            (
                source_name(one.code),
                _seen(one.code, views, seen),
                one.signed,
                one.confirmed,
                share(one.confirmed, one.signed),
            )
            for one in every
        ],
    )


def _seen(code: str, views: Views, seen: Mapping[str, int]) -> int | None:
    """The views of a code; None where they may be among those of other codes."""
    if not views.counts or (views.are_crowded and not seen[code]):
        return None
    return seen[code]


def places_table(places: Mapping[UUID, tuple[str, int]]) -> Table:
    """People by district, most first."""
    people = sum(n for _name, n in places.values())
    rows = sorted(places.values(), key=lambda row: (-row[1], row[0]))
    return Table(
        "places",
        _("People by district"),
        (
            Column(_("District"), Kind.TEXT),
            Column(_("People")),
            Column(pgettext("part of all", "Share"), Kind.PERCENT),
        ),
        [(name, n, share(n, people)) for name, n in rows],
    )
