"""The one upsert for every reader: rows in, differences counted, nothing deleted.

All or nothing: one transaction, undone for a dry run. A person, office or membership that the source no
longer names is ended or retired, never deleted; rows of other sources are left alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models, transaction

from contacts.clock import now
from contacts.importers.rows import ChamberRow, DivisionRow, JurisdictionRow, PersonRow, SeatRow, Source
from contacts.models import (
    Chamber,
    ContactPoint,
    Division,
    Health,
    Identifier,
    Jurisdiction,
    Legislator,
    Membership,
    Office,
    Post,
)

_BATCH = 500


@dataclass
class Difference:
    """What an import changes: how many rows, and each change in words."""

    created: int = 0
    updated: int = 0
    ended: int = 0
    lines: list[str] = field(default_factory=list)

    def create(self, what: str) -> None:
        self.created += 1
        self.lines.append(f"+ {what}")

    def update(self, what: str) -> None:
        self.updated += 1
        self.lines.append(f"~ {what}")

    def end(self, what: str) -> None:
        self.ended += 1
        self.lines.append(f"- {what}")


def load(source: Source, on: date) -> tuple[dict[str, int], Difference]:
    """Store a source; gives what it keeps in the database afterwards, counted, and what changed."""
    difference = Difference()
    with transaction.atomic():
        divisions = save_divisions(source.divisions, difference)
        jurisdiction = save_jurisdiction(source.jurisdiction, divisions, difference)
        chambers = save_chambers(source.chambers, jurisdiction, "", difference)
        people = _save_people(source.people, difference)
        posts = _PostsOfImport(source, chambers, divisions, people, difference)
        _save_seats(source, posts, people, on, difference)
        _save_committees(source, jurisdiction, chambers, people, on, difference)
        _save_offices(source, people, difference)
    return _counts(source), difference


def save_divisions(rows: Iterable[DivisionRow], difference: Difference) -> dict[str, Division]:
    """Divisions by OCD id, parents first."""
    wanted = {row.ocd_id: row for row in rows}
    found = {d.ocd_id: d for d in Division.objects.filter(ocd_id__in=_with_parents(wanted))}
    # A parent's id is shorter than its child's, so this order has parents first.
    for ocd_id in sorted(wanted, key=len):
        row = wanted[ocd_id]
        parent = found.get(row.parent)
        values = {"name": row.name, "level": row.level, "country": row.country, "parent": parent, "time_zone": row.time_zone}
        if ocd_id not in found:
            found[ocd_id] = Division.objects.create(ocd_id=ocd_id, **values)
            difference.create(f"division {row.name}")
        elif _changed(found[ocd_id], values):
            found[ocd_id].save(update_fields=list(values))
            difference.update(f"division {row.name}")
    return found


def _with_parents(wanted: dict[str, DivisionRow]) -> set[str]:
    return set(wanted) | {row.parent for row in wanted.values() if row.parent}


def save_jurisdiction(
    row: JurisdictionRow, divisions: dict[str, Division], difference: Difference
) -> Jurisdiction:
    division = divisions.get(row.division) or Division.objects.get(ocd_id=row.division)
    values = {"name": row.name, "division": division, "level": row.level}
    # The zone may have been corrected by hand since; it is set once.
    jurisdiction, is_new = Jurisdiction.objects.get_or_create(
        ocd_id=row.ocd_id, defaults={**values, "time_zone": row.time_zone}
    )
    if is_new:
        difference.create(f"jurisdiction {row.name}")
    elif _changed(jurisdiction, values):
        jurisdiction.save(update_fields=list(values))
        difference.update(f"jurisdiction {row.name}")
    return jurisdiction


def save_chambers(
    rows: Iterable[ChamberRow], jurisdiction: Jurisdiction, scope: str, difference: Difference
) -> dict[str, Chamber]:
    """Chambers (or committees) of a jurisdiction by code, parents first in `rows`."""
    found = {chamber.code: chamber for chamber in Chamber.objects.filter(jurisdiction=jurisdiction)}
    for row in rows:
        values = {"name": row.name, "kind": row.kind, "parent": found.get(row.parent), "source": scope, "ended_on": None}
        if row.code not in found:
            found[row.code] = Chamber.objects.create(jurisdiction=jurisdiction, code=row.code, **values)
            difference.create(f"{row.kind} {row.name}")
        elif _changed(found[row.code], values):
            found[row.code].save(update_fields=list(values))
            difference.update(f"{row.kind} {row.name}")
    return found


def _changed(row: models.Model, values: dict[str, Any]) -> bool:
    """Set `values` on a row; whether any differed."""
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _save_people(rows: list[PersonRow], difference: Difference) -> dict[tuple[str, str], Legislator]:
    """Legislators by the identifier that names them in this source."""
    known = _by_identifier({row.identifiers[0] for row in rows})
    new: list[Legislator] = []
    changed: list[Legislator] = []
    for row in rows:
        values = {
            "name": row.name,
            "given_name": row.given_name,
            "family_name": row.family_name,
            "photo_url": row.photo_url,
            "website": row.website,
        }
        person = known.get(row.identifiers[0])
        if person is None:
            person = known[row.identifiers[0]] = Legislator(**values)
            new.append(person)
            difference.create(f"legislator {row.name}")
        elif _changed(person, values):
            changed.append(person)
            difference.update(f"legislator {row.name}")
    Legislator.objects.bulk_create(new, batch_size=_BATCH)
    if changed:
        Legislator.objects.bulk_update(
            changed, ["name", "given_name", "family_name", "photo_url", "website"], batch_size=_BATCH
        )
    taken = set(Identifier.objects.values_list("scheme", "value"))
    fresh = [
        Identifier(legislator=known[row.identifiers[0]], scheme=scheme, value=value)
        for row in rows
        for scheme, value in row.identifiers
        if (scheme, value) not in taken and not taken.add((scheme, value))  # type: ignore[func-returns-value]
    ]
    Identifier.objects.bulk_create(fresh, batch_size=_BATCH)
    return known


def _by_identifier(keys: set[tuple[str, str]]) -> dict[tuple[str, str], Legislator]:
    schemes = {scheme for scheme, _ in keys}
    rows = Identifier.objects.filter(scheme__in=schemes).select_related("legislator")
    return {(row.scheme, row.value): row.legislator for row in rows if (row.scheme, row.value) in keys}


class _PostsOfImport:
    """Finds or makes the post of each seat row; where a source does not tell seats apart, a known holder keeps theirs."""

    def __init__(
        self,
        source: Source,
        chambers: dict[str, Chamber],
        divisions: dict[str, Division],
        people: dict[tuple[str, str], Legislator],
        difference: Difference,
    ) -> None:
        self.chambers, self.divisions, self.difference = chambers, divisions, difference
        self.posts: dict[tuple[UUID, UUID], list[Post]] = defaultdict(list)
        used = {chambers[seat.chamber].pk for person in source.people for seat in person.seats}
        for post in Post.objects.filter(chamber__in=used).order_by("seat"):
            self.posts[post.chamber_id, post.division_id].append(post)
        held = Membership.objects.filter(post__chamber__in=used, end_on__isnull=True)
        self.holds = {(m.legislator_id, m.post_id) for m in held}
        self.wanted = Counter((s.chamber, s.division) for p in source.people for s in p.seats if not s.seat)
        self.taken: set[UUID] = set()
        # Whoever holds a seat keeps it: their posts are taken before anyone else chooses.
        for row in source.people:
            person = people[row.identifiers[0]]
            for seat in row.seats:
                kept = self._kept(person, seat)
                if kept is not None:
                    self.taken.add(kept.pk)

    def _here(self, seat: SeatRow) -> list[Post]:
        return self.posts[self.chambers[seat.chamber].pk, self.divisions[seat.division].pk]

    def _kept(self, person: Legislator, seat: SeatRow) -> Post | None:
        return next((p for p in self._here(seat) if (person.pk, p.pk) in self.holds), None)

    def of(self, person: Legislator, seat: SeatRow) -> Post:
        here = self._here(seat)
        if seat.seat:
            post = next((p for p in here if p.seat == seat.seat), None)
            return post or self._new(seat, seat.seat)
        kept = self._kept(person, seat)
        if kept is not None:
            return kept
        free = next((p for p in here if p.pk not in self.taken), None)
        if free is None:
            many = self.wanted[seat.chamber, seat.division] > 1 or bool(here)
            free = self._new(seat, str(len(here) + 1) if many else "")
        self.taken.add(free.pk)
        return free

    def _new(self, seat: SeatRow, name: str) -> Post:
        label = f"{seat.label}, seat {name}" if name and not seat.seat else seat.label
        post = Post.objects.create(
            chamber=self.chambers[seat.chamber],
            division=self.divisions[seat.division],
            seat=name,
            role=seat.role,
            label=label,
        )
        self._here(seat).append(post)
        self.difference.create(f"post {label}")
        return post


def _save_seats(
    source: Source, posts: _PostsOfImport, people: dict[tuple[str, str], Legislator], on: date, difference: Difference
) -> None:
    """Memberships in posts: end who is no longer listed, then seat who is."""
    wanted: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for row in source.people:
        person = people[row.identifiers[0]]
        for seat in row.seats:
            post = posts.of(person, seat)
            wanted[person.pk, post.pk] = {
                "legislator": person,
                "post": post,
                "chamber": post.chamber,
                "role": seat.role,
                "party": seat.party,
                "start_on": seat.start_on,
                "term_ends_on": seat.term_ends_on,
            }
    seats = {post_id for _, post_id in wanted}
    open_rows = Membership.objects.filter(end_on__isnull=True, post__isnull=False).filter(
        models.Q(source=source.scope) | models.Q(post__in=seats)
    )
    _sync_memberships(list(open_rows.select_related("legislator", "post")), wanted, source.scope, on, difference)


def _sync_memberships(
    current: list[Membership],
    wanted: dict[tuple[UUID, UUID], dict[str, Any]],
    scope: str,
    on: date,
    difference: Difference,
) -> None:
    """Make the open memberships be the wanted ones; keys are (legislator, post or committee)."""
    known = {(m.legislator_id, m.post_id or m.chamber_id): m for m in current}
    gone = [m for key, m in known.items() if key not in wanted]
    for membership in gone:
        membership.end_on = max(on, membership.start_on or on)
        difference.end(f"{membership.legislator.name}, {membership.role}")
    Membership.objects.bulk_update(gone, ["end_on"], batch_size=_BATCH)
    new, changed = [], []
    for key, values in wanted.items():
        membership = known.get(key)
        if membership is None:
            new.append(Membership(source=scope, **values))
            difference.create(f"{values['legislator'].name}, {values['role'] or 'member'}")
        elif _changed(membership, {k: v for k, v in values.items() if k in _MUTABLE} | {"source": scope}):
            changed.append(membership)
            difference.update(f"{values['legislator'].name}, {values['role'] or 'member'}")
    Membership.objects.bulk_create(new, batch_size=_BATCH)
    Membership.objects.bulk_update(changed, [*_MUTABLE, "source"], batch_size=_BATCH)


_MUTABLE = ("role", "party", "start_on", "term_ends_on")


def _save_committees(
    source: Source,
    jurisdiction: Jurisdiction,
    chambers: dict[str, Chamber],
    people: dict[tuple[str, str], Legislator],
    on: date,
    difference: Difference,
) -> None:
    committees = save_chambers(source.committees, jurisdiction, source.scope, difference)
    listed = {row.code for row in source.committees}
    for chamber in committees.values():
        if chamber.source == source.scope and chamber.code not in listed and chamber.ended_on is None:
            chamber.ended_on = on
            chamber.save(update_fields=["ended_on"])
            difference.end(f"committee {chamber.name}")
    wanted = {}
    for row in source.committee_members:
        person, committee = people[row.person], committees[row.committee]
        wanted[person.pk, committee.pk] = {
            "legislator": person,
            "chamber": committee,
            "role": row.role,
            "party": "",
            "start_on": None,
            "term_ends_on": None,
        }
    current = Membership.objects.filter(end_on__isnull=True, post__isnull=True, source=source.scope)
    _sync_memberships(list(current.select_related("legislator")), wanted, source.scope, on, difference)


def _save_offices(source: Source, people: dict[tuple[str, str], Legislator], difference: Difference) -> None:
    """Offices and contact points; what is no longer named is retired and keeps its history."""
    at = now()
    known = {
        (o.legislator_id, o.key): o for o in Office.objects.filter(legislator__in={p.pk for p in people.values()})
    }
    new: list[Office] = []
    changed: list[Office] = []
    listed: dict[tuple[UUID, str, str], tuple[Office, str]] = {}
    for row in source.people:
        person = people[row.identifiers[0]]
        for office_row in row.offices:
            values = {"kind": office_row.kind, "name": office_row.name, "source": source.scope}
            office = known.get((person.pk, office_row.key))
            if office is None:
                office = known[person.pk, office_row.key] = Office(legislator=person, key=office_row.key, **values)
                new.append(office)
                difference.create(f"office {office_row.name or office_row.key} of {row.name}")
            elif _changed(office, values):
                changed.append(office)
                difference.update(f"office {office_row.name or office_row.key} of {row.name}")
            for kind, value in office_row.points:
                listed[office.pk, kind, value] = (office, row.name)
    Office.objects.bulk_create(new, batch_size=_BATCH)
    Office.objects.bulk_update(changed, ["kind", "name", "source"], batch_size=_BATCH)
    points = ContactPoint.objects.filter(office__source=source.scope).select_related("office__legislator")
    existing = {(p.office_id, p.kind, p.value): p for p in points}
    back, gone = [], []
    for key, point in existing.items():
        named = key in listed
        if named and point.health == Health.RETIRED:
            point.health, point.health_reason, point.health_changed_at = Health.OK, "listed again", at
            back.append(point)
            difference.update(f"{point.kind} of {point.office.legislator.name} listed again")
        elif not named and point.health != Health.RETIRED:
            point.health, point.health_reason, point.health_changed_at = Health.RETIRED, "no longer listed", at
            gone.append(point)
            difference.end(f"{point.kind} of {point.office.legislator.name}")
    ContactPoint.objects.bulk_update(
        [*back, *gone], ["health", "health_reason", "health_changed_at"], batch_size=_BATCH
    )
    fresh = [
        ContactPoint(office=office, kind=key[1], value=key[2])
        for key, (office, _) in listed.items()
        if key not in existing
    ]
    for point in fresh:
        difference.create(f"{point.kind} of {listed[point.office_id, point.kind, point.value][1]}")
    ContactPoint.objects.bulk_create(fresh, batch_size=_BATCH)


def _counts(source: Source) -> dict[str, int]:
    """What the source keeps in the database, counted there."""
    scope = source.scope
    memberships = Membership.objects.filter(source=scope, end_on__isnull=True)
    seats = memberships.filter(post__isnull=False)
    offices = Office.objects.filter(source=scope, legislator__in=seats.values("legislator"))
    committees = Chamber.objects.filter(source=scope, kind="committee", ended_on__isnull=True)
    return {
        "people": seats.values("legislator").distinct().count(),
        "posts": seats.values("post").distinct().count(),
        "memberships_current": seats.count(),
        "offices": offices.count(),
        "capitol_offices": offices.filter(kind="capitol").count(),
        "district_offices": offices.filter(kind="district").count(),
        "committees": committees.exclude(parent__kind="committee").count(),
        "subcommittees": committees.filter(parent__kind="committee").count(),
        "committee_memberships": memberships.filter(post__isnull=True).count(),
        "unresolved_members": source.unresolved_members,
    }
