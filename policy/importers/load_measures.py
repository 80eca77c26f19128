"""Rows → the database: one upsert for every source, in a fixed number of queries. The caller holds the transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from contacts.clock import now, today
from contacts.importers.difference import Difference, set_values
from contacts.importers.rows import BadRow
from contacts.models import Chamber, Identifier, Jurisdiction, Legislator, Organization, User
from policy.importers.rows import Found, MeasureRow
from policy.models import (
    EventKind,
    Issue,
    Measure,
    MeasureEvent,
    MeasurePosition,
    RelatedMeasure,
    RelationKind,
    Sponsorship,
)

Counts = dict[str, int]
Pair = tuple[Measure, MeasureRow]
Ready = tuple[MeasureRow, Jurisdiction, Measure | None, Issue | None]
_AT_A_TIME = 500
_DEFAULTS = {"title": "", "url": "", "summary": "", "reasons": ""}


class MeasureLoader:
    """Takes rows into one organisation. What people wrote themselves, and what they struck, stays."""

    def __init__(
        self,
        organization: Organization,
        actor: User | None,
        issue: Issue | None = None,
        only: Sequence[str] = (),
        known_only: bool = False,
    ) -> None:
        self.organization, self.actor, self.issue = organization, actor, issue
        self.only = {" ".join(number.split()).casefold() for number in only}
        self.known_only = known_only
        self.difference = Difference()
        # Asked once: the clock stands in the database.
        self.at, self.today = now(), today(organization.time_zone or "UTC")
        self.counts: Counts = dict.fromkeys(["measures", "milestones", "sponsors", "related", "left_out"], 0)

    def prepare(self, found: Found) -> list[Ready]:
        """Rows with what they name; those that name what is not here join `found.bad`. Changes nothing."""
        places = self._jurisdictions(found.rows)
        known = {
            (measure.jurisdiction_id, measure.session, measure.identifier): measure
            for measure in Measure.objects.filter(organization=self.organization)
        }
        issues = {
            name: issue
            for issue in Issue.objects.filter(organization=self.organization)
            for name in (issue.slug, issue.title.casefold())
        }
        ready = []
        seen: dict[tuple[object, str, str], object] = {}
        for row in found.rows:
            if self.only and row.identifier.casefold() not in self.only:
                self.counts["left_out"] += 1
                continue
            place = places.get(row.jurisdiction.casefold())
            if place is None:
                found.bad.append(BadRow(row.where, f"jurisdiction: {row.jurisdiction} is not known here"))
                continue
            # A jurisdiction may be written in two ways: by its name and by its id.
            key = (place.pk, row.session, row.identifier)
            if key in seen:
                found.bad.append(BadRow(row.where, f"number: {row.identifier} stands in {seen[key]} already"))
                continue
            seen[key] = row.where
            measure = known.get(key)
            issue = issues.get(row.issue.casefold()) if row.issue else self.issue
            if row.issue and issue is None:
                found.bad.append(BadRow(row.where, f"issue: there is none called {row.issue}"))
            elif measure is None and self.known_only:
                self.counts["left_out"] += 1
            elif measure is None and issue is None:
                found.bad.append(
                    BadRow(row.where, "issue is missing: which one does this measure belong to?")
                )
            else:
                ready.append((row, place, measure, issue))
        return ready

    def _jurisdictions(self, rows: Sequence[MeasureRow]) -> dict[str, Jurisdiction]:
        """By id, and by name where only one has it. Open States' people carry the same ids as its bills."""
        wanted = {row.jurisdiction.casefold() for row in rows}
        found: dict[str, Jurisdiction] = {}
        twice = set()
        for place in Jurisdiction.objects.select_related("division"):
            for name in {place.ocd_id.casefold(), place.name.casefold(), place.division.name.casefold()}:
                if name in wanted:
                    twice |= {name} if name in found else set()
                    found[name] = place
        return {name: place for name, place in found.items() if name not in twice}

    def load(self, ready: Sequence[Ready]) -> tuple[Counts, Difference]:
        """Store prepared rows; a second run with the same file changes nothing."""
        pairs = self._measures(ready)
        self.counts["measures"] = len(pairs)
        self._events(pairs)
        self._sponsors(pairs)
        self._related(pairs)
        return self.counts, self.difference

    def _measures(self, ready: Sequence[Ready]) -> list[Pair]:
        """New measures, and what changed of known ones; each position that is new leaves its row of history."""
        pairs: list[Pair] = []
        new: list[Measure] = []
        changed: dict[tuple[str, ...], list[Measure]] = {}
        positions: list[MeasurePosition] = []
        for row, place, known, issue in ready:
            if known is None:
                measure = self._new(row, place, issue)
                new.append(measure)
                self.difference.create(f"{_label(row)}: {measure.title}")
                positions.append(self._position(measure, row))
            else:
                measure, said = known, (known.position, known.reasons)
                fills = {name: value for name, value in row.fills.items() if not getattr(known, name)}
                if names := _set_changed(known, {**fills, **row.sets}):
                    changed.setdefault(names, []).append(known)
                    self.difference.update(f"{_label(row)}: {', '.join(names)}")
                if said != (known.position, known.reasons):
                    positions.append(self._position(known, row))
            pairs.append((measure, row))
        Measure.objects.bulk_create(new, batch_size=_AT_A_TIME)
        for names, measures in changed.items():
            Measure.objects.bulk_update(measures, names, batch_size=_AT_A_TIME)
        MeasurePosition.objects.bulk_create(positions, batch_size=_AT_A_TIME)
        return pairs

    def _new(self, row: MeasureRow, place: Jurisdiction, issue: Issue | None) -> Measure:
        values: dict[str, Any] = {**_DEFAULTS, **row.fills, **row.sets, "issue": issue}
        return Measure(
            organization=self.organization,
            jurisdiction=place,
            session=row.session,
            identifier=row.identifier,
            created_at=self.at,
            **values,
        )

    def _position(self, measure: Measure, row: MeasureRow) -> MeasurePosition:
        return MeasurePosition(
            measure=measure,
            position=measure.position,
            reasons=measure.reasons,
            on=row.since or self.today,
            recorded_by=self.actor,
            recorded_at=self.at,
        )

    def _events(self, pairs: Sequence[Pair]) -> None:
        """Milestones that are not there yet; one that a person struck is there, and stays struck."""
        chambers = _chambers(pairs)
        known = set(
            MeasureEvent.objects.filter(measure__in=[measure for measure, _row in pairs]).values_list(
                "measure_id", "kind", "on", "note"
            )
        )
        at, new = now(), []
        for measure, row in pairs:
            for event in row.events:
                key = (measure.pk, event.kind, event.on, event.note)
                if key in known:
                    continue
                known.add(key)
                new.append(
                    MeasureEvent(
                        measure=measure,
                        kind=event.kind,
                        on=event.on,
                        note=event.note,
                        source_url=event.source_url,
                        chamber=chambers.get((measure.jurisdiction_id, event.chamber.casefold())),
                        recorded_by=self.actor,
                        recorded_at=at,
                    )
                )
                what = EventKind(event.kind).label
                self.difference.create(f"{_label(row)}: {what}, {event.on}, {event.note}".rstrip(", "))
        MeasureEvent.objects.bulk_create(new, batch_size=_AT_A_TIME)
        self.counts["milestones"] = len(new)

    def _sponsors(self, pairs: Sequence[Pair]) -> None:
        people = _people(pairs)
        measures = [measure for measure, _row in pairs]
        known = Sponsorship.objects.filter(measure__in=measures).values_list(
            "measure_id", "legislator_id", "name"
        )
        taken = {(measure, legislator) for measure, legislator, _name in known if legislator}
        taken_names = {(measure, name) for measure, _legislator, name in known}
        # Somebody stored by name alone, whom an import of legislators has made known since, is not named twice.
        nameless = {(measure, name) for measure, legislator, name in known if not legislator}
        at, new = now(), []
        for measure, row in pairs:
            for sponsor in row.sponsors:
                person = people.get(sponsor.openstates) or people.get((measure.jurisdiction_id, sponsor.name))
                is_there = (
                    (measure.pk, person) in taken or (measure.pk, sponsor.name) in nameless
                    if person
                    else (measure.pk, sponsor.name) in taken_names
                )
                if is_there:
                    continue
                taken_names.add((measure.pk, sponsor.name))
                taken.add((measure.pk, person)) if person else None
                new.append(
                    Sponsorship(
                        measure=measure,
                        legislator_id=person,
                        name=sponsor.name,
                        kind=sponsor.kind,
                        recorded_at=at,
                    )
                )
                self.difference.create(f"{_label(row)}: sponsor {sponsor.name}")
        Sponsorship.objects.bulk_create(new, batch_size=_AT_A_TIME)
        self.counts["sponsors"] = len(new)

    def _related(self, pairs: Sequence[Pair]) -> None:
        """Only measures that the organisation follows are related."""
        followed = {
            (measure.jurisdiction_id, measure.session, measure.identifier): measure.pk
            for measure in Measure.objects.filter(organization=self.organization)
        }
        known = set(
            RelatedMeasure.objects.filter(measure__organization=self.organization).values_list(
                "measure_id", "other_id", "kind"
            )
        )
        new = []
        for measure, row in pairs:
            for related in row.related:
                other = followed.get((measure.jurisdiction_id, related.session, related.identifier))
                if other is None or other == measure.pk:
                    continue
                one, two = (other, measure.pk) if related.turned else (measure.pk, other)
                is_known = (one, two, related.kind) in known or (
                    related.kind == RelationKind.COMPANION and (two, one, related.kind) in known
                )
                if not is_known:
                    known.add((one, two, related.kind))
                    new.append(RelatedMeasure(measure_id=one, other_id=two, kind=related.kind))
                    self.difference.create(f"{_label(row)}: related to {related.identifier}")
        RelatedMeasure.objects.bulk_create(new, batch_size=_AT_A_TIME)
        self.counts["related"] = len(new)


