from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.findings.table import Column, Kind, Table
from campaigns.forms.measure import MeasureEventForm, MeasureForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.issues import asked_issue, policy_crumbs, policy_tabs
from campaigns.views.console.page import page_of, query_without_page, show, show_form, words_of
from campaigns.views.table_files import file_of, wants_file, with_files
from contacts.clock import today
from contacts.models import ChamberKind, Organization
from policy.actions.measures import save_measure
from policy.charts.bar import Bar, bar_chart
from policy.errors import MeasureRefused
from policy.markdown import to_html
from policy.models import (
    INVERSE,
    EventKind,
    Measure,
    MeasureEvent,
    Stance,
    StanceLevel,
    status_of,
    with_status,
)

# Of the legislators whose stance is known, those whom a measure's page names before all others.
_NEWEST = 8


@require_safe
@console("look")
def measure_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Bills and the like, each with its status."""
    measures = Measure.objects.filter(organization=organization).select_related("issue", "jurisdiction")
    words = words_of(request)
    if words:
        measures = measures.filter(
            Q(identifier__icontains=words) | Q(title__icontains=words) | Q(issue__title__icontains=words)
        )
    page = page_of(request, measures.order_by("identifier", "session", "pk"))
    context = {
        "page": page,
        "rows": with_status(page, today()),
        "query": query_without_page(request),
        "words": words,
        "tabs": policy_tabs(organization, "measures"),
    }
    return show(request, organization, "campaigns/console/measure_list.html", "policy", context)


@require_safe
@console("look")
def measure_detail(request: ConsoleRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    measure = measure_of(organization, measure_id)
    if wants_file(request):
        return file_of(request, measure.identifier, [_stances_table(_stances_on(measure))])
    form = MeasureEventForm(instance=MeasureEvent(measure=measure))
    return measure_page(request, organization, measure, form)


def _stances_on(measure: Measure) -> list[Stance]:
    """The last word on each legislator, those in favour first."""
    every = Stance.objects.filter(organization=measure.organization_id, measure=measure)
    latest = every.latest_per_legislator().select_related("legislator")
    return list(latest.order_by("-level", "legislator__family_name", "pk"))


def _stances_table(stances: Sequence[Stance]) -> Table:
    text = [_("Legislator"), _("Stance"), _("Evidence"), _("Source")]
    columns = [Column(name, Kind.TEXT) for name in text]
    return Table(
        "stances",
        _("Where legislators stand"),
        (*columns[:2], Column(_("As of"), Kind.DAY), *columns[2:]),
        [
            (one.legislator.name, one.get_level_display(), one.on, one.evidence, one.source_url)
            for one in stances
        ],
    )


def measure_of(organization: Organization, measure_id: UUID) -> Measure:
    """The organisation's measure; somebody else's is not found."""
    measures = Measure.objects.select_related("issue", "jurisdiction", "organization")
    return get_object_or_404(measures, organization=organization, pk=measure_id)


def measure_crumbs(organization: Organization, measure: Measure) -> list[tuple[object, str]]:
    here = reverse("campaigns:measure", args=[organization.slug, measure.pk])
    return [*policy_crumbs(organization), (measure.identifier, here)]


def related_to(measure: Measure) -> list[dict[str, object]]:
    """Other measures with how they stand to this one, said from this side."""
    ours = measure.relations.select_related("other__jurisdiction")
    theirs = measure.relations_from_others.select_related("measure__jurisdiction")
    return [
        {"label": related.get_kind_display(), "measure": related.other, "related": related}
        for related in ours
    ] + [{"label": INVERSE[related.kind], "measure": related.measure, "related": None} for related in theirs]


def measure_page(
    request: ConsoleRequest, organization: Organization, measure: Measure, form: MeasureEventForm
) -> HttpResponse:
    """Its facts and milestones, who brought it in, and where each legislator stands, the last word on each."""
    stances = _stances_on(measure)
    events = list(measure.events.select_related("chamber", "strikes", "struck_by", "recorded_by"))
    standing = [
        event for event in events if event.kind != EventKind.STRUCK and not hasattr(event, "struck_by")
    ]
    committees = {
        event.chamber.pk: event.chamber
        for event in standing
        if event.chamber and event.chamber.kind == ChamberKind.COMMITTEE
    }
    newest = sorted(stances, key=lambda stance: (stance.on, stance.recorded_at), reverse=True)[:_NEWEST]
    counts = [(level.label, sum(s.level == level for s in stances)) for level in reversed(StanceLevel)]
    context = {
        "measure": measure,
        "crumbs": policy_crumbs(organization, measure.issue),
        "summary": to_html(measure.summary),
        "reasons": to_html(measure.reasons),
        "events": [event for event in events if event.kind != EventKind.STRUCK],
        "status": status_of(standing, today()),
        "committees": committees.values(),
        "sponsors": measure.sponsorships.select_related("legislator"),
        "relations": related_to(measure),
        "is_followed": measure.followers.filter(user=request.user).exists(),
        "dates": measure.dates.select_related("chamber"),
        "positions": measure.positions.select_related("recorded_by"),
        "stances": stances,
        "stances_files": with_files(
            _stances_table(stances), reverse("campaigns:measure", args=[organization.slug, measure.pk])
        ),
        "newest": newest if len(stances) > _NEWEST else [],
        "stance_chart": bar_chart(
            title=ngettext("Where %(n)s legislator stands", "Where %(n)s legislators stand", len(stances))
            % {"n": len(stances)},
            bars=[Bar(str(label), n, intcomma(n)) for label, n in counts],
            width=420,
        ),
        "campaigns": measure.campaigns.all(),
        "today": today(),
        "form": form,
    }
    return show(
        request,
        organization,
        "campaigns/console/measure.html",
        "policy",
        context,
        422 if form.errors else 200,
    )


def is_saved(
    request: ConsoleRequest, form: "forms.ModelForm[Any]", save: Callable[[Any], object], told: str
) -> bool:
    """Whether a form about a measure was sent and `save` took it; if it was refused, the form says why."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save(form.save(commit=False))
    except MeasureRefused as fact:
        form.add_error(fact.field, str(fact.message))
        return False
    messages.success(request, told)
    return True


def to_measure(organization: Organization, measure: Measure) -> HttpResponse:
    return redirect("campaigns:measure", org=organization.slug, measure_id=measure.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def measure_form(
    request: ConsoleRequest, organization: Organization, measure_id: UUID | None = None
) -> HttpResponse:
    measure = measure_of(organization, measure_id) if measure_id else Measure(organization=organization)
    start = {} if measure_id else {"issue": asked_issue(request, organization)}
    form = MeasureForm(request.POST or None, instance=measure, initial=start)

    def save(found: Measure) -> None:
        save_measure(measure=found, actor=request.user, since=form.cleaned_data["since"])

    if is_saved(request, form, save, _("The measure is saved.")):
        return to_measure(organization, measure)
    crumbs = measure_crumbs(organization, measure) if measure_id else policy_crumbs(organization)
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("Edit the measure") if measure_id else _("New measure"),
        button=_("Save the measure"),
        crumbs=crumbs,
        intro=_("A bill, motion, regulation, budget line, by-law or treaty that you follow."),
    )
