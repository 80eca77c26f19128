"""People who were found, as a table: written in portions, XLSX made of the rows in the end."""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns.delivery.hours import zone_or_utc
from campaigns.jobs import parts
from campaigns.jobs.tagging import next_ids
from campaigns.models import Pledge
from campaigns.spreadsheet import csv_bytes, write_xlsx
from contacts.models import Consent, Job, JobPart, JobState, Purpose, Residence, Supporter, Tagging

_PORTION = 1000
# More would take longer than one portion of a job may; a table of text takes any number.
MOST_XLSX = 200_000

# What may be exported, in the order of the columns.
COLUMNS: dict[str, object] = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("Mail address"),
    "prefix": pgettext_lazy("before a person's name", "Title"),
    "phone": gettext_lazy("Phone"),
    "street": gettext_lazy("Street and number"),
    "city": gettext_lazy("Town or city"),
    "region": gettext_lazy("State or region"),
    "postal_code": gettext_lazy("Postal code"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language"),
    "created_at": gettext_lazy("Here since"),
    "divisions": gettext_lazy("Districts"),
    "campaigns": gettext_lazy("Campaigns with a confirmed pledge"),
    "tags": gettext_lazy("Tags"),
    **{f"consent_{purpose.value}": purpose.label for purpose in Purpose},
}
DEFAULT = ["name", "email", "postal_code", "city", "created_at", "campaigns", "tags", "consent_contact"]


@dataclass
class _Known:
    """What other tables say of the people of a portion."""

    divisions: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    campaigns: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    tags: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    consents: dict[tuple[UUID, str], Consent] = field(default_factory=dict)


def step(job: Job) -> str | None:
    """The next rows; in the end, for XLSX, the whole workbook."""
    if job.cursor.get("rows_written"):
        return as_workbook(job)
    columns = [name for name in job.params["columns"] if name in COLUMNS]
    ids = next_ids(job, _PORTION)
    position = job.cursor.get("position", 0)
    rows: list[list[object]] = [_head(columns)] if position == 0 else []
    with timezone.override(zone_or_utc(job.organization.time_zone)):
        rows += _rows(ids, columns)
    return keep_rows(job, rows, len(ids), is_last=len(ids) < _PORTION)


def keep_rows(job: Job, rows: list[list[object]], people: int, *, is_last: bool) -> str | None:
    """Store a portion's rows, so many people of them, and move on; gives the state of a job that is done by it."""
    position = job.cursor.get("position", 0)
    is_text = job.params["format"] == "csv"
    role = JobPart.FILE if is_text else JobPart.SOURCE
    parts.append(job, role, position, csv_bytes(rows, is_first=is_text and position == 0))
    job.done += people
    job.result = {"rows": job.done}
    job.cursor = {**job.cursor, "position": position + 1}
    if not is_last:
        return None
    if is_text:
        return JobState.DONE
    job.cursor = {**job.cursor, "rows_written": True}
    return None


def as_workbook(job: Job) -> str:
    """The rows that were written, as XLSX."""
    rows = csv.reader(parts.text(job, JobPart.SOURCE, "utf-8"))
    with tempfile.TemporaryFile() as out:
        write_xlsx(rows, out, _("Supporters"))
        out.seek(0)
        parts.store(job, JobPart.FILE, iter(lambda: out.read(parts.PIECE), b""))
    JobPart.objects.filter(job=job, role=JobPart.SOURCE).delete()
    return JobState.DONE


def _head(columns: list[str]) -> list[object]:
    head: list[object] = []
    for name in columns:
        label = str(COLUMNS[name])
        head.append(label)
        if name.startswith("consent_"):
            head += [
                _("%(consent)s: when") % {"consent": label},
                _("%(consent)s: version of the words") % {"consent": label},
                _("%(consent)s: how it came") % {"consent": label},
            ]
    return head


def _rows(ids: list[UUID], columns: list[str]) -> list[list[object]]:
    people = Supporter.objects.in_bulk(ids)
    known = _known(ids, columns)
    # In the order of the cursor; somebody who was erased meanwhile is left out.
    return [_row(people[pk], columns, known) for pk in ids if pk in people and not people[pk].erased_at]


def _row(person: Supporter, columns: list[str], known: _Known) -> list[object]:
    special: dict[str, Callable[[], object]] = {
        "created_at": lambda: timezone.localtime(person.created_at).date().isoformat(),
        "divisions": lambda: ", ".join(known.divisions[person.pk]),
        "campaigns": lambda: ", ".join(known.campaigns[person.pk]),
        "tags": lambda: ", ".join(known.tags[person.pk]),
    }
    row: list[object] = []
    for name in columns:
        if name.startswith("consent_"):
            row += _consent(known.consents.get((person.pk, name.removeprefix("consent_"))))
        else:
            row.append(special[name]() if name in special else getattr(person, name))
    return row


def _consent(consent: Consent | None) -> list[object]:
    if consent is None:
        return [_("not asked"), "", "", ""]
    at = timezone.localtime(consent.at).isoformat(timespec="minutes")
    return [_("yes") if consent.given else _("no"), at, consent.text_version, consent.source]


def _known(ids: list[UUID], columns: list[str]) -> _Known:
    known = _Known()
    if "divisions" in columns:
        homes = Residence.objects.filter(supporter__in=ids).order_by("division__name")
        for person, name in homes.values_list("supporter", "division__name"):
            known.divisions[person].append(name)
    if "campaigns" in columns:
        pledges = Pledge.objects.counted().filter(supporter__in=ids).order_by("confirmed_at")
        for person, title in pledges.values_list("supporter", "campaign__title"):
            known.campaigns[person].append(title)
    if "tags" in columns:
        for person, name in (
            Tagging.objects.filter(supporter__in=ids)
            .order_by("tag__name")
            .values_list("supporter", "tag__name")
        ):
            known.tags[person].append(name)
    purposes = [name.removeprefix("consent_") for name in columns if name.startswith("consent_")]
    if purposes:
        said = Consent.objects.filter(supporter__in=ids, purpose__in=purposes)
        last = said.order_by().values("supporter", "purpose").annotate(last=Max("id")).values("last")
        for consent in Consent.objects.filter(pk__in=last).defer("text"):
            known.consents[consent.supporter_id, consent.purpose] = consent
    return known
