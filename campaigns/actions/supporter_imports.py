"""Lists of people: taken in, planned, looked at, imported, taken back."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.jobs import start_job
from campaigns.actions.supporters import tag_of
from campaigns.errors import ActionRefused, BadMove
from campaigns.jobs import parts
from campaigns.jobs.engine import JobStopped
from campaigns.jobs.import_rows import Lines, cells
from campaigns.jobs.import_undo import undoable
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.importers.supporters_csv import guess
from contacts.models import Job, JobKind, JobPart, JobState, Organization, Tag, User

MOST_BYTES = 100_000_000
MOST_COLUMNS = 100
_CHUNK = 65536
_REMEMBERED = 30


@dataclass(frozen=True)
class Agreement:
    """What the people of a list agreed to: for which purposes, where and when, and in which words."""

    purposes: list[str]
    source: str
    on: date
    text: str


@transaction.atomic
def take_list(*, organization: Organization, name: str, file: IO[bytes], actor: User) -> Job:
    """Keep a list with what can be told of its columns; nothing is read of its rows yet. Raises ActionRefused."""
    job = Job.objects.create(
        organization=organization,
        kind=JobKind.IMPORT,
        state=JobState.DRAFT,
        title=name.replace("\0", "")[:160],
        requested_by=actor,
        created_at=now(),
    )
    counted = [0]
    parts.store(job, JobPart.SOURCE, _as_utf8(file, counted))
    source = Lines(job, 0)
    first = next(iter(source), "")
    delimiter = max(",;\t|", key=first.count)
    source = Lines(job, 0)
    try:
        first_row = next(csv.reader(source, delimiter=delimiter), [])
        headings = [cell.replace("\0", "").strip()[:80] for cell in first_row]
    except csv.Error:
        headings = []
    if len(headings) > MOST_COLUMNS or not any(headings):
        raise ActionRefused(_("This is no table: its first line must name the columns."))
    job.params = {
        "delimiter": delimiter,
        "headings": headings,
        "columns": _remembered(organization, headings) or guess(headings),
        "begins_at": source.offset,
    }
    job.total = max(counted[0] - 1, 0)
    job.save(update_fields=["params", "total"])
    return job


def _as_utf8(file: IO[bytes], counted: list[int]) -> Iterator[bytes]:
    """A file in UTF-8 with plain line ends, whatever a spreadsheet made of it; counts its lines."""
    start = file.read(4)
    if start[:2] == b"PK":
        raise ActionRefused(_("This is a spreadsheet’s own format. Save it as CSV and choose that."))
    encoding = "utf-16" if start[:2] in {b"\xff\xfe", b"\xfe\xff"} else _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline=None)
    last = "\n"
    for chunk in iter(lambda: text.read(_CHUNK), ""):
        counted[0] += chunk.count("\n")
        last = chunk[-1]
        yield chunk.encode()
    counted[0] += last != "\n"
    text.detach()


def _encoding(file: IO[bytes]) -> str:
    """UTF-8 when all of it is, else what spreadsheets on Windows write."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig")
    size = 0
    try:
        for chunk in iter(lambda: text.read(_CHUNK), ""):
            size += len(chunk)
            if size > MOST_BYTES:
                raise ActionRefused(_("The list is larger than 100 MB. Cut it."))
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        text.detach()
    return "utf-8-sig"


def _remembered(organization: Organization, headings: list[str]) -> list[str]:
    """The columns that were chosen the last time a list had these headings."""
    before = Job.objects.of(organization).filter(kind=JobKind.IMPORT).exclude(state=JobState.DRAFT)
    for params in before.order_by("-created_at").values_list("params", flat=True)[:_REMEMBERED]:
        if params.get("headings") == headings:
            return list(params["columns"])
    return []


def first_rows(job: Job, n: int = 5) -> list[list[str]]:
    """The first rows of a list, for a look."""
    found: list[list[str]] = []
    # Where it is no table any more, the look at all of it says so.
    with suppress(JobStopped):
        for row in cells(Lines(job, job.params["begins_at"]), job.params["delimiter"]):
            found.append(row)
            if len(found) == n:
                break
    return found


@transaction.atomic
def plan_import(
    *, job: Job, columns: list[str], replaces: bool, tags: list[str], agreement: Agreement | None, actor: User
) -> None:
    """Say how a list is meant; what it would do is found out next, and nothing is done. Raises BadMove."""
    job = (
        Job.objects.select_for_update(of=("self",), no_key=True).select_related("organization").get(pk=job.pk)
    )
    if job.state not in {JobState.DRAFT, JobState.WAITING}:
        raise BadMove
    params = {
        **job.params,
        "columns": columns,
        "replaces": replaces,
        "tags": [str(tag_of(organization=job.organization, name=name, actor=actor).pk) for name in tags],
        "consent": None,
    }
    if agreement is not None:
        params["consent"] = {
            "purposes": agreement.purposes,
            "source": agreement.source,
            "on": agreement.on.isoformat(),
            "text": agreement.text,
            "language": job.organization.language,
        }
    Job.objects.filter(pk=job.pk).update(
        params=params, state=JobState.RUNNING, cursor={}, result={}, done=0, lease_until=None
    )


@transaction.atomic
def approve_import(*, job: Job, actor: User) -> None:
    """Import what was looked at. Raises BadMove when it was done, or is under way, already."""
    job = (
        Job.objects.select_for_update(of=("self",), no_key=True).select_related("organization").get(pk=job.pk)
    )
    if job.state != JobState.WAITING:
        raise BadMove
    tags = job.params.get("tags", [])
    if Tag.objects.filter(organization=job.organization, pk__in=tags).count() < len(set(tags)):
        raise ActionRefused(
            _("A tag for everybody in the list was deleted meanwhile. Say anew how it is meant.")
        )
    looked_at = {name: n for name, n in job.result.items() if isinstance(n, int)}
    Job.objects.filter(pk=job.pk).update(
        params={**job.params, "is_approved": True, "looked_at": looked_at},
        state=JobState.RUNNING,
        cursor={},
        result={},
        done=0,
        lease_until=None,
    )
    record(
        organization=job.organization,
        actor=actor,
        verb="import supporters",
        obj=job,
        rows=job.total,
        agreed_to=(job.params.get("consent") or {}).get("purposes", []),
    )


def start_undo(*, job: Job, actor: User) -> Job:
    """Take out the people an import made who did nothing since. Raises BadMove for one that is not over."""
    if job.kind != JobKind.IMPORT or job.state not in {JobState.DONE, JobState.CANCELLED, JobState.FAILED}:
        raise BadMove
    return start_job(
        organization=job.organization,
        kind=JobKind.UNDO_IMPORT,
        title=job.title,
        params={"import": str(job.pk)},
        total=undoable(job).count(),
        actor=actor,
    )
