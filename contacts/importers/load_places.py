"""Divisions, jurisdictions, chambers and posts from rows, set-wise."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from contacts.importers.difference import Difference, set_values
from contacts.importers.rows import ChamberRow, DivisionRow, JurisdictionRow, PersonRow, SeatRow
from contacts.models import Chamber, Division, Jurisdiction, Legislator, Membership, Post

BATCH = 500


def save_divisions(rows: Iterable[DivisionRow], difference: Difference) -> dict[str, Division]:
    """Divisions by OCD id, the parents that rows name among them."""
    wanted = {row.ocd_id: row for row in rows}
    named = set(wanted) | {row.parent for row in wanted.values() if row.parent}
    found = {d.ocd_id: d for d in Division.objects.filter(ocd_id__in=named)}
    new = [
        Division(
            ocd_id=row.ocd_id, name=row.name, level=row.level, country=row.country, time_zone=row.time_zone
        )
        for row in wanted.values()
        if row.ocd_id not in found
    ]
    changed = []
    fresh = {division.ocd_id: division for division in new}
    found |= fresh
    for row in wanted.values():
        division, parent = found[row.ocd_id], found.get(row.parent)
        if division.ocd_id in fresh:
            division.parent = parent
            difference.create(f"division {row.name}")
            continue
        values: dict[str, Any] = {
            "name": row.name,
            "level": row.level,
            "parent_id": parent.pk if parent else None,
        }
        # A zone may have been corrected by hand; it is filled in, never changed.
        if not division.time_zone:
            values["time_zone"] = row.time_zone
        if set_values(division, values):
            changed.append(division)
            difference.update(f"division {row.name}")
    Division.objects.bulk_create(new, batch_size=BATCH)
    Division.objects.bulk_update(changed, ["name", "level", "parent", "time_zone"], batch_size=BATCH)
    return found


def save_jurisdiction(
    row: JurisdictionRow, divisions: dict[str, Division], difference: Difference
) -> Jurisdiction:
    """The jurisdiction of a source; its zone may have been corrected by hand, so it is set once."""
    values = {"name": row.name, "division": divisions[row.division], "level": row.level}
    jurisdiction, is_new = Jurisdiction.objects.get_or_create(
        ocd_id=row.ocd_id, defaults={**values, "time_zone": row.time_zone}
    )
    if is_new:
        difference.create(f"jurisdiction {row.name}")
    elif set_values(jurisdiction, values):
        jurisdiction.save(update_fields=list(values))
        difference.update(f"jurisdiction {row.name}")
    return jurisdiction


def save_chambers(
    rows: Iterable[ChamberRow], jurisdiction: Jurisdiction, scope: str, difference: Difference
) -> dict[str, Chamber]:
    """Chambers (or committees) of a jurisdiction by code, those in `rows` stored; parents may come in any order."""
    wanted = {row.code: row for row in rows}
    found = {chamber.code: chamber for chamber in Chamber.objects.filter(jurisdiction=jurisdiction)}
    new = [
        Chamber(jurisdiction=jurisdiction, code=row.code, name=row.name, kind=row.kind, source=scope)
        for row in wanted.values()
        if row.code not in found
    ]
    fresh = {chamber.code: chamber for chamber in new}
    found |= fresh
    changed = []
    for row in wanted.values():
        chamber, parent = found[row.code], found.get(row.parent)
        if row.code in fresh:
            chamber.parent = parent
            difference.create(f"{row.kind} {row.name}")
            continue
        values = {
            "name": row.name,
            "kind": row.kind,
            "source": scope,
            "parent_id": parent.pk if parent else None,
            "ended_on": None,
        }
        if set_values(chamber, values):
            changed.append(chamber)
            difference.update(f"{row.kind} {row.name}")
    Chamber.objects.bulk_create(new, batch_size=BATCH)
    Chamber.objects.bulk_update(changed, ["name", "kind", "source", "parent", "ended_on"], batch_size=BATCH)
    return found


class PostsOfImport:
    """Finds or makes the post of each seat row.

    Where a source does not tell the seats of a district apart, a known holder keeps theirs and somebody
    new gets the first free one. With `keep_all` the seats of people who are not listed are not free either,
    where a district has several. New posts are stored by `save`.
    """

    def __init__(
        self,
        rows: list[PersonRow],
        people: dict[tuple[str, str], Legislator],
        chambers: dict[str, Chamber],
        divisions: dict[str, Division],
        difference: Difference,
        keep_all: bool = False,
    ) -> None:
        self.chambers, self.divisions, self.difference = chambers, divisions, difference
        self.new: list[Post] = []
        self.posts: dict[tuple[UUID, UUID], list[Post]] = defaultdict(list)
        used = {chambers[seat.chamber].pk for row in rows for seat in row.seats}
        for post in Post.objects.filter(chamber__in=used).order_by("seat"):
            self.posts[post.chamber_id, post.division_id].append(post)
        held = Membership.objects.filter(post__chamber__in=used, end_on__isnull=True)
        self.holds = set(held.values_list("legislator_id", "post_id"))
        self.wanted = Counter((seat.chamber, seat.division) for row in rows for seat in row.seats)
        # Whoever holds a seat keeps it: their posts are taken before anyone else chooses.
        kept = [self._kept(people[row.identifiers[0]], seat) for row in rows for seat in row.seats]
        self.taken = {post.pk for post in kept if post is not None}
        if keep_all:
            held_posts = {post_id for _, post_id in self.holds}
            self.taken |= {p.pk for here in self.posts.values() if len(here) > 1 for p in here} & held_posts

    def of(self, person: Legislator, seat: SeatRow) -> Post:
        """The post a person sits in."""
        here = self._here(seat)
        if seat.seat:
            named = next((post for post in here if post.seat == seat.seat), None)
            return named or self._new(seat, seat.seat, seat.label)
        kept = self._kept(person, seat)
        if kept is not None:
            return kept
        free = next((post for post in here if post.pk not in self.taken), None)
        if free is None:
            # A lone seat has no name; only where several people sit for one place are they numbered.
            many = self.wanted[seat.chamber, seat.division] > 1 or bool(here)
            name = self._next_number(here) if many else ""
            free = self._new(seat, name, f"{seat.label}, seat {name}" if name else seat.label)
        self.taken.add(free.pk)
        return free

    def save(self) -> None:
        Post.objects.bulk_create(self.new, batch_size=BATCH)

    def _here(self, seat: SeatRow) -> list[Post]:
        return self.posts[self.chambers[seat.chamber].pk, self.divisions[seat.division].pk]

    def _kept(self, person: Legislator, seat: SeatRow) -> Post | None:
        return next((post for post in self._here(seat) if (person.pk, post.pk) in self.holds), None)

    @staticmethod
    def _next_number(here: list[Post]) -> str:
        names = {post.seat for post in here}
        return next(str(n) for n in range(1, len(here) + 2) if str(n) not in names)

    def _new(self, seat: SeatRow, name: str, label: str) -> Post:
        post = Post(
            chamber=self.chambers[seat.chamber],
            division=self.divisions[seat.division],
            seat=name,
            role=seat.role,
            label=label,
        )
        self._here(seat).append(post)
        self.new.append(post)
        self.difference.create(f"post {label}")
        return post
