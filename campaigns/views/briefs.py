from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions.brief_sets import request_set
from campaigns.actions.briefs import hand_over, request_brief, request_year, save_wording
from campaigns.brief_requests import campaign_of, year_of
from campaigns.errors import ActionRefused
from campaigns.forms.brief import BRIEF_LANGUAGES, FOR_ALL, BriefForm, HandOverForm, WordingForm, YearForm
from campaigns.models import Campaign
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import page_of, query_without_page, show
from campaigns.year import years_of
from contacts.clock import today
from contacts.models import Organization, User
from policy.actions.recalls import note_copies
from policy.briefs.build import version_of
from policy.briefs.difference import changes
from policy.briefs.html import body
from policy.briefs.plain import from_plain
from policy.models import Brief, BriefSet, BriefState, BriefWording, CopyKind
from policy.models.brief import BriefQuerySet

COPIES_SHOWN = 50


def brief_of(organization: Organization, brief_id: UUID) -> Brief:
    """The organisation's brief, without its bytes; somebody else's is not found."""
    briefs = Brief.objects.defer("pdf").select_related("legislator", "requested_by", "organization")
    return get_object_or_404(briefs, organization=organization, pk=brief_id)


@require_safe
@console("briefs")
def brief_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    page = page_of(
        request, Brief.objects.filter(organization=organization).listed().order_by("-created_at", "pk")
    )
    context = {
        "page": page,
        "query": query_without_page(request),
        "campaigns": Campaign.objects.of(organization).order_by("title"),
        "own_language": organization.language if organization.language in dict(BRIEF_LANGUAGES) else "en",
        "sets": BriefSet.objects.filter(organization=organization).with_progress()[:3],
    }
    return show(request, organization, "campaigns/briefs/list.html", "briefs", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console("briefs")
def brief_new(request: ConsoleRequest, organization: Organization) -> HttpResponse:
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
            return redirect(_ask(request, organization, form.cleaned_data))
        except ActionRefused as fact:
            form.add_error(None, str(fact.message))
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/briefs/new.html", "briefs", {"form": form}, status)


@require_http_methods(["GET", "HEAD", "POST"])
@console("briefs")
def brief_year(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Ask for the report of a year: the one that is over, if there is one."""
    years = years_of(organization)
    start = {
        "year": years[:2][-1],
        "language": organization.language,
        "paper": "letter" if organization.country == "us" else "a4",
    }
    form = YearForm(request.POST or None, initial=start, years=years)
    if request.method == "POST" and form.is_valid():
        try:
            brief = request_year(organization=organization, actor=request.user, **form.cleaned_data)
        except ActionRefused as fact:
            form.add_error(None, str(fact.message))
        else:
            return redirect("campaigns:brief-detail", org=organization.slug, brief_id=brief.pk)
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/briefs/year.html", "briefs", {"form": form}, status)


def _ask(request: ConsoleRequest, organization: Organization, wanted: dict[str, Any]) -> str:
    """Have the brief or the whole set made; the address of the page that shows it."""
    if wanted["kind"] == FOR_ALL:
        fields = {name: wanted[name] for name in ("campaign", "language", "paper")}
        found = request_set(actor=request.user, **fields)
        return reverse("campaigns:brief-set", args=[organization.slug, found.pk])
    brief = request_brief(actor=request.user, **wanted)
    return reverse("campaigns:brief-detail", args=[organization.slug, brief.pk])


@require_safe
@console("briefs")
def brief_detail(request: ConsoleRequest, organization: Organization, brief_id: UUID) -> HttpResponse:
    """A brief as a page, with its state; the same sections as in the PDF."""
    return _detail(request, organization, brief_of(organization, brief_id), HandOverForm())


@require_POST
@console("briefs")
def brief_hand_over(request: ConsoleRequest, organization: Organization, brief_id: UUID) -> HttpResponse:
    """Note to whom a copy was given."""
    brief = brief_of(organization, brief_id)
    form = HandOverForm(request.POST)
    if form.is_valid():
        try:
            hand_over(brief=brief, actor=request.user, **form.cleaned_data)
        except ActionRefused as fact:
            form.add_error(None, str(fact.message))
        else:
            messages.success(request, _("Noted."))
            return redirect("campaigns:brief-detail", org=organization.slug, brief_id=brief.pk)
    return _detail(request, organization, brief, form)


def _detail(
    request: ConsoleRequest, organization: Organization, brief: Brief, form: HandOverForm
) -> HttpResponse:
    series = Brief.objects.in_series_of(brief)
    copies = brief.copies.select_related("by")
    context: dict[str, Any] = {
        "brief": brief,
        "crumbs": [(_("Briefs"), reverse("campaigns:brief-list", args=[organization.slug]))],
        "version": version_of(brief),
        "versions": series.listed().order_by("-created_at", "pk")[:10],
        "copies": copies[:COPIES_SHOWN],
        "copy_count": copies.count(),
        "form": form,
    }
    if brief.state == BriefState.RECALLED:
        standing = series.exclude(state=BriefState.RECALLED).filter(created_at__gt=brief.created_at)
        context["newest"] = standing.listed().order_by("-created_at", "pk").first()
    else:
        context |= _shown(organization, brief, series)
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/briefs/detail.html", "briefs", context, status)


def _shown(organization: Organization, brief: Brief, series: BriefQuerySet) -> dict[str, Any]:
    """The brief itself, its old figures, and what changed since the version before."""
    document = from_plain(brief.content)
    sha256 = document.sender.logo
    logo_url = reverse("campaigns:brief-logo", args=[organization.slug, sha256]) if sha256 else ""
    earlier = series.filter(paper=brief.paper, created_at__lt=brief.created_at)
    before = earlier.exclude(state=BriefState.RECALLED).defer("pdf").order_by("-created_at").first()
    return {
        "body": body(document, version_of(brief), logo_url),
        "old": [source for _number, source in document.notes() if source.age],
        "before": before,
        "changes": changes(before.content, brief.content) if before else [],
    }


@require_safe
@console("briefs")
def brief_state(request: ConsoleRequest, organization: Organization, brief_id: UUID) -> HttpResponse:
    """The part of the page that changes while the PDF is made."""
    brief = brief_of(organization, brief_id)
    response = render(request, "campaigns/briefs/_state.html", {"brief": brief, "organization": organization})
    if brief.state != BriefState.BUILDING:
        response["X-Refresh"] = "over"
    return response


@require_POST
@console("briefs")
def brief_renew(request: ConsoleRequest, organization: Organization, brief_id: UUID) -> HttpResponse:
    """The same brief from the facts of now: a new version only when a fact has changed."""
    brief = brief_of(organization, brief_id)
    try:
        newest = _again(brief, request.user)
    except ActionRefused as fact:
        messages.error(request, str(fact.message))
        return redirect("campaigns:brief-detail", org=organization.slug, brief_id=brief.pk)
    if newest.pk == brief.pk:
        messages.success(request, _("No fact has changed: this version is current."))
    else:
        messages.success(request, _("Facts have changed: this is the new version."))
    return redirect("campaigns:brief-detail", org=organization.slug, brief_id=newest.pk)


def _again(brief: Brief, actor: User) -> Brief:
    year = year_of(brief.subject)
    if year is not None:
        return request_year(
            organization=brief.organization,
            year=year,
            language=brief.language,
            paper=brief.paper,
            actor=actor,
        )
    return request_brief(
        campaign=_campaign_of(brief),
        kind=brief.kind,
        legislator=brief.legislator,
        language=brief.language,
        paper=brief.paper,
        actor=actor,
    )


def _campaign_of(brief: Brief) -> Campaign:
    campaign = campaign_of(brief.organization_id, brief.subject)
    if campaign is None:
        raise Http404
    return campaign


@require_http_methods(["GET", "HEAD", "POST"])
@console("briefs")
def brief_wording(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, language: str
) -> HttpResponse:
    """The summary and the talking points that briefs of a campaign print in one language."""
    campaign = get_object_or_404(Campaign.objects.of(organization), pk=campaign_id)
    if language not in dict(BRIEF_LANGUAGES):
        raise Http404
    subject = f"campaign:{campaign.pk}"
    row = BriefWording.objects.filter(organization=organization, subject=subject, language=language).first()
    form = WordingForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        save_wording(campaign=campaign, language=language, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Kept. Briefs asked for from now on print it."))
        return redirect("campaigns:brief-wording", organization.slug, campaign.pk, language)
    context = {
        "form": form,
        "campaign": campaign,
        "language": language,
        "languages": BRIEF_LANGUAGES,
        "crumbs": [(_("Briefs"), reverse("campaigns:brief-list", args=[organization.slug]))],
    }
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/briefs/wording.html", "briefs", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@console("briefs")
def brief_download(request: ConsoleRequest, organization: Organization, brief_id: UUID) -> HttpResponse:
    """The PDF as a file whose name carries its version. Fetching it is noted, so it takes a POST."""
    if request.method != "POST":
        return redirect(
            "campaigns:brief-detail", org=organization.slug, brief_id=brief_of(organization, brief_id).pk
        )
    brief = get_object_or_404(Brief, organization=organization, pk=brief_id, state=BriefState.READY)
    note_copies(
        briefs=[brief.pk],
        kind=CopyKind.FILE,
        on=today(organization.time_zone),
        actor=request.user,
    )
    name = f"{brief.kind.replace('_', '-')}-{brief.language}-{brief.content_hash[:16]}.pdf"
    return HttpResponse(
        bytes(brief.pdf or b""),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Robots-Tag": "noindex",
        },
    )
