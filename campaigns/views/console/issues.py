from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms.policy import EvidenceForm, IssueForm, MeasureEventForm, MeasureForm, ResourceForm
from campaigns.permissions import console
from campaigns.views.console.page import page_of, query_without_page, show
from contacts.models import Organization
from policy.actions.issues import save_evidence, save_issue, save_resource
from policy.actions.measures import add_event, save_measure
from policy.models import Evidence, Issue, Measure, MeasureEvent, Resource, Stance

FORM = "campaigns/console/form.html"


@require_safe
@console("look")
def issue_list(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Issues and measures, found by their words."""
    words = request.GET.get("q", "").strip()[:80]
    issues = Issue.objects.filter(organization=organization).annotate(
        measure_count=Count("measures", distinct=True), evidence_count=Count("evidence", distinct=True)
    )
    if words:
        issues = issues.filter(Q(title__icontains=words) | Q(measures__title__icontains=words) | Q(measures__identifier__icontains=words))
    measures = Measure.objects.filter(organization=organization).select_related("issue", "jurisdiction")[:50]
    return show(
        request,
        organization,
        "campaigns/console/issue_list.html",
        "policy",
        {"page": page_of(request, issues.distinct().order_by("title")), "query": query_without_page(request), "words": words, "measures": measures},
    )


@require_safe
@console("look")
def issue_detail(request: HttpRequest, organization: Organization, issue_id: UUID) -> HttpResponse:
    issue = get_object_or_404(Issue, organization=organization, pk=issue_id)
    return show(
        request,
        organization,
        "campaigns/console/issue.html",
        "policy",
        {
            "issue": issue,
            "measures": issue.measures.select_related("jurisdiction"),
            "evidence": issue.evidence.all(),
            "resources": Resource.objects.filter(organization=organization),
            "campaigns": issue.campaigns.all(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def issue_form(request: HttpRequest, organization: Organization, issue_id: UUID | None = None) -> HttpResponse:
    issue = get_object_or_404(Issue, organization=organization, pk=issue_id) if issue_id else Issue(organization=organization)
    form = IssueForm(request.POST or None, instance=issue, organization=organization)
    if request.method == "POST" and form.is_valid():
        save_issue(issue=form.save(commit=False), actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _t("The issue is saved."))
        return redirect("campaigns:issue", org=organization.slug, issue_id=issue.pk)
    title = _t("Edit the issue") if issue_id else _t("New issue")
    return show(request, organization, FORM, "policy", {"form": form, "title": title, "button": _t("Save the issue")}, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def evidence_form(request: HttpRequest, organization: Organization, issue_id: UUID, evidence_id: UUID | None = None) -> HttpResponse:
    issue = get_object_or_404(Issue, organization=organization, pk=issue_id)
    evidence = (
        get_object_or_404(Evidence, organization=organization, issue=issue, pk=evidence_id)
        if evidence_id
        else Evidence(organization=organization, issue=issue)
    )
    form = EvidenceForm(request.POST or None, instance=evidence)
    if request.method == "POST" and form.is_valid():
        save_evidence(evidence=form.save(commit=False), actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _t("The evidence is saved."))
        return redirect("campaigns:issue", org=organization.slug, issue_id=issue.pk)
    return show(request, organization, FORM, "policy", {"form": form, "title": _t("Evidence"), "button": _t("Save the evidence"), "intro": _t("No figure is printed without its source.")}, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def resource_form(request: HttpRequest, organization: Organization, resource_id: UUID | None = None) -> HttpResponse:
    resource = get_object_or_404(Resource, organization=organization, pk=resource_id) if resource_id else Resource(organization=organization)
    form = ResourceForm(request.POST or None, instance=resource)
    if request.method == "POST" and form.is_valid():
        save_resource(resource=form.save(commit=False), actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _t("The resource is saved."))
        return redirect("campaigns:issue-list", org=organization.slug)
    return show(request, organization, FORM, "policy", {"form": form, "title": _t("Helpline, group or service"), "button": _t("Save the resource")}, 422 if form.errors else 200)


@require_safe
@console("look")
def measure_detail(request: HttpRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    measure = get_object_or_404(Measure.objects.select_related("issue", "jurisdiction"), organization=organization, pk=measure_id)
    stances = Stance.objects.filter(organization=organization, measure=measure).latest_per_legislator()
    events = list(measure.events.all())
    return show(
        request,
        organization,
        "campaigns/console/measure.html",
        "policy",
        {"measure": measure, "events": events, "status": events[-1] if events else None, "stances": stances.select_related("legislator").order_by("-level", "legislator__family_name"), "form": MeasureEventForm()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def measure_form(request: HttpRequest, organization: Organization, measure_id: UUID | None = None) -> HttpResponse:
    measure = get_object_or_404(Measure, organization=organization, pk=measure_id) if measure_id else Measure(organization=organization)
    form = MeasureForm(request.POST or None, instance=measure, organization=organization, initial={"issue": request.GET.get("issue")})
    if request.method == "POST" and form.is_valid():
        save_measure(measure=form.save(commit=False), actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _t("The measure is saved."))
        return redirect("campaigns:measure", org=organization.slug, measure_id=measure.pk)
    title = _t("Edit the measure") if measure_id else _t("New measure")
    return show(request, organization, FORM, "policy", {"form": form, "title": title, "button": _t("Save the measure")}, 422 if form.errors else 200)


@require_http_methods(["POST"])
@console("policy")
def event_add(request: HttpRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    measure = get_object_or_404(Measure, organization=organization, pk=measure_id)
    form = MeasureEventForm(request.POST, instance=MeasureEvent(measure=measure))
    if form.is_valid():
        same = measure.events.filter(kind=form.cleaned_data["kind"], on=form.cleaned_data["on"], note=form.cleaned_data["note"])
        if same.exists():
            messages.info(request, _t("This milestone is there already."))
        else:
            add_event(event=form.save(commit=False), actor=request.user)  # type: ignore[arg-type]
            messages.success(request, _t("The milestone is added."))
        return redirect("campaigns:measure", org=organization.slug, measure_id=measure.pk)
    return show(request, organization, FORM, "policy", {"form": form, "title": _t("New milestone"), "button": _t("Add the milestone")}, 422)
