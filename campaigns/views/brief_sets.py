"""Leave-behinds for everybody a campaign writes to: progress, cancel, resume, one zip and one file to print."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions import brief_sets as actions
from campaigns.errors import ActionRefused
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import page_of, query_without_page, reason_of, show
from contacts.clock import today
from contacts.models import Organization
from policy.actions.recalls import note_copies
from policy.briefs import bundle
from policy.models import BriefSet, BriefState, CopyKind, ItemState, SetState

TONES: dict[str, str] = {SetState.RUNNING: "info", SetState.DONE: "good", SetState.CANCELLED: "warn"}


def set_of(organization: Organization, set_id: UUID) -> BriefSet:
    """The organisation's set with its progress; somebody else's is not found."""
    sets = BriefSet.objects.with_progress().select_related("organization", "requested_by")
    found: BriefSet = get_object_or_404(sets, organization=organization, pk=set_id)
    return found


def _context(organization: Organization, brief_set: BriefSet) -> dict[str, object]:
    return {"organization": organization, "set": brief_set, "tone": TONES[brief_set.state]}


@require_safe
@console("briefs")
def brief_set(request: ConsoleRequest, organization: Organization, set_id: UUID) -> HttpResponse:
    found = set_of(organization, set_id)
    items = found.items.select_related("legislator", "brief").defer("brief__pdf", "brief__content")
    page = page_of(request, items.order_by("position"))
    context = {
        **_context(organization, found),
        "page": page,
        "query": query_without_page(request),
        "crumbs": [(_("Briefs"), reverse("campaigns:brief-list", args=[organization.slug]))],
    }
    return show(request, organization, "campaigns/briefs/set.html", "briefs", context)


@require_safe
@console("briefs")
def brief_set_state(request: ConsoleRequest, organization: Organization, set_id: UUID) -> HttpResponse:
    """The part of the page that changes while the briefs are made."""
    found = set_of(organization, set_id)
    response = render(request, "campaigns/briefs/_set_state.html", _context(organization, found))
    if found.state != SetState.RUNNING:
        response["X-Refresh"] = "over"
    return response


@require_POST
@console("briefs")
def brief_set_move(
    request: ConsoleRequest, organization: Organization, set_id: UUID, verb: str
) -> HttpResponse:
    moves = {"cancel": actions.cancel_set, "resume": actions.resume_set}
    if verb not in moves:
        raise Http404
    found = set_of(organization, set_id)
    try:
        moves[verb](brief_set=found, actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    return redirect("campaigns:brief-set", org=organization.slug, set_id=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@console("briefs")
def brief_set_zip(request: ConsoleRequest, organization: Organization, set_id: UUID) -> HttpResponseBase:
    """Every brief that is ready, each as a file named for its place in the list and its legislator."""
    found = _with_something(organization, set_id)
    if request.method != "POST":
        return redirect("campaigns:brief-set", org=organization.slug, set_id=found.pk)
    _note(request, organization, found, CopyKind.ZIP)
    response = StreamingHttpResponse(bundle.zipped(found), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{_name(found)}.zip"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@console("briefs")
def brief_set_print(request: ConsoleRequest, organization: Organization, set_id: UUID) -> HttpResponseBase:
    """Every brief that is ready one after the other, to be printed in one go."""
    found = _with_something(organization, set_id)
    if request.method != "POST":
        return redirect("campaigns:brief-set", org=organization.slug, set_id=found.pk)
    _note(request, organization, found, CopyKind.PRINT)
    response = FileResponse(bundle.printed(found), as_attachment=True, filename=f"{_name(found)}-print.pdf")
    response["Content-Type"] = "application/pdf"
    response["X-Robots-Tag"] = "noindex"
    return response


def _note(request: ConsoleRequest, organization: Organization, found: BriefSet, kind: CopyKind) -> None:
    """Who fetched the briefs of a set, in the list of copies of each."""
    ready = found.items.filter(state=ItemState.READY, brief__state=BriefState.READY)
    note_copies(
        briefs=[brief for brief in ready.values_list("brief", flat=True) if brief is not None],
        kind=kind,
        on=today(organization.time_zone),
        actor=request.user,
    )


def _with_something(organization: Organization, set_id: UUID) -> BriefSet:
    found = set_of(organization, set_id)
    if not found.items.filter(state=ItemState.READY).exists():
        raise Http404(_("No brief of this set is ready."))
    return found


def _name(found: BriefSet) -> str:
    return f"leave-behinds-{found.language}-{found.created_at:%Y-%m-%d}"
