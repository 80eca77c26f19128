"""Legislators, their seats and their committees from rows, set-wise."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from contacts.importers.difference import Difference, Endings, set_values
from contacts.importers.load_places import BATCH, PostsOfImport, save_chambers
from contacts.importers.rows import PersonRow, Source
from contacts.models import Chamber, Identifier, Jurisdiction, Legislator, Membership

People = dict[tuple[str, str], Legislator]

_PERSON = ("name", "given_name", "family_name", "photo_url", "website")
_MEMBERSHIP = ("role", "party", "start_on", "term_ends_on")


def save_people(rows: list[PersonRow], difference: Difference) -> People:
    """Legislators by the identifier that names them in this source."""
    wanted = {identifier for row in rows for identifier in row.identifiers}
    schemes = {scheme for scheme, _ in wanted}
    identifiers = {
        (found.scheme, found.value): found.legislator
        for found in Identifier.objects.filter(scheme__in=schemes).select_related("legislator")
        if (found.scheme, found.value) in wanted
    }
    people: People = {}
    new, changed, fresh = [], [], []
    for row in rows:
        key = row.identifiers[0]
        values = {name: getattr(row, name) for name in _PERSON}
        person = identifiers.get(key)
        if person is None:
            person = Legislator(**values)
            new.append(person)
            difference.create(f"legislator {row.name}")
        elif set_values(person, values):
            changed.append(person)
            difference.update(f"legislator {row.name}")
        people[key] = person
        for scheme, value in row.identifiers:
            # An identifier that names somebody else already stays where it is: it is theirs until a person decides.
            if (scheme, value) not in identifiers:
                identifiers[scheme, value] = person
                fresh.append(Identifier(legislator=person, scheme=scheme, value=value))
                difference.create(f"identifier {scheme}:{value} of {row.name}")
    Legislator.objects.bulk_create(new, batch_size=BATCH)
    Legislator.objects.bulk_update(changed, _PERSON, batch_size=BATCH)
    Identifier.objects.bulk_create(fresh, batch_size=BATCH)
    return people


def save_seats(
    source: Source, posts: PostsOfImport, people: People, on: date, endings: Endings, difference: Difference
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
    posts.save()
    seats = {post_id for _, post_id in wanted}
    # Also who another source or a person put into one of these seats: a seat has one holder.
    current = list(
        Membership.objects.filter(
            Q(source=source.scope) | Q(post__in=seats), end_on__isnull=True, post__isnull=False
        ).select_related("legislator", "post")
    )
    own = [m for m in current if m.source == source.scope]
    missing = [m for m in own if (m.legislator_id, m.post_id) not in wanted]
    if endings.allowed:
        endings.check(len(missing), len(own), "people in office")
    else:
        current = [m for m in current if m.post_id in seats]
    _sync(current, wanted, source.scope, on, difference)


def save_committees(
    source: Source,
    jurisdiction: Jurisdiction,
    people: People,
    on: date,
    endings: Endings,
    difference: Difference,
) -> None:
    """Committees and who sits on them; a committee no longer listed is ended."""
    committees = save_chambers(source.committees, jurisdiction, source.scope, difference)
    listed = {row.code for row in source.committees}
    gone = [
        c
        for c in committees.values()
        if c.kind == "committee" and c.source == source.scope and c.code not in listed
    ]
    gone = [committee for committee in gone if committee.ended_on is None and endings.allowed]
    for committee in gone:
        committee.ended_on = on
        difference.end(f"committee {committee.name}")
    Chamber.objects.bulk_update(gone, ["ended_on"], batch_size=BATCH)
    wanted: dict[tuple[UUID, UUID], dict[str, Any]] = {}
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
    here = {committees[code].pk for code in listed}
    current = Membership.objects.filter(
        Q(source=source.scope) | Q(chamber__in=here), end_on__isnull=True, post__isnull=True
    ).select_related("legislator")
    kept = [m for m in current if _may_sync(m, wanted, source.scope, endings)]
    _sync(kept, wanted, source.scope, on, difference)


def _may_sync(membership: Membership, wanted: Iterable[object], scope: str, endings: Endings) -> bool:
    """Whether an open committee membership is this import's to keep up or end."""
    key = (membership.legislator_id, membership.chamber_id)
    return key in wanted if not endings.allowed or membership.source != scope else True


def _sync(
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
        difference.end(f"{membership.legislator.name}, {membership.role or 'member'}")
    # Ended first, so that the successor finds the seat free in the same transaction.
    Membership.objects.bulk_update(gone, ["end_on"], batch_size=BATCH)
    new, changed = [], []
    for key, values in wanted.items():
        found = known.get(key)
        what = f"{values['legislator'].name}, {values['role'] or 'member'}"
        if found is None:
            new.append(Membership(source=scope, **values))
            difference.create(what)
        elif set_values(found, {name: values[name] for name in _MEMBERSHIP} | {"source": scope}):
            changed.append(found)
            difference.update(what)
    Membership.objects.bulk_create(new, batch_size=BATCH)
    Membership.objects.bulk_update(changed, [*_MEMBERSHIP, "source"], batch_size=BATCH)
