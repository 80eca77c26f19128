"""The people of a list: those who are here found, the others made, with where they live and their tags."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from campaigns.delivery.setwise import insert_new, update_each
from campaigns.jobs.engine import JobStopped
from campaigns.jobs.import_rows import Portion, plan_of
from contacts.importers.supporters_csv import COLUMNS, Person
from contacts.matching import POSTAL_CODE, certain_divisions
from contacts.models import Job, Residence, Supporter, Tag, Tagging


@dataclass
class Here:
    """Somebody who is in the database: what is known of them, and where they came from."""

    pk: UUID
    values: list[str]
    is_erased: bool
    merged_into: UUID | None
    import_job: UUID | None


def save_people(job: Job, portion: Portion, first: dict[str, Person], at: datetime) -> dict[str, UUID]:
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
        found = found_here(job, list(ids), lock=True)
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


def _change(job: Job, portion: Portion, pairs: list[tuple[Person, Here]], at: datetime) -> None:
    changed, moved = [], []
    for person, here in pairs:
        if here.is_erased:
            portion.say(person.row, "refused", erased_words())
            continue
        values = here.values if here.merged_into else merged(job, here, person)
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


def merged(job: Job, here: Here, person: Person) -> list[str]:
    """What would be known of somebody: a list fills gaps, and replaces what is known only where that was asked for."""
    replaces = job.params.get("replaces", False)
    return [
        (said or known) if replaces else (known or said)
        for known, said in zip(here.values, person.values, strict=True)
    ]


def found_here(job: Job, canonicals: list[str], *, lock: bool = False) -> dict[str, Here]:
    """Those of some mailboxes who are in the database."""
    people = Supporter.objects.filter(
        organization=job.organization, canonical_email__among=canonicals, name_key=""
    )
    if lock:
        people = people.order_by("pk").select_for_update(no_key=True)
    rows = people.values_list("canonical_email", "pk", "erased_at", "merged_into", "import_job", *COLUMNS)
    return {
        canonical: Here(pk, list(values), erased_at is not None, merged_into, import_job)
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


def tag_people(job: Job, first: dict[str, Person], ids: dict[str, UUID], at: datetime) -> None:
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


def erased_words() -> str:
    return _("This person had their data erased.")
