"""Which code does which kind of job."""

from uuid import UUID

from campaigns.jobs import (
    engine,
    import_undo,
    invalidation,
    news,
    partner_export,
    printing,
    supporter_export,
    supporter_import,
    tagging,
    thanks,
)
from campaigns.jobs.engine import InTwo, Step
from contacts.models import Job, JobKind


def _export(job: Job) -> str | None:
    """People the organisation knows, or those of a joint campaign who chose it."""
    return partner_export.step(job) if "partnership" in job.params else supporter_export.step(job)


STEPS: dict[str, Step | InTwo] = {
    JobKind.TAG: tagging.add_portion,
    JobKind.UNTAG: tagging.remove_portion,
    JobKind.EXPORT: _export,
    JobKind.IMPORT: supporter_import.step,
    JobKind.UNDO_IMPORT: import_undo.undo_portion,
    JobKind.INVALIDATE: invalidation.invalidate_portion,
    JobKind.RESTORE: invalidation.restore_portion,
    JobKind.NEWS: news.mail_portion,
    JobKind.THANKS: thanks.thank_portion,
    JobKind.PRINT: InTwo(printing.make, printing.keep),
}


def work(job_id: UUID, *, seconds: float, is_watched: bool = False) -> bool:
    """Do portions of a job for about so long; whether there is more to do."""
    return engine.work(job_id, STEPS, seconds=seconds, is_watched=is_watched)
