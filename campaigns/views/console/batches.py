"""Letters on paper: batches to print, and what a person says became of them."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import batches as actions
from campaigns.delivery.batches import waiting
from campaigns.delivery.due_bundles import missing
from campaigns.delivery.manifest import Line, lines_of
from campaigns.delivery.print_run import in_run
from campaigns.errors import ActionRefused
from campaigns.letters.reasons import ONE_ERASED
from campaigns.models import BatchState, Drive, DriveState, Letter, LetterState, PrintBatch, PrintBatchChange
from campaigns.permissions import ConsoleRequest, console, second_factor_needed
from campaigns.views.console.drives import drive_crumbs, drive_of
from campaigns.views.console.jobs import job_context
from campaigns.views.console.page import page_of, query_without_page, reason_of, show
from contacts.models import JobState, Organization

BATCH_TONES: dict[str, str] = {
    BatchState.MADE: "warn",
    BatchState.POSTED: "good",
    BatchState.DISCARDED: "quiet",
}


def batch_of(organization: Organization, batch_id: UUID) -> PrintBatch:
    """The organisation's batch; somebody else's is not found."""
    batches = PrintBatch.objects.defer("pdf", "manifest").select_related(
        "organization", "drive__campaign__organization", "post", "posted_by"
    )
    return get_object_or_404(batches, organization=organization, pk=batch_id)


def print_crumbs(organization: Organization, drive: Drive) -> list[tuple[object, str]]:
    here = (_("Print"), reverse("campaigns:print-batches", args=[organization.slug, drive.pk]))
    return [*drive_crumbs(organization, drive), here]


@require_safe
@console("people")
def batch_list(request: ConsoleRequest, organization: Organization, drive_id: UUID) -> HttpResponse:
    drive = drive_of(organization, drive_id)
    erased = PrintBatchChange.objects.filter(batch=OuterRef("pk"), reason=ONE_ERASED)
    batches = PrintBatch.objects.defer("pdf", "manifest").filter(drive=drive).select_related("post")
    page = page_of(request, batches.annotate(was_erased_from=Exists(erased)))
    job = actions.last_printing(drive)
    context = {
        **(job_context(request, organization, job) if job else {}),
        "drive": drive,
        "page": page,
        "rows": [(batch, BATCH_TONES[batch.state]) for batch in page],
        "query": query_without_page(request),
        "waiting": waiting(drive).count(),
        "in_run": in_run(drive).count(),
        "missing": missing(drive, job) if job and job.state == JobState.FAILED else [],
        "bundles": drive.campaign.bundle_similar,
        "is_running": drive.state == DriveState.RUNNING,
        "crumbs": drive_crumbs(organization, drive),
    }
    return show(request, organization, "campaigns/console/print_batches.html", "campaigns", context)


@require_POST
@console("campaigns")
def batch_make(request: ConsoleRequest, organization: Organization, drive_id: UUID) -> HttpResponse:
    """Have what waits set for printing; the page says how far that is."""
    drive = drive_of(organization, drive_id)
    try:
        actions.ask_for_batches(drive=drive, actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    return redirect("campaigns:print-batches", org=organization.slug, drive_id=drive.pk)


@require_safe
@console("people")
def batch_detail(request: ConsoleRequest, organization: Organization, batch_id: UUID) -> HttpResponse:
    batch = batch_of(organization, batch_id)
    is_discarded = batch.state == BatchState.DISCARDED
    is_running = batch.drive.state == DriveState.RUNNING
    context = {
        "batch": batch,
        "tone": BATCH_TONES[batch.state],
        "has_file": PrintBatch.objects.filter(pk=batch.pk, pdf__isnull=False).exists(),
        "taken_out": _taken_out(batch),
        "goes_on": batch.drive.state in {DriveState.SCHEDULED, DriveState.RUNNING, DriveState.PAUSED},
        "waiting": waiting(batch.drive).count() if is_discarded and is_running else 0,
        "history": [
            (batch.said_of(change.to_state), change) for change in batch.history.select_related("actor")
        ],
        "crumbs": print_crumbs(organization, batch.drive),
    }
    return show(request, organization, "campaigns/console/print_batch.html", "campaigns", context)


def _taken_out(batch: PrintBatch) -> list[tuple[Letter, Line | None]]:
    """Letters of a file that were stopped since it was made, with where they are in it, in its order.

    Of one that is to be posted also those that go on without it: counted again, readdressed, by another way.
    """
    stopped = Q(
        state__in=[LetterState.WITHDRAWN, LetterState.CANCELLED, LetterState.EXPIRED, LetterState.HELD]
    )
    lines = lines_of(batch.manifest)
    gone = Q(pk__in=list(lines)) & (stopped | ~Q(batch=batch) if batch.state == BatchState.MADE else stopped)
    letters = list(Letter.objects.filter(gone | Q(batch=batch) & stopped).select_related("pledge"))
    rows = [(letter, lines.get(str(letter.pk))) for letter in letters]
    return sorted(rows, key=lambda row: row[1].number if row[1] else 0)


@require_safe
@console("people")
def batch_download(
    request: ConsoleRequest, organization: Organization, batch_id: UUID, part: str
) -> HttpResponse:
    """The file to print, or the list of what is in it: names and addresses of supporters leave with both."""
    if (detour := second_factor_needed(request)) is not None:
        return detour
    batch = get_object_or_404(
        PrintBatch.objects.select_related("post"), organization=organization, pk=batch_id, pdf__isnull=False
    )
    name = f"{slugify(batch.post.label)[:60] or 'letters'}-{batch.pk.hex[:8]}"
    files = {
        "letters": (bytes(batch.pdf or b""), "application/pdf", f"{name}.pdf"),
        "list": (batch.manifest.encode(), "text/csv; charset=utf-8", f"{name}.csv"),
    }
    if part not in files:
        raise Http404
    content, media_type, file_name = files[part]
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "X-Robots-Tag": "noindex",
        },
    )
