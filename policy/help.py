"""Who helps whom, where and when: the resources a page may show, and the search among them.

Nothing of a search is kept: it is an argument, read once, and neither stored, cached nor logged.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from contacts.ancestry import Parents, parents_of, upwards
from contacts.clock import now, today
from contacts.models import Division, Organization
from policy.languages import items, keys_of
from policy.models import Resource, ResourceKind
from policy.opening import NEVER_CLOSES_AFTER, hours_in_words, open_until, opens_next, zone_named

# The ways a resource may be reached: name -> the field that has its number or address.
CHANNELS = {"phone": "phone", "text": "text_number", "chat": "chat", "visit": "address"}
_KINDS = list(ResourceKind.values)


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty means all. `places` are those they may be in."""

    places: frozenset[UUID] = frozenset()
    language: str = ""
    audience: str = ""
    channel: str = ""
    is_free: bool = False
    is_open: bool = False


@dataclass(frozen=True)
class Entry:
    """A resource at one moment."""

    resource: Resource
    at: datetime

    @cached_property
    def _open_until(self) -> datetime | None:
        return open_until(self.resource.spans, self.resource.zone, self.at)

    @property
    def is_always_open(self) -> bool:
        until = self._open_until
        return self.resource.is_always_open or (until is not None and until - self.at > NEVER_CLOSES_AFTER)

    @cached_property
    def closes_at(self) -> datetime | None:
        """When it closes, if it is open now and ever closes; what its own clock shows then (naive)."""
        return None if self.is_always_open else self._on_its_clock(self._open_until)

    @property
    def closes_soon(self) -> bool:
        """Whether it closes today or in the small hours that follow, so that the time alone says when."""
        return self.closes_at is not None and (self.closes_at - timedelta(hours=6)).date() <= self._today

    @cached_property
    def opens_at(self) -> datetime | None:
        """When it opens next, if it is closed now; what its own clock shows then (naive)."""
        if self.is_open:
            return None
        return self._on_its_clock(opens_next(self.resource.spans, self.resource.zone, self.at))

    @property
    def _today(self) -> date:
        return self.at.astimezone(self.resource.zone).date()

    def _on_its_clock(self, moment: datetime | None) -> datetime | None:
        # Without its zone: pages would turn it to the reader's clock.
        return moment and moment.astimezone(self.resource.zone).replace(tzinfo=None)

    @property
    def opens_today(self) -> bool:
        return self.opens_at is not None and self.opens_at.date() == self._today

    @property
    def is_open(self) -> bool:
        return self.is_always_open or self.closes_at is not None

    @property
    def hours(self) -> str:
        return hours_in_words(self.resource.spans)

    @property
    def clock(self) -> str:
        """Whose clock its hours are on: the city of its time zone."""
        return self.resource.time_zone.rpartition("/")[2].replace("_", " ")

    @property
    def languages(self) -> list[str]:
        return list(keys_of(self.resource.languages).values())

    @property
    def audience(self) -> list[str]:
        return items(self.resource.audience)


@dataclass(frozen=True)
class Found:
    """What a search gives. Emergencies come first and are always there."""

    emergencies: list[Entry]
    entries: list[Entry]


def day_of(organization: Organization) -> date:
    """The day it is where an organisation works; nothing of it is verified later than that."""
    return today(organization.time_zone if zone_named(organization.time_zone) else "UTC")


def shown_resources(organization: Organization) -> list[Resource]:
    """Everything an organisation may show today, with places and hours, in two queries."""
    shown = organization.resources.shown(day_of(organization), organization.resource_days)
    return list(shown.select_related("division").prefetch_related("opening").order_by("name", "pk"))


def organizations_that_help() -> list[Organization]:
    """Those with anything to show today, in a few queries: one for each day and age that organisations have."""
    organizations = list(Organization.objects.all())
    alike: dict[tuple[date, int], list[UUID]] = {}
    for one in organizations:
        alike.setdefault((day_of(one), one.resource_days), []).append(one.pk)
    helping: set[UUID] = set()
    for (on, days), members in alike.items():
        shown = Resource.objects.shown(on, days).filter(organization__in=members)
        helping |= set(shown.order_by().values_list("organization_id", flat=True).distinct())
    return [one for one in organizations if one.pk in helping]


