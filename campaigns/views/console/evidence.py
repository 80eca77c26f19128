"""The evidence library: claims with figure and source, what they said before, and where they are used."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms.evidence import EvidenceForm
from campaigns.letters.compose import EVIDENCE, keys_in
from campaigns.models import LetterVersion
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.issues import policy_crumbs, policy_tabs
from campaigns.views.console.page import page_of, query_without, query_without_page, show, show_form, words_of
from contacts.clock import now, today
from contacts.models import Organization
from policy.actions.evidence import save_evidence
from policy.models import Brief, Evidence, Issue
from policy.told import cited_of

_USES_SHOWN = 50


@require_safe
@console("look")
def evidence_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Every claim, by issue, by age or by its words."""
    words, on = words_of(request), today()
    issues = list(Issue.objects.filter(organization=organization).order_by("title"))
    issue = next((i for i in issues if str(i.pk) == request.GET.get("issue", "")), None)
    everything = Evidence.objects.filter(organization=organization)
    found = everything.filter(issue=issue) if issue else everything
    old = found.old(on, organization.evidence_days)
    is_old_only = request.GET.get("age") == "old"
    rows = old if is_old_only else found
    if words:
        rows = rows.filter(
            Q(claim__icontains=words)
            | Q(key__icontains=words)
            | Q(figure__icontains=words)
            | Q(source_title__icontains=words)
        )
    page = page_of(request, rows.select_related("issue").order_by("issue__title", "position", "pk"))
    context = {
        "page": page,
        "rows": [(item, item.is_old(on, organization.evidence_days)) for item in page],
        "query": query_without_page(request),
        "words": words,
        "hidden": [(name, request.GET[name]) for name in ("issue", "age") if name in request.GET],
        "issues": issues,
        "issue": issue or (issues[0] if len(issues) == 1 else None),
        "chosen": issue,
        "old_count": old.count(),
        "is_old_only": is_old_only,
        "chip_query": query_without(request, "page", "age"),
        "tabs": policy_tabs(organization, "evidence"),
    }
    return show(request, organization, "campaigns/console/evidence_list.html", "policy", context)


@require_safe
@console("look")
def evidence_detail(request: ConsoleRequest, organization: Organization, evidence_id: UUID) -> HttpResponse:
    evidence = get_object_or_404(
        Evidence.objects.select_related("issue", "division"), organization=organization, pk=evidence_id
    )
    context = {
        "evidence": evidence,
        "crumbs": [
            *policy_crumbs(organization),
            (_("Evidence"), reverse("campaigns:evidence-list", args=[organization.slug])),
        ],
        "field": f"{EVIDENCE}{evidence.key}",
        "cited": evidence.cited_in(organization.language, organization.language),
        "is_old": evidence.is_old(today(), organization.evidence_days),
        "versions": evidence.versions.select_related("replaced_by"),
        "letters": _letters(organization, evidence),
        "briefs": _briefs(organization, evidence),
    }
    return show(request, organization, "campaigns/console/evidence.html", "policy", context)


def _letters(organization: Organization, evidence: Evidence) -> list[tuple[LetterVersion, bool]]:
    """Letter versions that cite it, with whether they still say what it said before."""
    field = f"{EVIDENCE}{evidence.key}"
    versions = LetterVersion.objects.filter(
        group__campaign__organization=organization, cited__has_key=field
    ).select_related("group__campaign")
    own = organization.language
    return [
        (version, version.cited[field] != evidence.cited_in(version.language, own))
        for version in versions[:_USES_SHOWN]
    ]


def _briefs(organization: Organization, evidence: Evidence) -> list[Brief]:
    """Briefs that print it, the newest first; each names the rows its figures come from."""
    printed = Brief.objects.filter(organization=organization, content__icontains=f"evidence:{evidence.pk}")
    return list(printed.listed().order_by("-created_at")[:_USES_SHOWN])


def citations_of(
    organization: Organization, version: LetterVersion
) -> list[tuple[Evidence, bool, str, bool]]:
    """What a letter cites: each claim, whether it is old, what it says now, and whether the letter says otherwise."""
    keys = keys_in(version.opening, version.talking_points, version.closing)
    on = today()
    known = Evidence.objects.filter(organization=organization, key__in=keys) if keys else []
    return [
        (
            item,
            item.is_old(on, organization.evidence_days),
            cited,
            version.cited.get(f"{EVIDENCE}{item.key}", cited) != cited,
        )
        for item, cited in cited_of(known, organization, version.language)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def evidence_form(
    request: ConsoleRequest, organization: Organization, issue_id: UUID, evidence_id: UUID | None = None
) -> HttpResponse:
    issue = get_object_or_404(Issue, organization=organization, pk=issue_id)
    if evidence_id:
        evidence = get_object_or_404(Evidence, organization=organization, issue=issue, pk=evidence_id)
    else:
        evidence = Evidence(organization=organization, issue=issue)
    start = {} if evidence_id else {"retrieved_on": localdate(now())}
    form = EvidenceForm(request.POST or None, instance=evidence, initial=start)
    if request.method == "POST" and form.is_valid():
        save_evidence(evidence=form.save(commit=False), actor=request.user)
        messages.success(request, _("The evidence is saved."))
        if evidence_id:
            return redirect("campaigns:evidence", org=organization.slug, evidence_id=evidence.pk)
        return redirect("campaigns:issue", org=organization.slug, issue_id=issue.pk)
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("Edit the evidence") if evidence_id else _("Add evidence"),
        button=_("Save the evidence"),
        crumbs=policy_crumbs(organization, issue),
        intro=_("No figure is printed without its source, on no page and in no brief."),
    )
