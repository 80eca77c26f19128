from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions.briefs import request_brief
from campaigns.errors import ActionRefused
from campaigns.forms.brief import BriefForm
from campaigns.models import Campaign
from campaigns.permissions import console
from campaigns.views.console.page import page_of, query_without_page, show
from contacts.clock import today
from contacts.models import Organization
from policy.briefs.build import version_of
from policy.briefs.html import body
from policy.briefs.plain import from_plain
from policy.models import Brief, BriefState


def brief_of(organization: Organization, brief_id: UUID) -> Brief:
    """The organisation's brief, without its bytes; somebody else's is not found."""
    briefs = Brief.objects.defer("pdf").select_related("legislator", "requested_by", "issue")
    return get_object_or_404(briefs, organization=organization, pk=brief_id)


@require_safe
@console("briefs")
def brief_list(request: HttpRequest, organization: Organization) -> HttpResponse:
    page = page_of(
        request, Brief.objects.filter(organization=organization).listed().order_by("-created_at", "pk")
    )
    context = {"page": page, "query": query_without_page(request)}
    return show(request, organization, "campaigns/briefs/list.html", "briefs", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console("briefs")
def brief_new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Ask for a brief; a leave-behind asks for whom in a second step."""
    start = {
        "kind": request.GET.get("kind", "issue"),
        "campaign": request.GET.get("campaign", ""),
        "language": organization.language,
        "paper": "letter" if organization.country == "us" else "a4",
    }
    form = BriefForm(
        request.POST or None, initial=start, organization=organization, on=today(organization.time_zone)
    )
    if request.method == "POST" and not form.is_only_a_question() and form.is_valid():
        try:
            brief = request_brief(actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except ActionRefused as fact:
            form.add_error(None, str(fact.message))
        else:
            return redirect("campaigns:brief-detail", org=organization.slug, brief_id=brief.pk)
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/briefs/new.html", "briefs", {"form": form}, status)


@require_safe
@console("briefs")
def brief_detail(request: HttpRequest, organization: Organization, brief_id: UUID) -> HttpResponse:
    """A brief as a page, with its state; the same sections as in the PDF."""
    brief = brief_of(organization, brief_id)
    versions = Brief.objects.in_series_of(brief).listed().order_by("-created_at", "pk")[:10]
    context = {
        "brief": brief,
        "crumbs": [(_("Briefs"), reverse("campaigns:brief-list", args=[organization.slug]))],
        "body": body(from_plain(brief.content), version_of(brief)),
        "version": version_of(brief),
        "versions": versions,
    }
    return show(request, organization, "campaigns/briefs/detail.html", "briefs", context)


@require_safe
@console("briefs")
def brief_state(request: HttpRequest, organization: Organization, brief_id: UUID) -> HttpResponse:
    """The part of the page that changes while the PDF is made."""
    brief = brief_of(organization, brief_id)
    response = render(request, "campaigns/briefs/_state.html", {"brief": brief, "organization": organization})
    if brief.state != BriefState.BUILDING:
        response["X-Refresh"] = "over"
    return response


@require_POST
@console("briefs")
def brief_renew(request: HttpRequest, organization: Organization, brief_id: UUID) -> HttpResponse:
    """The same brief from the facts of now: a new version only when a fact has changed."""
    brief = brief_of(organization, brief_id)
    campaign = _campaign_of(brief)
    try:
        newest = request_brief(
            campaign=campaign,
            kind=brief.kind,
            legislator=brief.legislator,
            language=brief.language,
            paper=brief.paper,
            actor=request.user,  # type: ignore[arg-type]
        )
    except ActionRefused as fact:
        messages.error(request, str(fact.message))
        return redirect("campaigns:brief-detail", org=organization.slug, brief_id=brief.pk)
    if newest.pk == brief.pk:
        messages.success(request, _("No fact has changed: this version is current."))
    else:
        messages.success(request, _("Facts have changed: this is the new version."))
    return redirect("campaigns:brief-detail", org=organization.slug, brief_id=newest.pk)


def _campaign_of(brief: Brief) -> Campaign:
    kind, _colon, key = brief.subject.partition(":")
    campaigns = Campaign.objects.select_related("organization", "issue", "measure__jurisdiction")
    campaign = (
        campaigns.filter(organization=brief.organization_id, pk=key).first() if kind == "campaign" else None
    )
    if campaign is None:
        raise Http404
    return campaign


@require_safe
@console("briefs")
def brief_download(request: HttpRequest, organization: Organization, brief_id: UUID) -> HttpResponse:
    """The PDF as a file whose name carries its version."""
    brief = get_object_or_404(Brief, organization=organization, pk=brief_id, state=BriefState.READY)
    name = f"{brief.kind.replace('_', '-')}-{brief.language}-{brief.content_hash[:16]}.pdf"
    return HttpResponse(
        bytes(brief.pdf or b""),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Robots-Tag": "noindex",
        },
    )
