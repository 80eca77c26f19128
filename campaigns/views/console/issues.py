from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms.policy import IssueForm
from campaigns.impact import impact_of
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import as_id, page_of, query_without_page, show, show_form, words_of
from campaigns.views.impact import impact_context, impact_tables
from campaigns.views.table_files import file_of, wants_file
from contacts.clock import today
from contacts.models import Organization
from policy.actions.issues import save_issue
from policy.languages import name_of
from policy.markdown import to_html
from policy.models import Issue, Measure, with_status


def policy_tabs(organization: Organization, current: str) -> list[tuple[str, str, bool]]:
    """The pages that policy is made of."""
    tabs = [
        ("issues", _("Issues"), "issue-list"),
        ("measures", _("Measures"), "measure-list"),
        ("calendar", _("Calendar"), "agenda"),
        ("evidence", _("Evidence"), "evidence-list"),
        ("indicators", _("Local figures"), "indicator-list"),
        ("resources", _("Helplines and services"), "resource-list"),
    ]
    return [
        (label, reverse(f"campaigns:{url}", args=[organization.slug]), key == current)
        for key, label, url in tabs
    ]


def policy_crumbs(organization: Organization, issue: Issue | None = None) -> list[tuple[object, str]]:
    crumbs: list[tuple[object, str]] = [
        (_("Policy"), reverse("campaigns:issue-list", args=[organization.slug]))
    ]
    if issue is not None and issue.pk and not issue._state.adding:
        crumbs.append((issue.title, reverse("campaigns:issue", args=[organization.slug, issue.pk])))
    return crumbs


@require_safe
@console("look")
def issue_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Issues, found by their words or by those of their measures."""
    words = words_of(request)
    issues = Issue.objects.filter(organization=organization).annotate(
        measure_count=Count("measures", distinct=True), evidence_count=Count("evidence", distinct=True)
    )
    if words:
        measures = Measure.objects.filter(issue=OuterRef("pk")).filter(
            Q(title__icontains=words) | Q(identifier__icontains=words)
        )
        issues = issues.filter(Q(title__icontains=words) | Q(summary__icontains=words) | Exists(measures))
    context = {
        "page": page_of(request, issues.order_by("title", "pk")),
        "query": query_without_page(request),
        "words": words,
        "tabs": policy_tabs(organization, "issues"),
    }
    return show(request, organization, "campaigns/console/issue_list.html", "policy", context)


@require_safe
@console("look")
def issue_detail(request: ConsoleRequest, organization: Organization, issue_id: UUID) -> HttpResponse:
    issue = get_object_or_404(Issue, organization=organization, pk=issue_id)
    on = today()
    page = page_of(request, Measure.objects.filter(issue=issue).by_level())
    context = {
        "issue": issue,
        "crumbs": policy_crumbs(organization),
        "body": to_html(issue.body),
        "page": page,
        "query": query_without_page(request),
        "measures": with_status(page, on),
        "evidence": [(item, item.is_old(on, organization.evidence_days)) for item in issue.evidence.all()],
        "campaigns": issue.campaigns.all(),
        "myths": [
            (myth, myth.evidence.is_old(on, organization.evidence_days))
            for myth in issue.myths.select_related("evidence")
        ],
        "share_texts": [(one, name_of(one.language)) for one in issue.share_texts.all()],
        "toolkits": issue.toolkits.defer("content"),
    }
    return show(request, organization, "campaigns/console/issue.html", "policy", context)


@require_safe
@console("look")
def issue_impact(request: ConsoleRequest, organization: Organization, issue_id: UUID) -> HttpResponse:
    """From the gap to what came afterwards, as visitors read it."""
    issue = get_object_or_404(
        Issue.objects.select_related("organization"), organization=organization, pk=issue_id
    )
    impact = impact_of(issue)
    if wants_file(request):
        return file_of(request, f"{organization.slug} {issue.slug}", impact_tables(impact))
    context = {**impact_context(impact), "crumbs": policy_crumbs(organization, issue)}
    return show(request, organization, "campaigns/console/impact.html", "policy", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def issue_form(
    request: ConsoleRequest, organization: Organization, issue_id: UUID | None = None
) -> HttpResponse:
    if issue_id:
        issue = get_object_or_404(Issue, organization=organization, pk=issue_id)
    else:
        issue = Issue(organization=organization)
    crumbs = policy_crumbs(organization, issue)
    form = IssueForm(request.POST or None, instance=issue)
    if request.method == "POST" and form.is_valid():
        save_issue(issue=form.save(commit=False), actor=request.user)
        messages.success(request, _("The issue is saved."))
        return redirect("campaigns:issue", org=organization.slug, issue_id=issue.pk)
    title = _("Edit the issue") if issue_id else _("New issue")
    intro = _("A problem you work on. Measures, evidence and campaigns hang on it.")
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=title,
        button=_("Save the issue"),
        crumbs=crumbs,
        intro=intro,
    )


def asked_issue(request: ConsoleRequest, organization: Organization) -> Issue | None:
    """The issue a link named, or the only one there is."""
    issues = Issue.objects.filter(organization=organization)
    asked = as_id(request.GET.get("issue", ""))
    if asked is None and issues.count() != 1:
        return None
    return issues.filter(pk=asked).first() if asked else issues.first()
