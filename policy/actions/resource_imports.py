from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from contacts.actions.organizations import record
from contacts.importers.difference import Difference, set_values
from contacts.importers.rows import BadRow, FilesMissing
from contacts.models import Division, Organization, User
from contacts.named_places import places_named
from policy.help import day_of
from policy.importers.resource_rows import FoundResources, ResourceRow
from policy.importers.resources_csv import read_csv
from policy.importers.resources_hsds import read_hsds
from policy.models import WAYS, OpeningHours, Resource, ResourceKind
from policy.opening import Span, zone_named

MOST_BYTES, MOST_ROWS = 20_000_000, 5_000
_AT_A_TIME = 500

READERS: dict[str, Callable[[bytes, str, date], FoundResources]] = {
    "csv": lambda data, name, on: read_csv(data, name, MOST_ROWS),
    "hsds": lambda data, name, on: read_hsds(data, name, MOST_ROWS, MOST_BYTES, on),
}


def read_resources(source: str, data: bytes, name: str, on: date) -> FoundResources:
    """The rows of a file of one of READERS, read on a day. Raises FilesMissing when it is no such file at all."""
    if len(data) > MOST_BYTES:
        raise FilesMissing(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.")
    return READERS[source](data, name, on)


@dataclass
class Change:
    """A row with the resource it makes or changes."""

    row: ResourceRow
    resource: Resource
    is_new: bool
    fields: list[str] = field(default_factory=list)
    spans: list[Span] | None = None

    def __str__(self) -> str:
        place = self.resource.division.name if self.resource.division else "everywhere"
        if self.is_new:
            return f"{self.resource.name} ({place})"
        return f"{self.resource.name} ({place}): {', '.join(self.fields)}"


@dataclass
class CheckedResources:
    """What a file would do, and all in it that can't be used."""

    changes: list[Change] = field(default_factory=list)
    same: int = 0
    bad: list[BadRow] = field(default_factory=list)

    def is_refused(self, skip_bad: bool) -> bool:
        """Whether it changes nothing: one bad row stops all of it, unless bad rows are to be left out."""
        return bool(self.bad) and not skip_bad


class _Check:
    """What rows would change, in a few queries; changes nothing. A file may be taken in again and again.

    A row is the resource with its id, or the only one with its name and place. `otherwise` is the place of services
    whose area is none that is known here.
    """

    def __init__(self, organization: Organization, otherwise: Division | None) -> None:
        self.organization, self.otherwise = organization, otherwise
        self.today = day_of(organization)
        self.by_id: dict[str, Resource] = {}
        self.by_name: dict[tuple[str, UUID | None], list[Resource]] = {}
        # Locked: whoever saves or verifies one meanwhile waits, and what they did before is read here.
        rows = Resource.objects.filter(organization=organization).order_by("pk")
        known = rows.select_for_update(of=("self",), no_key=True).select_related("division")
        for resource in known.prefetch_related("opening"):
            self.by_id[str(resource.pk)] = resource
            if resource.external_id:
                self.by_id[resource.external_id] = resource
            key = (resource.name.casefold(), resource.division_id)
            self.by_name.setdefault(key, []).append(resource)

    def of(self, found: FoundResources) -> CheckedResources:
        checked = CheckedResources(bad=list(found.bad))
        places = places_named({row.place for row in found.rows if row.place}, self.organization.country)
        seen: dict[object, str] = {}
        for row in found.rows:
            try:
                place = self._place(row, places)
                known = self._known(row, place)
                key = known.pk if known else _key_of(row, place)
                if key in seen:
                    raise _Unusable(f"the same as in {seen[key]}")
                change = self._change(row, known, place)
                seen[key] = row.where
            except _Unusable as fault:
                checked.bad.append(BadRow(row.where, str(fault)))
                continue
            if change.is_new or change.fields:
                checked.changes.append(change)
            else:
                checked.same += 1
        checked.bad.sort(key=lambda bad: _number(bad.where))
        return checked

    def _change(self, row: ResourceRow, known: Resource | None, place: Division | None) -> Change:
        # A copy: of a row that turns out to be unusable nothing may stay on what another row changes.
        # What a file of services calls nothing else is a service.
        resource = copy(known) or Resource(
            organization=self.organization, kind=ResourceKind.SERVICE, time_zone=self._zone(place)
        )
        values: dict[str, Any] = dict(row.values)
        if row.place is not None:
            values["division"] = place
        if row.external_id and row.external_id != str(resource.pk):
            values["external_id"] = row.external_id
        verified = values.get("verified_on")
        if verified is not None and verified > self.today:
            raise _Unusable(f"verified_on: {verified} has not come yet")
        if verified is not None and resource.verified_on is not None and resource.verified_on > verified:
            del values["verified_on"]  # somebody tried it here since
        before = {name: getattr(resource, name) for name in values}
        set_values(resource, values)
        change = Change(
            row, resource, known is None, [n for n, v in before.items() if getattr(resource, n) != v]
        )
        self._hours(change)
        if problem := _problem(resource):
            raise _Unusable(problem)
        return change

    def _hours(self, change: Change) -> None:
        spans = change.row.spans
        if spans is None:
            return
        if change.is_new or sorted(spans) != sorted(change.resource.spans):
            change.spans = spans
            change.fields.append("opening")

    def _place(self, row: ResourceRow, places: dict[str, list[Division]]) -> Division | None:
        if not row.place:
            return None
        named = places.get(row.place, [])
        if not named and self.otherwise is not None:
            return self.otherwise
        if not named:
            raise _Unusable(f"place: there is none called {row.place[:80]!r}")
        if len(named) > 1:
            raise _Unusable(
                f"place: {len(named)} are called {row.place!r}; write {named[0].ocd_id} or another"
            )
        return named[0]

    def _known(self, row: ResourceRow, place: Division | None) -> Resource | None:
        if row.external_id and row.external_id in self.by_id:
            return self.by_id[row.external_id]
        same = self.by_name.get((row.name.casefold(), place.pk if place else None), [])
        # One that came from elsewhere under another id is another one.
        same = [resource for resource in same if not (row.external_id and resource.external_id)]
        if len(same) > 1:
            raise _Unusable(f"name: {len(same)} are called {row.name!r} there; give the id of one")
        return same[0] if same else None

    def _zone(self, place: Division | None) -> str:
        zone = place.time_zone if place and place.time_zone else self.organization.time_zone
        return zone if zone_named(zone) else "UTC"


class _Unusable(ValueError):
    """A row can't be stored; the message says why."""


def _key_of(row: ResourceRow, place: Division | None) -> object:
    return row.external_id or (row.name.casefold(), place.pk if place else None)


def _number(where: str) -> tuple[int, ...]:
    """The line, and the service in it, for sorting."""
    digits = "".join(c if c.isdecimal() else " " for c in where.rpartition(":")[2]).split()
    return tuple(int(part) for part in digits)


def _problem(resource: Resource) -> str:
    """Why the database would refuse a resource; empty when it would not."""
    if not any(getattr(resource, way) for way in WAYS):
        return f"there is no way to reach it: one of {', '.join(WAYS)} is needed"
    if resource.text_words and not resource.text_number:
        return "text_words: there is no text_number for them"
    if resource.is_emergency and not resource.phone and not resource.text_number:
        return "emergency: people in danger need a phone or text_number"
    return ""


@transaction.atomic
def import_resources(
    *,
    organization: Organization,
    found: FoundResources,
    otherwise: Division | None = None,
    actor: User | None,
    skip_bad: bool = False,
    is_trial: bool = False,
) -> tuple[CheckedResources, Difference]:
    """Store what a file would change, all of it or nothing. A trial, and a file that is refused, only tell it.

    What the file does not name stays as it is. `otherwise` is the place of services whose area is none that is known
    here. Two imports of an organisation go one after the other.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    checked = _Check(organization, otherwise).of(found)
    difference, today = Difference(), day_of(organization)
    for change in checked.changes:
        change.resource.recorded_on = today
        (difference.create if change.is_new else difference.update)(str(change))
    if checked.changes and not is_trial and not checked.is_refused(skip_bad):
        _store(checked.changes)
        record(
            organization=organization,
            actor=actor,
            verb="import resources",
            obj=organization,
            added=difference.created,
            changed=difference.updated,
        )
    return checked, difference


def _store(changes: Sequence[Change]) -> None:
    new = [change.resource for change in changes if change.is_new]
    Resource.objects.bulk_create(new, batch_size=_AT_A_TIME)
    old: dict[frozenset[str], list[Resource]] = {}
    for change in changes:
        if not change.is_new:
            old.setdefault(frozenset(change.fields) - {"opening"}, []).append(change.resource)
    for names, resources in old.items():
        Resource.objects.bulk_update(resources, ["recorded_on", *sorted(names)], batch_size=_AT_A_TIME)
    timed = [change for change in changes if change.spans is not None]
    OpeningHours.objects.filter(resource__in=[c.resource.pk for c in timed if not c.is_new]).delete()
    OpeningHours.objects.bulk_create(
        [
            OpeningHours(resource=change.resource, weekday=day, opens=opens, closes=closes)
            for change in timed
            for day, opens, closes in change.spans or []
        ],
        batch_size=_AT_A_TIME,
    )
