"""Who signed a campaign, by day and by place: drawings, and the tables they are made of."""

from collections.abc import Sequence
from datetime import date

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.findings.places import where_most
from campaigns.findings.table import Column, Kind, Table
from campaigns.models import Campaign
from campaigns.reports import by_district, by_locality, signed_by_day
from campaigns.views.table_files import with_files
from policy.charts.bar import Bar, bar_chart
from policy.charts.line import Point, line_chart
from policy.words import short_day

_BARS = 8


def signing_tables(campaign: Campaign) -> list[Table]:
    """Everybody who confirmed, by day, by town and by district; for files."""
    return [days_table(signed_by_day(campaign)), *_place_tables(campaign)]


def signing_charts(campaign: Campaign) -> dict[str, object]:
    """What the campaign's page needs to show them."""
    days = signed_by_day(campaign)
    return {
        "days_table": with_files(days_table(days)) if days else None,
        "places": [_drawn(table) for table in _place_tables(campaign) if table.rows],
        **growth(days),
    }


def days_table(days: Sequence[tuple[date, int]]) -> Table:
    return Table("days", _("People by day"), (Column(_("Day"), Kind.DAY), Column(_("People"))), days)


def growth(days: Sequence[tuple[date, int]]) -> dict[str, str]:
    """How many people there were by each day, drawn, with its finding; nothing of less than two days."""
    if len(days) < 2:
        return {}
    people, points = 0, []
    for day, n in days:
        people += n
        points.append(Point(short_day(day), people, intcomma(people)))
    words = ngettext("%(n)s person confirmed since %(day)s", "%(n)s people confirmed since %(day)s", people)
    title = words % {"n": intcomma(people), "day": date_format(days[0][0], "MONTH_DAY_FORMAT")}
    return {"chart_title": title, "chart": line_chart(title=title, points=points)}


def _place_tables(campaign: Campaign) -> list[Table]:
    """Towns, and districts of the chamber that is written to."""
    return [
        Table(key, title, (Column(column, Kind.TEXT), Column(_("People"))), rows)
        for key, title, column, rows in (
            ("places", _("People by place"), _("Place"), by_locality(campaign)),
            ("districts", _("People by district"), _("District"), by_district(campaign)),
        )
    ]


def _drawn(table: Table) -> dict[str, object]:
    """The first rows as bars, with the table of all."""
    title = where_most(table)
    bars = [Bar(str(place), float(str(n)), intcomma(str(n))) for place, n in table.rows[:_BARS]]
    return {"title": title, "chart": bar_chart(title=title, bars=bars), "shown": with_files(table)}
