from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import tasks
from campaigns.actions.jobs import start_job
from campaigns.delivery.batches import let_go, waiting
from campaigns.delivery.due_bundles import printing_of
from campaigns.delivery.print_run import in_run
from campaigns.errors import ActionRefused, BadMove
from campaigns.letters.reasons import IN_A_BUNDLE
from campaigns.models import BatchState, Drive, DriveState, Letter, LetterState, PrintBatch
from campaigns.models.moves import move, move_many
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Job, JobKind, User

POSTED = "printed and posted"
NOT_POSTED = "correction: it had not been posted"


@transaction.atomic
def ask_for_batches(*, drive: Drive, actor: User) -> Job:
    """Have all that waits in a drive set for printing, as long work. The same letters are not set twice at once."""
    # Two who ask in the same moment are asked one after the other.
    state = Drive.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=drive.pk)
    if state != DriveState.RUNNING:
        raise ActionRefused(_("Letters are printed while the drive is running."))
    before = last_printing(drive)
    if before is not None and not before.is_over:
        raise ActionRefused(_("These letters are being set already."))
    letters = waiting(drive).count()
    if not letters:
        raise ActionRefused(_("No letter waits to be printed."))
    job = start_job(
        organization=drive.campaign.organization,
        kind=JobKind.PRINT,
        title=f"{drive.campaign.title}: {drive.name}",
        params={"drive": str(drive.pk)},
        total=letters,
        actor=actor,
        counted="letters",
    )
    # A file takes its time, and a press is nothing that a web process should start.
    tasks.do_job.delay_on_commit(str(job.pk))
    return job


def last_printing(drive: Drive) -> Job | None:
    """The last time that a drive's letters were set for printing, by somebody's wish or by themselves."""
    return printing_of(drive).select_related("requested_by").first()


def still_in(batch: PrintBatch) -> int:
    """Letters of a batch that are still to be posted: not taken back, cancelled or given up meanwhile."""
    return Letter.objects.filter(batch=batch, state=LetterState.QUEUED).count()


@transaction.atomic
def mark_posted(*, batch: PrintBatch, actor: User) -> int:
    """Somebody posted the batch or handed the bundle over: its letters are sent; gives how many.

    Raises BadMove the second time.
    """
    at = now()
    reason = IN_A_BUNDLE if batch.is_bundle else POSTED
    move(batch, BatchState.POSTED, at=at, actor=actor, reason=reason, posted_at=at, posted_by=actor)
    letters = Letter.objects.filter(batch=batch, state=LetterState.QUEUED)
    sent = move_many(
        letters,
        LetterState.SENT,
        at=at,
        actor=actor,
        reason=reason,
        note="",
        sent_at=at,
        accepted_reply=reason,
    )
    _record(batch, actor, f"posted {sent} letters")
    return sent


def mark_run_posted(*, drive: Drive, until: datetime, actor: User) -> int:
    """Mark each file of a run as posted that was set until then; gives how many letters. Each file is one whole.

    What a colleague has marked or discarded meanwhile is left as it is.
    """
    sent = 0
    for batch in in_run(drive).filter(made_at__lte=until).select_related("organization"):
        with suppress(BadMove):
            sent += mark_posted(batch=batch, actor=actor)
    return sent


@transaction.atomic
def correct_posted(*, batch: PrintBatch, actor: User) -> int:
    """It had not been posted after all: its letters wait again, and both histories say so; gives how many."""
    at = now()
    move(batch, BatchState.MADE, at=at, actor=actor, reason=NOT_POSTED, posted_at=None, posted_by=None)
    letters = Letter.objects.filter(batch=batch, state__in=[LetterState.SENT, LetterState.SETTLED])
    back = move_many(
        letters, LetterState.QUEUED, at=at, actor=actor, reason=NOT_POSTED, sent_at=None, accepted_reply=""
    )
    _record(batch, actor, f"correct: {back} letters had not been posted")
    return back


@transaction.atomic
def discard_batch(*, batch: PrintBatch, actor: User) -> int:
    """Throw a file away that is not posted; its letters wait for the next one. Gives how many."""
    at = now()
    move(batch, BatchState.DISCARDED, at=at, actor=actor, reason="discarded", pdf=None, manifest="")
    letters = let_go(batch)
    _record(batch, actor, "discard print batch")
    return letters


def _record(batch: PrintBatch, actor: User, verb: str) -> None:
    record(organization=batch.organization, actor=actor, verb=verb, obj=batch)
