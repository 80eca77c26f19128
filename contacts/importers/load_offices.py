"""Offices and contact points from rows, set-wise; what is no longer listed is retired and keeps its history."""

from uuid import UUID

from contacts.clock import now
from contacts.importers.difference import Difference, Endings, set_values
from contacts.importers.load_places import BATCH
from contacts.importers.rows import Source
from contacts.models import ContactPoint, Health, Legislator, Office

NO_LONGER_LISTED = "no longer listed"

# (office, kind, value)
Key = tuple[UUID, str, str]


def save_offices(
    source: Source, people: dict[tuple[str, str], Legislator], endings: Endings, difference: Difference
) -> None:
    """Store offices, then what reaches them. A contact point that people added by hand is left alone."""
    listed = _save_offices(source, people, difference)
    offices = {office.pk for office, _ in listed.values()}
    existing: dict[Key, ContactPoint] = {
        (point.office_id, point.kind, point.value): point
        for point in ContactPoint.objects.filter(office__source=source.scope).select_related(
            "office__legislator"
        )
        if point.source == source.scope or point.office_id in offices
    }
    changed = []
    for key, point in existing.items():
        if key in listed:
            # One that failed or was asked off the list stays as it is, whatever a file says.
            if point.health == Health.RETIRED and point.health_reason == NO_LONGER_LISTED:
                _turn(point, Health.OK, "listed again")
                changed.append(point)
                difference.update(f"{point.kind} of {point.office.legislator.name}, listed again")
        elif point.source == source.scope and point.health != Health.RETIRED and endings.allowed:
            _turn(point, Health.RETIRED, NO_LONGER_LISTED)
            changed.append(point)
            difference.end(f"{point.kind} of {point.office.legislator.name}")
    ContactPoint.objects.bulk_update(
        changed, ["health", "health_reason", "health_changed_at"], batch_size=BATCH
    )
    new = []
    for key, (office, name) in listed.items():
        if key not in existing:
            new.append(ContactPoint(office=office, kind=key[1], value=key[2], source=source.scope))
            difference.create(f"{key[1]} of {name}")
    ContactPoint.objects.bulk_create(new, batch_size=BATCH)


def _save_offices(
    source: Source, people: dict[tuple[str, str], Legislator], difference: Difference
) -> dict[Key, tuple[Office, str]]:
    """Store offices; gives the contact points that the source lists, each with its office and person's name."""
    known = {
        (office.legislator_id, office.key): office
        for office in Office.objects.filter(legislator__in={person.pk for person in people.values()})
    }
    new: list[Office] = []
    changed: list[Office] = []
    listed: dict[Key, tuple[Office, str]] = {}
    for row in source.people:
        person = people[row.identifiers[0]]
        for office_row in row.offices:
            what = f"office {office_row.name or office_row.key} of {row.name}"
            values = {"kind": office_row.kind, "name": office_row.name, "source": source.scope}
            office = known.get((person.pk, office_row.key))
            if office is None:
                office = Office(
                    legislator=person, key=office_row.key, time_zone=office_row.time_zone, **values
                )
                new.append(office)
                difference.create(what)
            else:
                # A zone may have been corrected by hand; it is filled in, never changed.
                zone = {} if office.time_zone else {"time_zone": office_row.time_zone}
                if set_values(office, values | zone):
                    changed.append(office)
                    difference.update(what)
            for kind, value in office_row.points:
                listed[office.pk, kind, value] = (office, row.name)
    Office.objects.bulk_create(new, batch_size=BATCH)
    Office.objects.bulk_update(changed, ["kind", "name", "source", "time_zone"], batch_size=BATCH)
    return listed


def _turn(point: ContactPoint, health: Health, reason: str) -> None:
    point.health, point.health_reason, point.health_changed_at = health, reason, now()
