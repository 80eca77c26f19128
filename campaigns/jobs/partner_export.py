"""People who chose a partner, as a table for that partner; while its partnership is in force, and no longer."""

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.delivery.hours import zone_or_utc
from campaigns.jobs.engine import JobStopped
from campaigns.jobs.supporter_export import as_workbook, keep_rows
from campaigns.models import Partnership
from campaigns.partners import joint_of, portion_of, read_supporters, supporters_of
from contacts.models import Job

_PORTION = 1000


def partnership_in(job: Job) -> Partnership | None:
    """The partnership an export is of, while it is in force and shows supporters."""
    if "partnership" not in job.params:
        return None
    return joint_of(job.organization).filter(pk=job.params["partnership"], sees_supporters=True).first()


def may_be_taken(job: Job) -> bool:
    """Whether a file may still be downloaded: everybody in it may be written to by what they said before it was made.

    Who took it back, stopped mails, is no longer counted or had their data erased is missing among these.
    """
    partnership = partnership_in(job)
    if partnership is None:
        return False
    return bool(job.result.get("rows", 0) == len(supporters_of(partnership, said_by=job.created_at)))


def step(job: Job) -> str | None:
    """The next rows; in the end, for XLSX, the whole workbook."""
    partnership = partnership_in(job)
    if partnership is None:
        raise JobStopped(_("The partnership has ended."))
    if job.cursor.get("rows_written"):
        return as_workbook(job)
    # Those who chose it meanwhile are left to the next file; who took it back is in none.
    ids, last = portion_of(partnership, job.created_at, job.cursor.get("after", ""), _PORTION)
    rows: list[list[object]] = [_head()] if job.cursor.get("position", 0) == 0 else []
    with timezone.override(zone_or_utc(job.organization.time_zone)):
        people = read_supporters(partnership, ids)
        rows += [
            [
                one.name,
                one.email,
                one.postal_code,
                timezone.localtime(one.at).isoformat(timespec="minutes"),
                one.text_version,
                one.language,
                one.page,
            ]
            for one in people
        ]
    if last is not None:
        job.cursor = {**job.cursor, "after": last}
    return keep_rows(job, rows, len(people), is_last=last is None)


def _head() -> list[object]:
    return [
        _("Name"),
        _("Mail address"),
        _("Postal code"),
        _("Chose you on"),
        _("Version of the words"),
        _("Language"),
        _("Page"),
    ]
