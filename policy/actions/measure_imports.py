import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.importers.difference import Difference
from contacts.importers.rows import FilesMissing
from contacts.models import Organization, User
from policy.errors import MeasureRefused
from policy.importers.load_measures import Counts, MeasureLoader, Ready
from policy.importers.measures_csv import read_csv
from policy.importers.openstates_bills import read_openstates
from policy.importers.rows import Found
from policy.models import Issue, MeasureImport

Reader = Callable[[BinaryIO, str, int, int], Found]
READERS: dict[str, Reader] = {"openstates": read_openstates, "csv": read_csv}
# In the console; the command takes more.
MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 5_000_000, 50_000_000, 5_000
_SHOWN = 300


@dataclass(frozen=True)
class Upload:
    """A file somebody wants to import, and what it may change."""

    source: str
    name: str
    data: bytes
    issue: Issue | None = None
    only: str = ""


@transaction.atomic
def import_measures(loader: MeasureLoader, ready: Sequence[Ready]) -> tuple[Counts, Difference]:
    """Store the rows that a loader prepared, all of them or nothing."""
    counts, difference = loader.load(ready)
    if difference.created or difference.updated:
        record(
            organization=loader.organization,
            actor=loader.actor,
            verb="import measures",
            obj=loader.organization,
            created=difference.created,
            updated=difference.updated,
        )
    return counts, difference


def preview_import(*, organization: Organization, upload: Upload, actor: User) -> MeasureImport:
    """Read a file and keep it for a day with what it would change; nothing is imported. Raises MeasureRefused."""
    if len(upload.data) > MOST_BYTES:
        raise MeasureRefused(_("The file is larger than 5 MB. Use the command for it, or cut it."), "file")
    plan = MeasureImport(
        organization=organization,
        source=upload.source,
        name=upload.name[:120],
        issue=upload.issue,
        only=upload.only,
        data=upload.data,
        created_by=actor,
        created_at=now(),
    )
    found, loader = _read(plan, actor)
    with transaction.atomic():
        counts, difference = loader.load(loader.prepare(found))
        transaction.set_rollback(True)
    plan.result = {
        "counts": counts,
        "created": difference.created,
        "updated": difference.updated,
        "lines": difference.lines[:_SHOWN],
        "more": max(0, len(difference.lines) - _SHOWN),
        "bad": [str(row) for row in found.bad[:_SHOWN]],
        "bad_count": len(found.bad),
    }
    plan.save(force_insert=True)
    return plan


@transaction.atomic
def apply_import(*, plan: MeasureImport, skip_bad: bool, actor: User) -> Difference:
    """Import what was looked at.

    Raises MeasureRefused when it was done already, and for bad rows when they may not be left out.
    """
    plan = MeasureImport.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if plan.applied_at or plan.data is None:
        raise MeasureRefused(_("This file was imported already, or was kept too long. Choose it again."))
    found, loader = _read(plan, actor)
    ready = loader.prepare(found)
    if found.bad and not skip_bad:
        raise MeasureRefused(_("The file has bad rows. Mend it, or say that they may be left out."))
    _counts, difference = import_measures(loader, ready)
    plan.applied_at, plan.data = now(), None
    plan.save(update_fields=["applied_at", "data"])
    return difference


def _read(plan: MeasureImport, actor: User) -> tuple[Found, MeasureLoader]:
    try:
        found = READERS[plan.source](io.BytesIO(bytes(plan.data or b"")), plan.name, MOST_UNPACKED, MOST_ROWS)
    except FilesMissing as fault:
        raise MeasureRefused(str(fault), "file") from fault
    numbers = [number for number in plan.only.split(",") if number.strip()]
    return found, MeasureLoader(plan.organization, actor, plan.issue, numbers)
