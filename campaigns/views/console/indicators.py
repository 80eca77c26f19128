"""Local figures: series per place against their targets, as a map of tiles, a ranking and sentences."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.findings.table import Column, Kind, Table
from campaigns.forms.indicator import FiguresForm, IndicatorForm
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.import_difference import FileRead, ImportPage, after_import
from campaigns.views.console.issues import policy_crumbs, policy_tabs
from campaigns.views.console.page import (
    as_id,
    page_of,
    query_without,
    query_without_page,
    show,
    show_form,
    words_of,
)
from campaigns.views.table_files import file_of, wants_file, with_files
from contacts.models import Division, Organization
from policy.actions.indicators import check_values, import_values, is_refused, save_indicator
from policy.indicator_map import finding, indicator_map
from policy.indicators import Standing, figure, meanings, periods_of, standing, with_unit
from policy.models import Indicator

# More tiles than this can't be read on a phone; the table still lists every place.
MOST_TILES = 120
_PLACES_A_PAGE = 60
_LINES_SHOWN = 100


@require_safe
@console("look")
def indicator_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Every series with how many places it speaks of and its newest period."""
    words = words_of(request)
    indicators = Indicator.objects.filter(organization=organization).annotate(
        places=Count("values_by_place__division", distinct=True)
    )
    if words:
        indicators = indicators.filter(Q(name__icontains=words) | Q(key__icontains=words))
    page = page_of(request, indicators.order_by("name", "pk"))
    periods = periods_of(page)
    context = {
        "page": page,
        "rows": [
            (indicator, next(iter(periods.get(indicator.pk, [])), ""), _target(indicator))
            for indicator in page
        ],
        "query": query_without_page(request),
        "words": words,
        "tabs": policy_tabs(organization, "indicators"),
    }
    return show(request, organization, "campaigns/console/indicator_list.html", "policy", context)


def _target(indicator: Indicator) -> str:
    return with_unit(indicator.target, indicator.unit) if indicator.target is not None else ""


def indicator_of(organization: Organization, indicator_id: UUID) -> Indicator:
    """The organisation's series; somebody else's is not found."""
    return get_object_or_404(
        Indicator.objects.select_related("organization", "issue"), organization=organization, pk=indicator_id
    )


def _crumbs(organization: Organization, indicator: Indicator | None = None) -> list[tuple[object, str]]:
    crumbs = [
        *policy_crumbs(organization),
        (_("Local figures"), reverse("campaigns:indicator-list", args=[organization.slug])),
    ]
    if indicator is not None:
        crumbs.append(
            (indicator.name, reverse("campaigns:indicator", args=[organization.slug, indicator.pk]))
        )
    return crumbs


@require_safe
@console("look")
def indicator_detail(request: ConsoleRequest, organization: Organization, indicator_id: UUID) -> HttpResponse:
    """A series in one period: the finding, the map, the ranking, and what is missing."""
    indicator = indicator_of(organization, indicator_id)
    asked = as_id(request.GET.get("within", ""))
    within = Division.objects.filter(pk=asked).first() if asked else None
    found = standing(indicator, request.GET.get("period", ""), within)
    context: dict[str, object] = {
        "indicator": indicator,
        "crumbs": _crumbs(organization),
        "target": _target(indicator),
        "form": FiguresForm(),
    }
    if found is not None:
        if wants_file(request):
            return file_of(request, f"{indicator.key} {found.period}", [_table(found)])
        context |= _context(request, found, within)
    return show(request, organization, "campaigns/console/indicator.html", "policy", context)


def _context(request: ConsoleRequest, found: Standing, within: Division | None) -> dict[str, object]:
    unit = found.indicator.unit
    page = Paginator(found.places, _PLACES_A_PAGE).get_page(request.GET.get("page"))
    parents = Division.objects.filter(children__in=[place.division.pk for place in found.places]).distinct()
    periods = periods_of([found.indicator])[found.indicator.pk]
    return {
        "found": found,
        "finding": finding(found),
        "map": indicator_map(found) if 0 < len(found.places) <= MOST_TILES else "",
        "most_tiles": MOST_TILES,
        "within": within,
        "parents": parents.order_by("name") if within or len(found.places) > MOST_TILES else [],
        "periods": [(period, period == found.period) for period in periods],
        "page": page,
        "rows": [
            {
                "place": place,
                "figure": with_unit(place.number, unit, found.decimals),
                "gap": figure(place.gap) if place.gap is not None else "–",
                "change": _signed(place.change),
                "source": place.value,
            }
            for place in page
        ],
        "query": query_without_page(request),
        "period_query": query_without(request, "period", "page"),
        "files": with_files(_table(found), query=query_without(request, "page")),
    }


