"""A list of people, read in portions: first to say what it would do, then to do it.

Each portion is one statement a table, however many people it has. Two imports of one list at once end as one: the
unique constraint on organisation and mailbox decides who made a person.
"""

from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.jobs import parts
from campaigns.jobs.import_consents import agree, stopped
from campaigns.jobs.import_people import erased_words, found_here, merged, save_people, tag_people
from campaigns.jobs.import_report import note, report
from campaigns.jobs.import_rows import next_rows
from contacts.clock import now
from contacts.importers.supporters_csv import Person
from contacts.models import Job, JobPart, JobState


def step(job: Job) -> str | None:
    """Read the next rows; do what they say once somebody looked at what that would be."""
    return _import_portion(job) if job.params.get("is_approved") else _check_portion(job)


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
    portion = next_rows(job)
    canonicals = [person.canonical for person in portion.people]
    found = found_here(job, canonicals)
    gone = stopped(job, canonicals)[1] - found.keys()
    for person in portion.people:
        key = blake2b(person.canonical.encode(), digest_size=8).digest()
        here = found.get(person.canonical)
        if person.canonical in gone or (here is not None and here.is_erased):
            portion.say(person.row, "refused", erased_words())
        elif key in met:
            portion.say(person.row, "duplicate", _("The same person as an earlier row."))
        elif here is None:
            portion.say(person.row, "created")
        else:
            is_changed = not here.merged_into and merged(job, here, person) != here.values
            portion.say(person.row, "updated" if is_changed else "unchanged")
        met.add(key)
    note(job, portion)
    if portion.is_last:
        return JobState.WAITING
    _MET[job.pk] = (job.cursor, met)
    return None


def _import_portion(job: Job) -> str | None:
    portion = next_rows(job)
    at = now()
    first: dict[str, Person] = {}
    for person in portion.people:
        before = first.get(person.canonical)
        if before is None:
            first[person.canonical] = person
        else:
            _fill(before, person)
            portion.say(person.row, "duplicate", _("The same person as row %(row)s.") % {"row": before.row})
    suppressed, erased = stopped(job, list(first))
    if erased:
        # Who signed again since is somebody new, whom a list may name.
        for canonical in erased - found_here(job, sorted(erased)).keys():
            portion.say(first.pop(canonical).row, "refused", erased_words())
    ids = save_people(job, portion, first, at) if first else {}
    tag_people(job, first, ids, at)
    agree(job, portion, first, ids, suppressed)
    parts.append(job, JobPart.REPORT, job.cursor.get("portion", 0), report(job, portion))
    job.cursor = {**job.cursor, "portion": job.cursor.get("portion", 0) + 1}
    note(job, portion)
    if not portion.is_last:
        return None
    JobPart.objects.filter(job=job, role=JobPart.SOURCE).delete()
    return JobState.DONE


def _fill(person: Person, other: Person) -> None:
    """What a later row of the same person adds to an earlier one."""
    person.values = [mine or theirs for mine, theirs in zip(person.values, other.values, strict=True)]
    person.tags = list(dict.fromkeys([*person.tags, *other.tags]))
    person.agreed = person.agreed and other.agreed
