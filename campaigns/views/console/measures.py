from uuid import UUID

from django.contrib import messages
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms.policy import MeasureEventForm, MeasureForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.issues import asked_issue, policy_crumbs, policy_tabs
from campaigns.views.console.page import page_of, query_without_page, show, show_form, words_of
from contacts.clock import now
from contacts.models import Organization
from policy.actions.measures import add_event, save_measure
from policy.charts.bar import Bar, bar_chart
from policy.markdown import to_html
from policy.models import EventKind, Measure, MeasureEvent, Stance, StanceLevel


@require_safe
@console("look")
def measure_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Bills and the like, each with its last milestone."""
    last = MeasureEvent.objects.filter(measure=OuterRef("pk")).order_by("-on", "-id")
    measures = (
        Measure.objects.filter(organization=organization)
        .select_related("issue", "jurisdiction")
        .annotate(last_kind=Subquery(last.values("kind")[:1]), last_on=Subquery(last.values("on")[:1]))
    )
    words = words_of(request)
    if words:
        measures = measures.filter(
            Q(identifier__icontains=words) | Q(title__icontains=words) | Q(issue__title__icontains=words)
        )
    page = page_of(request, measures.order_by("identifier", "pk"))
    context = {
        "page": page,
        "rows": [
            (measure, EventKind(measure.last_kind).label if measure.last_kind else "") for measure in page
        ],
        "query": query_without_page(request),
        "words": words,
        "tabs": policy_tabs(organization, "measures"),
    }
    return show(request, organization, "campaigns/console/measure_list.html", "policy", context)


@require_safe
@console("look")
def measure_detail(request: ConsoleRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    measure = measure_of(organization, measure_id)
    form = MeasureEventForm(instance=MeasureEvent(measure=measure))
    return _measure_page(request, organization, measure, form)


def measure_of(organization: Organization, measure_id: UUID) -> Measure:
    """The organisation's measure; somebody else's is not found."""
    measures = Measure.objects.select_related("issue", "jurisdiction", "organization")
    return get_object_or_404(measures, organization=organization, pk=measure_id)


def _measure_page(
    request: ConsoleRequest, organization: Organization, measure: Measure, form: MeasureEventForm
) -> HttpResponse:
    """Its facts, its milestones and where each legislator stands, the last word on each."""
    latest = Stance.objects.filter(organization=organization, measure=measure).latest_per_legislator()
    stances = list(latest.select_related("legislator").order_by("-level", "legislator__family_name", "pk"))
    events = list(measure.events.all())
    counts = [(level.label, sum(s.level == level for s in stances)) for level in reversed(StanceLevel)]
    context = {
        "measure": measure,
        "crumbs": policy_crumbs(organization, measure.issue),
        "summary": to_html(measure.summary),
        "reasons": to_html(measure.reasons),
        "events": events,
        "status": events[-1] if events else None,
        "stances": stances,
        "stance_chart": bar_chart(
            title=ngettext("Where %(n)s legislator stands", "Where %(n)s legislators stand", len(stances))
            % {"n": len(stances)},
            bars=[Bar(str(label), n, f"{n:,}") for label, n in counts],
            width=420,
        ),
        "campaigns": measure.campaigns.all(),
        "today": localdate(now()),
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


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def measure_form(
    request: ConsoleRequest, organization: Organization, measure_id: UUID | None = None
) -> HttpResponse:
    measure = measure_of(organization, measure_id) if measure_id else Measure(organization=organization)
    start = {} if measure_id else {"issue": asked_issue(request, organization)}
    form = MeasureForm(request.POST or None, instance=measure, initial=start)
    if request.method == "POST" and form.is_valid():
        save_measure(measure=form.save(commit=False), actor=request.user)
        messages.success(request, _("The measure is saved."))
        return redirect("campaigns:measure", org=organization.slug, measure_id=measure.pk)
    crumbs = policy_crumbs(organization)
    if measure_id:
        crumbs.append(
            (measure.identifier, reverse("campaigns:measure", args=[organization.slug, measure.pk]))
        )
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


@require_POST
@console("policy")
def event_add(request: ConsoleRequest, organization: Organization, measure_id: UUID) -> HttpResponse:
    """Add a milestone. There is no way to change or remove one: a correction is another milestone."""
    measure = measure_of(organization, measure_id)
    form = MeasureEventForm(request.POST, instance=MeasureEvent(measure=measure))
    if not form.is_valid():
        return _measure_page(request, organization, measure, form)
    add_event(event=form.save(commit=False), actor=request.user)
    messages.success(request, _("The milestone is added."))
    return redirect("campaigns:measure", org=organization.slug, measure_id=measure.pk)