def _set_changed(measure: Measure, values: dict[str, Any]) -> tuple[str, ...]:
    """Set values on a measure; the names of those that differed."""
    before = {name: getattr(measure, name) for name in values}
    set_values(measure, values)
    return tuple(name for name, value in values.items() if before[name] != value)


def _label(row: MeasureRow) -> str:
    return f"{row.identifier} ({row.session})" if row.session else row.identifier


def _chambers(pairs: Sequence[Pair]) -> dict[tuple[UUID, str], Chamber]:
    """Chambers and committees by their name, and chambers by `upper` and `lower`."""
    places = {measure.jurisdiction_id for measure, _row in pairs}
    found: dict[tuple[UUID, str], Chamber] = {}
    for chamber in Chamber.objects.filter(jurisdiction__in=places, ended_on__isnull=True):
        found.setdefault((chamber.jurisdiction_id, chamber.name.casefold()), chamber)
        if chamber.parent_id is None:
            found.setdefault((chamber.jurisdiction_id, chamber.kind), chamber)
    return found


def _people(pairs: Sequence[Pair]) -> dict[object, UUID]:
    """Legislators by their published id, and by their whole name where only one of the place has it."""
    ids = {sponsor.openstates for _measure, row in pairs for sponsor in row.sponsors if sponsor.openstates}
    identifiers = Identifier.objects.filter(scheme="openstates")
    found: dict[object, UUID] = {
        value: person for value, person in identifiers.values_list("value", "legislator_id") if value in ids
    }
    twice = set()
    places = {measure.jurisdiction_id for measure, _row in pairs}
    sitting = Legislator.objects.filter(
        memberships__chamber__jurisdiction__in=places, memberships__post__isnull=False
    )
    rows = sitting.values_list("memberships__chamber__jurisdiction_id", "name", "pk").distinct()
    for place, name, person in rows:
        key = (place, name)
        if found.setdefault(key, person) != person:
            twice.add(key)
    return {key: person for key, person in found.items() if key not in twice}
