"""A list of people: choose it, say what its columns mean, look at what would happen, import it, take it back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions.jobs import begin
from campaigns.actions.supporter_imports import (
    approve_import,
    first_rows,
    plan_import,
    start_undo,
    take_list,
)
from campaigns.errors import ActionRefused
from campaigns.forms.supporter_import import ListForm, PlanForm
from campaigns.jobs import parts
from campaigns.jobs.import_undo import undoable
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.jobs import job_of
from campaigns.views.console.page import Step, confirmed, reason_of, show
from campaigns.views.console.supporters import supporter_crumbs
from contacts.models import Job, JobKind, JobPart, JobState, Organization, Supporter, Tag


def _import_of(organization: Organization, job_id: UUID) -> Job:
    job = job_of(organization, job_id)
    if job.kind != JobKind.IMPORT:
        raise Http404
    return job


@require_http_methods(["GET", "HEAD", "POST"])
@console("people")
def import_new(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Choose a list. It is kept, and nothing of it is imported before somebody looked at what it would do."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = take_list(organization=organization, name=file.name, file=file.file, actor=request.user)
        except ActionRefused as fact:
            form.add_error("file", reason_of(fact))
        else:
            return redirect("campaigns:supporter-import-plan", org=organization.slug, job_id=job.pk)
    context = {"form": form, "crumbs": supporter_crumbs(organization)}
    template = "campaigns/console/supporter_import.html"
    return show(request, organization, template, "supporters", context, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@console("people")
def import_plan(request: ConsoleRequest, organization: Organization, job_id: UUID) -> HttpResponse:
    """Say what the columns mean and what people agreed to; then it is looked at what the list would do."""
    job = _import_of(organization, job_id)
    if job.state not in {JobState.DRAFT, JobState.WAITING}:
        return redirect("campaigns:job", org=organization.slug, job_id=job.pk)
    params = job.params
    mine = Tag.objects.filter(organization=organization)
    said = {
        **(params.get("consent") or {}),
        "replaces": params.get("replaces", False),
        "tags": ", ".join(mine.filter(pk__in=params.get("tags", [])).values_list("name", flat=True)),
    }
    form = PlanForm(request.POST or None, headings=params["headings"], columns=params["columns"], said=said)
    if request.method == "POST" and form.is_valid():
        try:
            plan_import(
                job=job,
                columns=form.chosen(),
                replaces=form.cleaned_data["replaces"],
                tags=form.cleaned_data["tags"],
                agreement=form.agreement(),
                actor=request.user,
            )
        except ActionRefused as fact:
            messages.error(request, reason_of(fact))
        else:
            begin(job)
        return redirect("campaigns:job", org=organization.slug, job_id=job.pk)
    rows = first_rows(job)
    samples = [
        [row[n][:60] for row in rows if n < len(row) and row[n]] for n in range(len(params["headings"]))
    ]
    context = {
        "job": job,
        "form": form,
        "columns": list(zip(form.columns, samples, strict=True)),
        "tags": mine,
        "crumbs": supporter_crumbs(organization),
    }
    template = "campaigns/console/supporter_import_plan.html"
    return show(request, organization, template, "supporters", context, 422 if form.errors else 200)


@require_POST
@console("people")
def import_apply(request: ConsoleRequest, organization: Organization, job_id: UUID) -> HttpResponse:
    job = _import_of(organization, job_id)
    try:
        approve_import(job=job, actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        begin(job)
    return redirect("campaigns:job", org=organization.slug, job_id=job.pk)


@require_safe
@console("people")
def import_report(request: ConsoleRequest, organization: Organization, job_id: UUID) -> HttpResponseBase:
    """What became of each row, by its number in the list: names and addresses are in the list itself."""
    job = _import_of(organization, job_id)
    if not JobPart.objects.filter(job=job, role=JobPart.REPORT).exists():
        raise Http404
    response = StreamingHttpResponse(
        parts.pieces(job, JobPart.REPORT), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = (
        f'attachment; filename="import-{job.created_at:%Y-%m-%d-%H%M}-report.csv"'
    )
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@console("people")
def import_undo(request: ConsoleRequest, organization: Organization, job_id: UUID) -> HttpResponse:
    """Take out the people an import made who did nothing since, after a page that says how many they are."""
    job = _import_of(organization, job_id)
    out = undoable(job).count()
    stay = Supporter.objects.filter(import_job=job).count() - out
    back = reverse("campaigns:job", args=[organization.slug, job.pk])
    goes = ngettext(
        "%(n)s person whom this import made, and who did nothing since, is taken out with all that is known of them.",
        "%(n)s people whom this import made, and who did nothing since, are taken out with all that is known of them.",
        out,
    ) % {"n": intcomma(out)}
    stays = ngettext(
        "%(n)s person stays: they signed, or said something about mail, since.",
        "%(n)s people stay: they signed, or said something about mail, since.",
        stay,
    ) % {"n": intcomma(stay)}
    step = Step(
        title=_("Take the import back?"),
        button=_("Take them out"),
        consequences=[
            goes,
            *([stays] if stay else []),
            _("What the list changed of people who were here before stays changed, and so do their tags."),
            _("This can’t be undone; the list can be imported again."),
        ],
        blockers=[] if out else [_("Nobody is left whom this import made and who did nothing since.")],
        act=lambda: None,
        is_danger=True,
    )
    crumbs = [*supporter_crumbs(organization), (job.title, back)]
    if request.method == "POST" and out:
        try:
            undo = begin(start_undo(job=job, actor=request.user))
        except ActionRefused as fact:
            messages.error(request, reason_of(fact))
            return redirect(back)
        return redirect("campaigns:job", org=organization.slug, job_id=undo.pk)
    return confirmed(request, organization, step, section="supporters", back=back, crumbs=crumbs)
