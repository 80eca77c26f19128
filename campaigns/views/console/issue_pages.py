"""The public page of an issue, for those who keep it: shown or not, myths, texts to share, files to download."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms.issue_page import MythForm, ShareTextForm, ToolkitForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.issues import policy_crumbs
from campaigns.views.console.page import show_form
from contacts.models import Organization
from policy.actions import issue_pages as actions
from policy.errors import PageRefused
from policy.models import Issue, Myth, Toolkit


def _issue(organization: Organization, issue_id: UUID) -> Issue:
    found: Issue = get_object_or_404(
        Issue.objects.select_related("organization"), organization=organization, pk=issue_id
    )
    return found


def _back(issue: Issue) -> HttpResponse:
    page = reverse("campaigns:issue", args=[issue.organization.slug, issue.pk])
    return redirect(f"{page}#page")


@require_POST
@console("policy")
def issue_show(request: ConsoleRequest, organization: Organization, issue_id: UUID) -> HttpResponse:
    """Put the page before everybody, or take it away; both can be undone at once."""
    issue = _issue(organization, issue_id)
    is_public = request.POST.get("show") == "1"
    actions.show_issue(issue=issue, is_public=is_public, actor=request.user)
    messages.success(request, _("The page is public.") if is_public else _("The page is taken down."))
    return _back(issue)


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def myth_form(
    request: ConsoleRequest, organization: Organization, issue_id: UUID, myth_id: UUID | None = None
) -> HttpResponse:
    issue = _issue(organization, issue_id)
    myth = get_object_or_404(Myth, issue=issue, pk=myth_id) if myth_id else Myth(issue=issue)
    form = MythForm(request.POST or None, instance=myth)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_myth(myth=form.save(commit=False), actor=request.user)
        except PageRefused as fact:
            form.add_error(fact.field, str(fact.message))
        else:
            messages.success(request, _("Saved."))
            return _back(issue)
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("A myth, and what is so"),
        button=_("Save"),
        crumbs=policy_crumbs(organization, issue),
    )


@require_POST
@console("policy")
def myth_remove(
    request: ConsoleRequest, organization: Organization, issue_id: UUID, myth_id: UUID
) -> HttpResponse:
    issue = _issue(organization, issue_id)
    actions.remove_myth(myth=get_object_or_404(Myth, issue=issue, pk=myth_id), actor=request.user)
    messages.success(request, _("The myth is removed."))
    return _back(issue)


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def share_text_form(request: ConsoleRequest, organization: Organization, issue_id: UUID) -> HttpResponse:
    """Texts to share, one language at a time."""
    issue = _issue(organization, issue_id)
    asked = request.GET.get("language", "")
    asked = asked if asked in dict(settings.LANGUAGES) else organization.language
    known = issue.share_texts.filter(language=asked).first()
    start = {"language": asked}
    if known is not None:
        start |= {"headline": known.headline, "text": known.text}
    form = ShareTextForm(request.POST or None, issue=issue, initial=start)
    if request.method == "POST" and form.is_valid():
        actions.save_share_text(issue=issue, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return _back(issue)
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("What readers may pass on"),
        button=_("Save"),
        crumbs=policy_crumbs(organization, issue),
        intro=issue.title,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def toolkit_new(request: ConsoleRequest, organization: Organization, issue_id: UUID) -> HttpResponse:
    issue = _issue(organization, issue_id)
    form = ToolkitForm(
        request.POST or None, request.FILES or None, initial={"language": organization.language}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.add_toolkit(
                issue=issue,
                title=data["title"],
                language=data["language"],
                content=form.content(),
                actor=request.user,
            )
        except PageRefused as fact:
            form.add_error(fact.field, str(fact.message))
        else:
            messages.success(request, _("The file is there to download."))
            return _back(issue)
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("A file to download"),
        button=_("Add it"),
        crumbs=policy_crumbs(organization, issue),
        intro=_("Posters, leaflets or slides. Look that they say nothing of people who did not agree."),
    )


@require_POST
@console("policy")
def toolkit_remove(
    request: ConsoleRequest, organization: Organization, issue_id: UUID, toolkit_id: UUID
) -> HttpResponse:
    issue = _issue(organization, issue_id)
    toolkit = get_object_or_404(Toolkit.objects.defer("content"), issue=issue, pk=toolkit_id)
    actions.remove_toolkit(toolkit=toolkit, actor=request.user)
    messages.success(request, _("The file is removed."))
    return _back(issue)
