"""What changed on an issue since its campaigns began, for anybody: from the gap to what came afterwards."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.findings.table import Column, Kind, Table
from campaigns.impact import Impact, Series, impact_of
from campaigns.kept_pages import keep
from campaigns.views.table_files import file_of, wants_file, with_files
from policy.charts.line import Point, line_chart
from policy.indicators import figure, with_unit
from policy.models import Issue
from policy.words import partly_in

# Rows behind a series that a page lists; the console's page of the series has all.
MOST_ROWS = 60


def impact_context(impact: Impact) -> dict[str, object]:
    """Everything the page shows of an issue, public or in the console."""
    words = impact.issue.words
    parts = [words["title"], words["summary"]]
    for one in impact.asked:
        told = one.campaign.words
        parts += [told.title, told.ask, *([one.outcome.title] if one.outcome else [])]
    return {
        "issue": impact.issue,
        "words": words,
        "notice": partly_in(*parts),
        "organization": impact.issue.organization,
        "impact": impact,
        "series": [_shown(series) for series in impact.series],
    }


def _shown(series: Series) -> dict[str, object]:
    """A series with its finding, drawing, table, and the rows that its figures are made of."""
    unit = series.indicator.unit
    finding = _finding(series)
    chart: SafeString | str = ""
    if len(series.periods) > 1:
        points = [Point(one.name, float(one.middle), figure(one.middle)) for one in series.periods]
        chart = line_chart(title=finding, points=points)
    return {
        "indicator": series.indicator,
        "finding": finding,
        "chart": chart,
        "target": with_unit(series.indicator.target, unit) if series.indicator.target is not None else "",
        "periods": [(one, with_unit(one.middle, unit)) for one in reversed(series.periods)],
        "rows": [(row, with_unit(row.value, unit)) for row in list(series.rows)[-MOST_ROWS:]],
        "periods_files": with_files(_periods_table(series)),
        "figures_files": with_files(_figures_table(series)),
        "more": max(len(series.rows) - MOST_ROWS, 0),
        "has_after": series.after is not None,
    }


def impact_tables(impact: Impact) -> list[Table]:
    """Each series by period, and all the figures that it is made of, for files."""
    return [make(series) for series in impact.series for make in (_periods_table, _figures_table)]


def _periods_table(series: Series) -> Table:
    unit = series.indicator.unit
    return Table(
        f"periods-{series.indicator.key}",
        series.indicator.name,
        (
            Column(_("Period"), Kind.TEXT),
            Column(_("Median of the places")),
            Column(_("Unit"), Kind.TEXT),
            Column(_("Places with a figure")),
            Column(_("Miss the target")),
        ),
        [(one.name, one.middle, unit, one.places, one.short) for one in reversed(series.periods)],
    )


def _figures_table(series: Series) -> Table:
    texts = [_("Period"), _("Place"), _("Division"), _("Unit"), _("Source"), _("Link")]
    columns = [Column(name, Kind.TEXT) for name in texts]
    return Table(
        f"figures-{series.indicator.key}",
        _("%(series)s by place") % {"series": series.indicator.name},
        (*columns[:3], Column(_("Figure")), *columns[3:]),
        [
            (
                row.period,
                row.division.name,
                row.division.ocd_id,
                row.value,
                series.indicator.unit,
                row.source,
                row.source_url,
            )
            for row in series.rows
        ],
    )


def _finding(series: Series) -> str:
    """Before and afterwards in one sentence, which says after and never because."""
    name, unit = series.indicator.name, series.indicator.unit
    before, after = series.before, series.after
    if before is None and after is None:
        return name
    if before is not None and after is not None:
        return _(
            "%(name)s: %(first)s in %(before)s, before the first campaign; %(last)s in %(after)s, after an outcome"
        ) % {
            "name": name,
            "first": with_unit(before.middle, unit),
            "before": before.name,
            "last": with_unit(after.middle, unit),
            "after": after.name,
        }
    known = before or after
    text = (
        _("%(name)s: %(figure)s in %(period)s, before the first campaign")
        if before is not None
        else _("%(name)s: %(figure)s in %(period)s, after an outcome")
    )
    return text % {
        "name": name,
        "figure": with_unit(known.middle if known else None, unit),
        "period": known.name if known else "",
    }


@require_safe
def impact_page(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    issue = get_object_or_404(Issue.objects.select_related("organization"), organization__slug=org, slug=slug)
    impact = impact_of(issue)
    if not impact.asked:
        raise Http404
    if wants_file(request):
        return file_of(request, f"{org} {slug}", impact_tables(impact))
    page = settings.SITE_URL.rstrip("/") + reverse("campaigns:impact", args=[org, slug])
    response = render(request, "campaigns/public/impact.html", {**impact_context(impact), "page_url": page})
    keep(request, response)
    return response