def has_help(organization: Organization) -> bool:
    """Whether there is anything it may show today."""
    return organization.resources.shown(day_of(organization), organization.resource_days).exists()


def find_help(resources: Sequence[Resource], wanted: Wanted, at: datetime | None = None) -> Found:
    """Those of an organisation's resources that fit: open ones first, then the nearest, helplines before services.

    Emergency numbers of other places are left out only while one of the searcher's own place or of everywhere is there.
    """
    at = at or now()
    near = _Near(resources, wanted.places)
    urgent = [row for row in resources if row.is_emergency]
    own = [row for row in urgent if near.rank(row) is not None]
    others = [row for row in resources if not row.is_emergency and near.rank(row) is not None]
    entries = [Entry(row, at) for row in others if _fits(row, wanted)]
    if wanted.is_open:
        entries = [entry for entry in entries if entry.is_open]
    entries.sort(key=lambda e: (not e.is_open, near.rank(e.resource), _order(e.resource)))
    emergencies = sorted(own or urgent, key=lambda row: (near.rank(row) or 0, _order(row)))
    return Found([Entry(row, at) for row in emergencies], entries)


def _order(resource: Resource) -> tuple[int, str]:
    return _KINDS.index(resource.kind), resource.name.casefold()


def _fits(resource: Resource, wanted: Wanted) -> bool:
    """Whether language, people, way to reach it and cost are those asked for."""
    return (
        (not wanted.language or wanted.language in keys_of(resource.languages))
        and (not wanted.audience or wanted.audience in audiences_of([resource]) or not resource.audience)
        and (not wanted.channel or bool(getattr(resource, CHANNELS[wanted.channel])))
        and (not wanted.is_free or resource.cost == "free")
    )


def audiences_of(resources: Iterable[Resource]) -> dict[str, str]:
    """For whom some resources are, by name; those that name nobody are for everybody."""
    found = {item.casefold(): item for row in resources for item in items(row.audience)}
    return dict(sorted(found.items()))


def places_of(resources: Iterable[Resource]) -> list[Division]:
    """The places that some resources are for, by name."""
    found = {row.division.pk: row.division for row in resources if row.division}
    return sorted(found.values(), key=lambda place: (place.name, place.ocd_id))


class _Near:
    """How near resources are to places somebody may be in.

    A postal code may be known by its district alone, and help by its county: neither lies in the other, and they may
    overlap. What is of another kind beside a place is therefore shown, last.
    """

    _EVERYWHERE = 99
    _BESIDE = 100

    def __init__(self, resources: Sequence[Resource], places: Collection[UUID]) -> None:
        self.places = places
        self.parents: Parents = {}
        self.kinds: dict[UUID, str] = {}
        if places:
            named = {row.division_id for row in resources if row.division_id}
            self.parents = parents_of(named | set(places))
            ocd_ids = Division.objects.filter(pk__in=self.parents).values_list("pk", "ocd_id")
            self.kinds = {pk: ocd_id.rpartition("/")[2].partition(":")[0] for pk, ocd_id in ocd_ids}
        self.paths = [upwards(place, self.parents) for place in places]

    def rank(self, resource: Resource) -> int | None:
        """0 in one of these places, more for wider ones, everywhere and beside them; None for elsewhere."""
        if not self.places:
            return 0
        if resource.division_id is None:
            return self._EVERYWHERE
        inside = upwards(resource.division_id, self.parents)
        if any(place in inside for place in self.places):
            return 0
        around = [path.index(resource.division_id) for path in self.paths if resource.division_id in path]
        beside = [self._BESIDE for path in self.paths if self._is_beside(inside, path)]
        return min(around + beside, default=None)

    def _is_beside(self, inside: Sequence[UUID], path: Sequence[UUID]) -> bool:
        """Whether the ways up part into places of two kinds, such as a county and a district of one state."""
        meet = next((place for place in inside if place in path), None)
        if meet is None or meet in (inside[0], path[0]):
            return False
        return self.kinds[inside[inside.index(meet) - 1]] != self.kinds[path[path.index(meet) - 1]]
