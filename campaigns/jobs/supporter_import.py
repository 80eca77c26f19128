"""A list of people, read in portions: first to say what it would do, then to do it.

Each portion is one statement a table, however many people it has. Two imports of one list at once end as one: the
unique constraint on organisation and mailbox decides who made a person.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import blake2b
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.delivery.hours import zone_or_utc
from campaigns.delivery.setwise import insert_new, update_each
from campaigns.jobs import parts
from campaigns.jobs.engine import JobStopped
from campaigns.spreadsheet import csv_bytes
from contacts.addresses import address_hash
from contacts.clock import now
from contacts.importers.supporters_csv import COLUMNS, Person, Plan, read
from contacts.importers.values import BadValue
from contacts.matching import POSTAL_CODE, certain_divisions
from contacts.models import (
    Consent,
    Job,
    JobPart,
    JobState,
    Purpose,
    Residence,
    Supporter,
    Suppression,
    Tag,
    Tagging,
)
from contacts.models.suppression import ERASED

PORTION = 2000
MOST_ROWS = 1_000_000
_LONGEST_CELL = 20_000
_SHOWN = 100
# What may become of a row, in the order in which reports name them.
OUTCOMES = ("created", "updated", "unchanged", "duplicate", "refused")


@dataclass
class _Portion:
    """The rows of a portion, with what became of each."""

    people: list[Person] = field(default_factory=list)
    outcomes: dict[int, tuple[str, str]] = field(default_factory=dict)
    read: int = 0

    def say(self, row: int, outcome: str, why: str = "") -> None:
        self.outcomes[row] = (outcome, why.replace("\0", ""))


@dataclass
class _Here:
    """Somebody who is in the database: what is known of them, and where they came from."""

    pk: UUID
    values: list[str]
    is_erased: bool
    merged_into: UUID | None
    import_job: UUID | None


def step(job: Job) -> str | None:
    """Read the next rows; do what they say once somebody looked at what that would be."""
    return _import_portion(job) if job.params.get("is_approved") else _check_portion(job)


# Looking ------------------------------------------------------------------------------------------

# Mailboxes that a check met, by its job, with the place in the list up to which they are told. A check that was
# broken off, or went on elsewhere meanwhile, begins again, since it changes nothing.
_MET: dict[UUID, tuple[dict[str, Any], set[bytes]]] = {}


def _check_portion(job: Job) -> str | None:
    told, met = _MET.pop(job.pk, ({}, set()))
    if not job.cursor or told != job.cursor:
        running = Job.objects.filter(pk__in=list(_MET), state=JobState.RUNNING)
        for over in set(_MET) - set(running.values_list("pk", flat=True)):
            del _MET[over]
        met = set()
        job.cursor, job.done, job.result = {}, 0, {}
    portion = _next(job)
    canonicals = [person.canonical for person in portion.people]
    found = _found(job, canonicals)
    gone = _stopped(job, canonicals)[1] - found.keys()
    for person in portion.people:
        key = blake2b(person.canonical.encode(), digest_size=8).digest()
        here = found.get(person.canonical)
        if person.canonical in gone or (here is not None and here.is_erased):
            portion.say(person.row, "refused", _erased())
        elif key in met:
            portion.say(person.row, "duplicate", _("The same person as an earlier row."))
        elif here is None:
            portion.say(person.row, "created")
        else:
            is_changed = not here.merged_into and _merged(job, here, person) != here.values
            portion.say(person.row, "updated" if is_changed else "unchanged")
        met.add(key)
    _note(job, portion)
    if portion.read == PORTION:
        _MET[job.pk] = (job.cursor, met)
        return None
    return JobState.WAITING


def _erased() -> str:
    return _("This person had their data erased.")


# Importing ----------------------------------------------------------------------------------------


def _import_portion(job: Job) -> str | None:
    portion = _next(job)
    at = now()
    first: dict[str, Person] = {}
    for person in portion.people:
        before = first.get(person.canonical)
        if before is None:
            first[person.canonical] = person
        else:
            _fill(before, person)
            portion.say(person.row, "duplicate", _("The same person as row %(row)s.") % {"row": before.row})
    suppressed, erased = _stopped(job, list(first))
    if erased:
        # Who signed again since is somebody new, whom a list may name.
        for canonical in erased - _found(job, sorted(erased)).keys():
            portion.say(first.pop(canonical).row, "refused", _erased())
    ids = _save(job, portion, first, at) if first else {}
    _tag(job, first, ids, at)
    _agree(job, portion, first, ids, suppressed)
    parts.append(job, JobPart.REPORT, job.cursor.get("portion", 0), _report(job, portion))
    job.cursor = {**job.cursor, "portion": job.cursor.get("portion", 0) + 1}
    _note(job, portion)
    if portion.read == PORTION:
        return None
    JobPart.objects.filter(job=job, role=JobPart.SOURCE).delete()
    return JobState.DONE


def _fill(person: Person, other: Person) -> None:
    """What a later row of the same person adds to an earlier one."""
    person.values = [mine or theirs for mine, theirs in zip(person.values, other.values, strict=True)]
    person.tags = list(dict.fromkeys([*person.tags, *other.tags]))
    person.agreed = person.agreed and other.agreed


def _save(job: Job, portion: _Portion, first: dict[str, Person], at: datetime) -> dict[str, UUID]:
    """Make those who are new and change the others; gives the ids of all who are here now."""
    # In one order, so that two imports of a list can't wait for each other.
    people = [first[canonical] for canonical in sorted(first)]
    ids = {person.canonical: uuid4() for person in people}
    plan = plan_of(job)
    filled = {person.canonical: plan.filled(person.values) for person in people}
    rows = [list(column) for column in zip(*filled.values(), strict=True)]
    made = insert_new(
        Supporter,
        ["id", "canonical_email", *COLUMNS],
        [list(ids.values()), list(ids), *rows],
        organization=job.organization_id,
        name_key="",
        created_at=at,
        import_job=job.pk,
    )
    created = list(people)
    if made < len(people):
        found = _found(job, list(ids), lock=True)
        known = {canonical for canonical, here in found.items() if here.pk != ids[canonical]}
        created = [person for person in people if person.canonical not in known]
        _change(job, portion, [(first[canonical], found[canonical]) for canonical in sorted(known)], at)
        for canonical in known:
            if found[canonical].is_erased:
                del ids[canonical]
            else:
                ids[canonical] = found[canonical].merged_into or found[canonical].pk
    for person in created:
        portion.say(person.row, "created")
    _house([(ids[person.canonical], filled[person.canonical]) for person in created], at)
    return ids


def _change(job: Job, portion: _Portion, pairs: list[tuple[Person, _Here]], at: datetime) -> None:
    changed, moved = [], []
    for person, here in pairs:
        if here.is_erased:
            portion.say(person.row, "refused", _erased())
            continue
        values = here.values if here.merged_into else _merged(job, here, person)
        if here.import_job == job.pk:
            portion.say(person.row, "duplicate", _("The same person as an earlier row."))
        else:
            portion.say(person.row, "unchanged" if values == here.values else "updated")
        if values != here.values:
            changed.append([*values, here.pk])
            code = COLUMNS.index("postal_code")
            if values[code] != here.values[code]:
                moved.append((here.pk, values))
    update_each(Supporter, COLUMNS, ["id"], changed)
    if moved:
        Residence.objects.filter(supporter__in=[pk for pk, _values in moved], method=POSTAL_CODE).delete()
        _house(moved, at)


def _merged(job: Job, here: _Here, person: Person) -> list[str]:
    """What would be known of somebody: a list fills gaps, and replaces what is known only where that was asked for."""
    replaces = job.params.get("replaces", False)
    return [
        (said or known) if replaces else (known or said)
        for known, said in zip(here.values, person.values, strict=True)
    ]


def _found(job: Job, canonicals: list[str], *, lock: bool = False) -> dict[str, _Here]:
    people = Supporter.objects.filter(
        organization=job.organization, canonical_email__in=canonicals, name_key=""
    )
    if lock:
        people = people.order_by("pk").select_for_update()
    rows = people.values_list("canonical_email", "pk", "erased_at", "merged_into", "import_job", *COLUMNS)
    return {
        canonical: _Here(pk, list(values), erased_at is not None, merged_into, import_job)
        for canonical, pk, erased_at, merged_into, import_job, *values in rows
    }


def _house(people: list[tuple[UUID, list[str]]], at: datetime) -> None:
    """Write down where people live, where their postal code leaves no doubt."""
    code, country = COLUMNS.index("postal_code"), COLUMNS.index("country")
    asked = {(values[country], values[code]) for _pk, values in people if values[code]}
    divisions = certain_divisions(asked)
    pairs = [
        (pk, division)
        for pk, values in people
        for division in divisions.get((values[country], values[code]), ())
    ]
    insert_new(
        Residence,
        ["supporter", "division"],
        [[pk for pk, _d in pairs], [division for _pk, division in pairs]],
        method=POSTAL_CODE,
        confidence=1.0,
        matched_at=at,
    )


def _tag(job: Job, first: dict[str, Person], ids: dict[str, UUID], at: datetime) -> None:
    asked = [UUID(tag) for tag in job.params.get("tags", [])]
    # Locked, so that nobody deletes one while its rows are written.
    here = Tag.objects.filter(organization=job.organization, pk__in=asked).order_by("pk")
    if len(here.select_for_update(no_key=True)) < len(set(asked)):
        raise JobStopped(_("A tag for everybody in the list was deleted meanwhile."))
    for tag in asked:
        insert_new(Tagging, ["supporter"], [list(ids.values())], tag=tag, at=at)
    by_name: dict[str, list[UUID]] = defaultdict(list)
    for canonical, pk in ids.items():
        for name in first[canonical].tags:
            by_name[name.casefold()].append(pk)
    if not by_name:
        return
    names = {name.casefold(): name for person in first.values() for name in person.tags}
    tags = _tags_named(job, names, at)
    for name in sorted(by_name):
        insert_new(Tagging, ["supporter"], [by_name[name]], tag=tags[name].pk, at=at)


def _tags_named(job: Job, names: dict[str, str], at: datetime) -> dict[str, Tag]:
    def known() -> dict[str, Tag]:
        mine = Tag.objects.filter(organization=job.organization)
        return {tag.name.casefold(): tag for tag in mine if tag.name.casefold() in names}

    missing = sorted(set(names) - set(known()))
    Tag.objects.bulk_create(
        [Tag(organization=job.organization, name=names[name], created_at=at) for name in missing],
        ignore_conflicts=True,
    )
    return known()


# Agreement ----------------------------------------------------------------------------------------


def _agree(
    job: Job, portion: _Portion, first: dict[str, Person], ids: dict[str, UUID], suppressed: set[str]
) -> None:
    """Write down what people agreed to, in the words they saw. A no they said since, or before, stays a no."""
    said = job.params.get("consent")
    if not said:
        return
    agreed = {canonical: pk for canonical, pk in ids.items() if first[canonical].agreed}
    for purpose in said["purposes"]:
        willing = agreed
        if purpose == Purpose.CONTACT and suppressed:
            willing = {canonical: pk for canonical, pk in agreed.items() if canonical not in suppressed}
        fresh = {
            canonical: pk
            for canonical, pk in willing.items()
            if portion.outcomes[first[canonical].row][0] == "created"
        }
        others = {pk: canonical for canonical, pk in willing.items() if canonical not in fresh}
        last: dict[UUID, bool] = {}
        if others:
            spoken = Consent.objects.filter(supporter__in=list(others), purpose=purpose).order_by("id")
            last = dict(spoken.values_list("supporter", "given"))
        people = [*fresh.values(), *(pk for pk in others if pk not in last)]
        insert_new(Consent, ["supporter"], [people], **consent_columns(job, purpose))
        for pk, given in last.items():
            if not given:
                _add(portion, first[others[pk]].row, _("They said no before, and that holds."))
    for canonical in suppressed & set(agreed):
        _add(portion, first[canonical].row, _("They asked never to be written to, and that holds."))


def consent_columns(job: Job, purpose: str) -> dict[str, object]:
    """A consent of this import, without whose it is."""
    said = job.params["consent"]
    day = date.fromisoformat(said["on"])
    return {
        "purpose": purpose,
        "given": True,
        "text": said["text"],
        "text_version": f"import {day:%Y-%m-%d}",
        "language": said["language"],
        "source": consent_source(job),
        "at": datetime.combine(day, time(12), tzinfo=zone_or_utc(job.organization.time_zone)),
    }


def consent_source(job: Job) -> str:
    """Where people of an import agreed, told apart from every other import."""
    return f"{job.params['consent']['source'][:90]} (import {job.pk.hex[:12]})"


def _stopped(job: Job, canonicals: list[str]) -> tuple[set[str], set[str]]:
    """Those who asked not to be written to, and those of them whose data this organisation erased."""
    stops = Suppression.objects.filter(
        Q(organization=job.organization) | Q(organization__isnull=True)
    ).exclude(address_hash="")
    if not stops.exists():
        return set(), set()
    by_hash = {address_hash(canonical): canonical for canonical in canonicals}
    found = stops.filter(address_hash__in=list(by_hash)).values_list("address_hash", "reason")
    rows = [(by_hash[hashed], reason) for hashed, reason in found]
    return {canonical for canonical, _why in rows}, {canonical for canonical, why in rows if why == ERASED}


def _add(portion: _Portion, row: int, why: str) -> None:
    outcome, before = portion.outcomes[row]
    portion.outcomes[row] = (outcome, f"{before} {why}".strip())


# Reading ------------------------------------------------------------------------------------------


def plan_of(job: Job) -> Plan:
    organization = job.organization
    return Plan(tuple(job.params["columns"]), organization.country, organization.language)


class Lines:
    """The lines of a list from a place in it on; `offset` is where the next one begins."""

    def __init__(self, job: Job, offset: int) -> None:
        self.offset = offset
        self._pieces = parts.pieces(job, JobPart.SOURCE, offset // parts.PIECE)
        self._skip = offset % parts.PIECE

    def __iter__(self) -> Iterator[str]:
        rest = b""
        for piece in self._pieces:
            found = (rest + piece[self._skip :]).split(b"\n")
            self._skip = 0
            rest = found.pop()
            for line in found:
                self.offset += len(line) + 1
                yield line.decode() + "\n"
        if rest:
            self.offset += len(rest)
            yield rest.decode()


def cells(source: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """The rows of a list, empty ones too. Raises JobStopped where it is no table any more."""
    try:
        yield from csv.reader(source, delimiter=delimiter, strict=False)
    except csv.Error as fault:
        raise JobStopped(_("The list can’t be read to its end: %(why)s") % {"why": fault}) from None


def _next(job: Job) -> _Portion:
    """The next rows, each read or refused; the cursor moves behind them."""
    portion = _Portion()
    source = Lines(job, job.cursor.get("offset", job.params["begins_at"]))
    row = job.cursor.get("row", 1)
    plan = plan_of(job)
    for found in cells(source, job.params["delimiter"]):
        row += 1
        portion.read += 1
        if any(cell.strip() for cell in found):
            try:
                portion.people.append(read(found, row, plan))
            except BadValue as fault:
                portion.say(row, "refused", str(fault))
        if portion.read == PORTION:
            break
    if row > MOST_ROWS:
        raise JobStopped(_("The list has more than a million rows."))
    job.cursor = {**job.cursor, "offset": source.offset, "row": row}
    return portion


def _report(job: Job, portion: _Portion) -> bytes:
    is_first = job.cursor.get("portion", 0) == 0
    head = [[_("Row"), _("What became of it"), _("Why")]] if is_first else []
    words = said()
    rows = [[row, words[outcome], why] for row, (outcome, why) in sorted(portion.outcomes.items())]
    return csv_bytes([*head, *rows], is_first=is_first)


def said() -> dict[str, str]:
    """Outcomes in words."""
    return {
        "created": _("new"),
        "updated": _("changed"),
        "unchanged": _("as it was"),
        "duplicate": _("twice in the list"),
        "refused": _("refused"),
    }


def _note(job: Job, portion: _Portion) -> None:
    """Count what became of the rows, and keep the first that were refused for the page."""
    counts = Counter(outcome for outcome, _why in portion.outcomes.values())
    result = dict(job.result)
    for outcome in OUTCOMES:
        result[outcome] = result.get(outcome, 0) + counts[outcome]
    bad = [[row, why] for row, (outcome, why) in sorted(portion.outcomes.items()) if outcome == "refused"]
    result["bad"] = [*result.get("bad", []), *bad][:_SHOWN]
    job.result = result
    job.done += portion.read
    if portion.read < PORTION:
        job.total = job.done  # lines were counted before, and a row may have several


# Taking back --------------------------------------------------------------------------------------


def undo_portion(job: Job) -> str | None:
    """Take out the next people an import made who did nothing since."""
    source = Job.objects.get(pk=job.params["import"], organization=job.organization)
    people = undoable(source).order_by("pk")
    if "after" in job.cursor:
        people = people.filter(pk__gt=job.cursor["after"])
    ids = list(people.values_list("pk", flat=True)[:PORTION])
    # Locked before they are looked at again: somebody may be confirming a pledge at this moment.
    list(Supporter.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk", flat=True))
    idle = list(undoable(source).filter(pk__in=ids).values_list("pk", flat=True))
    Supporter.objects.filter(pk__in=idle).delete()
    job.done += len(ids)
    job.result = {"removed": job.result.get("removed", 0) + len(idle)}
    if ids:
        job.cursor = {"after": str(ids[-1])}
    return None if len(ids) == PORTION else JobState.DONE


def undoable(source: Job) -> QuerySet[Supporter]:
    """The people an import made who signed nothing, said nothing about mail since, and were not joined with others."""
    people = Supporter.objects.filter(import_job=source, pledges__isnull=True, merged_into__isnull=True)
    people = people.exclude(pk__in=Supporter.objects.filter(merged_into__isnull=False).values("merged_into"))
    spoken = Consent.objects.filter(supporter__import_job=source)
    if source.params.get("consent"):
        spoken = spoken.exclude(source=consent_source(source))
    return people.exclude(pk__in=spoken.values("supporter"))
