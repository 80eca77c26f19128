"""Long work: how far it is, what came of it, and the files it made."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import jobs as actions
from campaigns.actions.partners import note_export
from campaigns.errors import ActionRefused
from campaigns.jobs import partner_export, parts
from campaigns.permissions import ConsoleRequest, console, may, rights_of, second_factor_needed
from campaigns.spreadsheet import XLSX_TYPE
from campaigns.views.console.drives import drive_crumbs, drive_of
from campaigns.views.console.joint import joint_crumbs
from campaigns.views.console.page import page_of, query_without_page, reason_of, show
from campaigns.views.console.supporters import supporter_crumbs
from contacts.actions.organizations import record
from contacts.models import Job, JobKind, JobPart, JobState, Organization

TONES: dict[str, str] = {
    JobState.DRAFT: "quiet",
    JobState.RUNNING: "info",
    JobState.WAITING: "warn",
    JobState.DONE: "good",
    JobState.CANCELLED: "quiet",
    JobState.FAILED: "bad",
}


def job_of(organization: Organization, job_id: UUID) -> Job:
    """The organisation's job; somebody else's is not found."""
    jobs = Job.objects.of(organization).select_related("organization", "requested_by")
    found: Job = get_object_or_404(jobs, pk=job_id)
    return found


def _has_file(job: Job) -> bool:
    is_made = job.kind == JobKind.EXPORT and job.state == JobState.DONE
    is_allowed = "partnership" not in job.params or partner_export.may_be_taken(job)
    return is_made and is_allowed and JobPart.objects.filter(job=job, role=JobPart.FILE).exists()


def _crumbs(organization: Organization, job: Job) -> list[tuple[object, str]]:
    """The way back: to the joint campaign for an export of a partner's, to the drive for letters that are printed."""
    if "partnership" in job.params:
        return joint_crumbs(organization, partner_export.partnership_in(job))
    if job.kind == JobKind.PRINT:
        drive = drive_of(organization, UUID(job.params["drive"]))
        here = reverse("campaigns:print-batches", args=[organization.slug, drive.pk])
        return [*drive_crumbs(organization, drive), (_("Print"), here)]
    return supporter_crumbs(organization)


def job_context(request: ConsoleRequest, organization: Organization, job: Job) -> dict[str, object]:
    """What the part of a page that tells of a job needs."""
    return {
        "organization": organization,
        "job": job,
        "may": rights_of(request.roles),
        "tone": TONES[job.state],
        "has_file": _has_file(job),
        "share": min(100, 100 * job.done // job.total) if job.total else 0,
    }


@require_safe
@console("people")
def job_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    jobs = Job.objects.of(organization).select_related("requested_by").order_by("-created_at", "pk")
    page = page_of(request, jobs)
    context = {
        "page": page,
        "rows": [(job, TONES[job.state]) for job in page],
        "query": query_without_page(request),
        "crumbs": supporter_crumbs(organization),
    }
    return show(request, organization, "campaigns/console/job_list.html", "supporters", context)


@require_safe
@console("people", for_partners=True)
def job_detail(request: ConsoleRequest, organization: Organization, job_id: UUID) -> HttpResponse:
    job = job_of(organization, job_id)
    section = (
        "joint" if "partnership" in job.params else "campaigns" if job.kind == JobKind.PRINT else "supporters"
    )
    context = {**job_context(request, organization, job), "crumbs": _crumbs(organization, job)}
    return show(request, organization, "campaigns/console/job.html", section, context)


@require_safe
@console("people", for_partners=True)
def job_state(request: ConsoleRequest, organization: Organization, job_id: UUID) -> HttpResponse:
    """The part of the page that changes while the job is under way."""
    job = job_of(organization, job_id)
    response = render(request, "campaigns/console/_job_state.html", job_context(request, organization, job))
    if job.state != JobState.RUNNING:
        response["X-Refresh"] = "over"
    return response


@require_POST
@console("people", for_partners=True)
def job_move(request: ConsoleRequest, organization: Organization, job_id: UUID, verb: str) -> HttpResponse:
    moves = {"cancel": actions.cancel_job, "put-away": actions.put_away}
    if verb not in moves:
        raise Http404
    job = job_of(organization, job_id)
    try:
        moves[verb](job=job, actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    if verb == "put-away":
        return redirect("campaigns:console-home", org=organization.slug)
    return redirect("campaigns:job", org=organization.slug, job_id=job.pk)


@require_POST
@console("export", for_partners=True)
def job_file(request: ConsoleRequest, organization: Organization, job_id: UUID) -> HttpResponseBase:
    """The file an export made. A POST, so that every download stands in the audit log."""
    if (detour := second_factor_needed(request)) is not None:
        return detour
    job = job_of(organization, job_id)
    if not _has_file(job):
        raise Http404(_("There is no file."))
    record(
        organization=organization,
        actor=request.user,
        verb="download export",
        obj=job,
        people=job.result.get("rows", 0),
    )
    partnership = partner_export.partnership_in(job)
    if partnership is not None:
        note_export(partnership, "partner downloads export", job.result.get("rows", 0))
    kind = job.params["format"]
    types = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX_TYPE}
    response = StreamingHttpResponse(parts.pieces(job, JobPart.FILE), content_type=types[kind])
    name = f"supporters-{job.created_at:%Y-%m-%d-%H%M}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def news_of(request: ConsoleRequest, organization: Organization) -> list[tuple[Job, str]]:
    """What somebody asked for that is under way, waits for them, or is over and not put away."""
    if not may(request.roles, "people"):
        return []
    mine = Job.objects.of(organization).filter(requested_by=request.user, seen_at__isnull=True)
    shown = mine.exclude(state__in=[JobState.DRAFT, JobState.CANCELLED]).order_by("-created_at")[:10]
    return [(job, TONES[job.state]) for job in shown]