def _signed(change: object) -> str:
    if change is None:
        return "–"
    text = figure(change)  # type: ignore[arg-type]
    return text if text.startswith("-") or text == "0" else f"+{text}"


def _table(found: Standing) -> Table:
    """The whole ranking; empty cells for what is missing."""
    change = _("change since %(period)s") % {"period": found.before or "–"}
    texts = {_("place"), _("division"), _("period"), _("unit"), _("source"), _("link")}
    names = [
        _("rank"),
        _("place"),
        _("division"),
        _("period"),
        _("value"),
        _("unit"),
        _("target"),
        change,
        _("source"),
        _("link"),
    ]
    return Table(
        "ranking",
        _("Ranking"),
        tuple(Column(name, Kind.TEXT if name in texts else Kind.NUMBER) for name in names),
        [
            (
                place.rank,
                place.division.name,
                place.division.ocd_id,
                found.period,
                place.number,
                found.indicator.unit,
                found.indicator.target,
                place.change,
                place.value.source if place.value else "",
                place.value.source_url if place.value else "",
            )
            for place in found.places
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("policy")
def indicator_form(
    request: ConsoleRequest, organization: Organization, indicator_id: UUID | None = None
) -> HttpResponse:
    indicator = (
        indicator_of(organization, indicator_id) if indicator_id else Indicator(organization=organization)
    )
    crumbs = _crumbs(organization, indicator if indicator_id else None)
    form = IndicatorForm(request.POST or None, instance=indicator)
    if request.method == "POST" and form.is_valid():
        save_indicator(indicator=form.save(commit=False), actor=request.user)
        messages.success(request, _("The indicator is saved."))
        return redirect("campaigns:indicator", org=organization.slug, indicator_id=indicator.pk)
    return show_form(
        request,
        organization,
        "policy",
        form,
        title=_("Edit the indicator") if indicator_id else _("New indicator"),
        button=_("Save the indicator"),
        crumbs=crumbs,
        intro=_("A figure per place and period, such as days of waiting. Its figures come from a CSV file."),
    )


@require_http_methods(["POST"])
@console("policy")
def figures_import(request: ConsoleRequest, organization: Organization, indicator_id: UUID) -> HttpResponse:
    """Take figures over from a file, or only say what it would change; with bad rows nothing is changed."""
    indicator = indicator_of(organization, indicator_id)
    form = FiguresForm(request.POST, request.FILES)
    is_trial = "try" in request.POST
    context: dict[str, object] = {
        "indicator": indicator,
        "form": form,
        "crumbs": _crumbs(organization, indicator),
    }
    if not form.is_valid():
        return show(request, organization, "campaigns/console/figures_import.html", "policy", context, 422)
    checked = check_values(indicator, form.found)
    skip_bad = form.cleaned_data["skip_bad"]
    refused = is_refused(checked, skip_bad)
    _counts, difference = import_values(
        indicator=indicator, checked=checked, actor=request.user, skip_bad=skip_bad, is_trial=is_trial
    )
    same = len(checked.rows) - difference.created - difference.updated
    back = reverse("campaigns:indicator", args=[organization.slug, indicator.pk])
    page = ImportPage("policy", "campaigns/console/figures_import.html", context, back, most=_LINES_SHOWN)
    return after_import(
        request, organization, page, FileRead(difference, checked.bad, same, refused, is_trial)
    )


@require_safe
@console("look")
def local_figures(request: ConsoleRequest, organization: Organization, division_id: UUID) -> HttpResponse:
    """What every series means in one place, each in one sentence with its source."""
    division = get_object_or_404(Division.objects.select_related("parent__parent__parent"), pk=division_id)
    indicators = list(Indicator.objects.filter(organization=organization).order_by("name", "pk"))
    context = {
        "division": division,
        "crumbs": _crumbs(organization),
        "meanings": meanings(indicators, division),
    }
    return show(request, organization, "campaigns/console/local_figures.html", "policy", context)
