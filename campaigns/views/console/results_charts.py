"""Drawings of a campaign's results, each with the sentence that says what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.findings.all import Findings
from campaigns.findings.chance import wilson
from campaigns.findings.funnel import Step
from campaigns.findings.letters import Office, Personal, kind_name
from campaigns.findings.people import Source, Views, source_name
from campaigns.findings.places import people_map, where_most
from campaigns.findings.subjects import Trial
from campaigns.findings.table import Table, mean, percent, share
from campaigns.findings.trending import Trending
from campaigns.page_views import MOST_SOURCES, OTHER_SOURCES
from contacts.models import Division
from policy.charts.bar import Bar, bar_chart
from policy.charts.intervals import Interval, interval_chart
from policy.charts.line import Point, line_chart
from policy.words import labelled, short_day

_BARS = 8
# As wide as a phone shows it, so that its letters stay readable there.
_WIDTH = 400


@dataclass(frozen=True)
class Part:
    """A part of the page: its finding, drawing (empty where nothing is drawn), table, and what to know of it."""

    title: str
    finding: str
    chart: str
    table: Table
    notes: tuple[str, ...] = ()
    # What more there is to say of the finding, a paragraph each.
    said: tuple[str, ...] = ()


def parts_of(found: Findings) -> list[Part]:
    """Every part of the page, in its order."""
    tables = found.tables()
    return [
        funnel_part(found.steps, tables["funnel"], found.views),
        days_part(found.signed, tables["days"]),
        sources_part(found.sources, tables["sources"], found.views),
        trending_part(found.trending, tables["trending"]),
        places_part(found.places, tables["places"]),
        letters_part(found.kinds, tables["letters"]),
        subjects_part(found.trials, tables["subjects"]),
        offices_part(found.offices, tables["offices"]),
    ]


def funnel_part(steps: Sequence[Step], table: Table, views: Views) -> Part:
    finding = _("From %(n)s who signed to %(answered)s whom an office answered") % {
        "n": intcomma(steps[-4].n),
        "answered": intcomma(steps[-1].n),
    }
    bars = [
        Bar(
            step.label,
            step.n,
            intcomma(step.n) if step.of_before is None else f"{intcomma(step.n)} · {percent(step.of_before)}",
            emphasis=step is steps[-1],
        )
        for step in steps
    ]
    notes = [
        _(
            "Signed are all who sent the form, whatever became of it; confirmed are those who are counted now. An "
            "office answered where an answer came by us or its supporter says so; an acknowledgement alone is none."
        )
    ]
    if views.first_day is None:
        notes.append(
            _("No view is counted yet: views count while the campaign is open and out of test mode.")
        )
    else:
        notes.append(
            _(
                "Views are counted since %(day)s: openings of the page and of its form on other sites, not people, "
                "without a cookie. The share who signed is of signatures since that day; who signs through a program "
                "has no view. Programs that say so are left out, and when a server stops, views of its last seconds "
                "are lost."
            )
            % {"day": date_format(views.first_day, "DATE_FORMAT")}
        )
    return Part(
        _("From view to answer"),
        finding,
        bar_chart(title=finding, bars=bars, width=_WIDTH),
        table,
        tuple(notes),
    )


def days_part(signed: Sequence[tuple[date, int]], table: Table) -> Part:
    people = sum(n for _day, n in signed)
    running, points = 0, []
    for day, n in signed:
        running += n
        points.append(Point(short_day(day), running, intcomma(running)))
    finding = ""
    if signed:
        words = ngettext(
            "%(n)s person confirmed since %(day)s", "%(n)s people confirmed since %(day)s", people
        )
        finding = words % {"n": intcomma(people), "day": date_format(signed[0][0], "MONTH_DAY_FORMAT")}
    chart = line_chart(title=finding, points=points, width=_WIDTH) if len(points) > 1 else ""
    return Part(_("Signing over time"), finding, chart, table)


def sources_part(sources: Sequence[Source], table: Table, views: Views) -> Part:
    people = sum(one.confirmed for one in sources)
    coded = sum(one.confirmed for one in sources if one.code)
    finding = ""
    if people:
        finding = _("%(share)s of those confirmed came by a link with a code") % {
            "share": percent(share(coded, people) or 0)
        }
    bars = [
        Bar(source_name(one.code), one.confirmed, intcomma(one.confirmed)) for one in sources if one.confirmed
    ]
    chart = bar_chart(title=finding, bars=bars[:_BARS], width=_WIDTH) if bars else ""
    notes = [
        _(
            "A code is what stands after ?source= in a link of yours. Make one for each newsletter, partner and "
            "poster: nobody else is told of it, and nothing of the person is in it."
        )
    ]
    if views.are_crowded:
        words = _(
            "On some days pages were opened with more than %(most)s codes: views of codes that came later that day are "
            "under “%(others)s”, and those beside a code are the least it had. Who signed is counted for each code."
        )
        notes.append(words % {"most": MOST_SOURCES, "others": source_name(OTHER_SOURCES)})
    return Part(_("Where people came from"), finding, chart, table, tuple(notes))


def trending_part(found: Sequence[Trending], table: Table) -> Part:
    finding = ""
    if found:
        first = found[0]
        finding = _("As many as on a usual day, or too few to tell")
        if first.usual is None:
            finding = _("The campaign is too young to say what is usual")
        elif first.is_unusual:
            words = ngettext(
                "%(n)s signature with “%(source)s”, where a usual day has %(usual)s",
                "%(n)s signatures with “%(source)s”, where a usual day has %(usual)s",
                first.signed,
            )
            finding = words % {
                "n": intcomma(first.signed),
                "source": source_name(first.code),
                "usual": mean(first.usual),
            }
    bars = [Bar(source_name(one.code), one.signed, intcomma(one.signed), one.is_unusual) for one in found]
    chart = bar_chart(title=finding, bars=bars[:_BARS], width=_WIDTH) if bars else ""
    note = _(
        "The furthest beyond the usual comes first. Usual is the mean of the 14 days before the last 24 hours, or of "
        "those on which the campaign was open. Held are signatures that wait for somebody to look at them."
    )
    return Part(_("The last 24 hours by source"), finding, chart, table, (note,))


def places_part(places: Sequence[tuple[Division, int]], table: Table) -> Part:
    chart = people_map(list(places))
    finding = ""
    if table.rows:
        finding = where_most(table)
    notes = () if chart else (_("There is no map of one place alone, or of more than can be read."),)
    return Part(_("Where people live"), finding, chart, table, notes)


def letters_part(kinds: Sequence[Personal], table: Table) -> Part:
    left = sum(one.left for one in kinds)
    if not left:
        return Part(
            _("Personal letters and form letters"), "", "", Table(table.key, table.title, table.columns, [])
        )
    finding = _("%(share)s of the letters that left are in their writer’s own words") % {
        "share": percent(share(kinds[0].left, left) or 0)
    }
    bars = [Bar(kind_name(one.kind), one.left, intcomma(one.left), emphasis=one is kinds[0]) for one in kinds]
    note = _(
        "Only letters that have left. Nearly as suggested are those with at least nine tenths of the suggested text "
        "and the suggested subject. Who writes their own words may differ from others in more than that: a larger "
        "share of answers alone does not show that the words made it."
    )
    return Part(
        _("Personal letters and form letters"),
        finding,
        bar_chart(title=finding, bars=bars, width=_WIDTH),
        table,
        (note,),
    )


def offices_part(offices: Sequence[Office], table: Table) -> Part:
    answering = sum(1 for office in offices if office["answered"])
    words = ngettext(
        "%(some)s of %(n)s office has answered", "%(some)s of %(n)s offices have answered", len(offices)
    )
    finding = words % {"some": intcomma(answering), "n": intcomma(len(offices))}
    most = sorted(offices, key=lambda office: (-office["answered"], -office["left"], office["label"]))
    bars = [
        Bar(
            office["label"],
            office["answered"],
            f"{intcomma(office['answered'])} / {intcomma(office['left'])}",
        )
        for office in most[:_BARS]
        if office["answered"]
    ]
    chart = bar_chart(title=finding, bars=bars, width=_WIDTH) if bars else ""
    note = _(
        "Bars are letters answered, of those that left. Came by us: answers to the address in the letter. Told us: "
        "supporters who said, when asked two and three weeks after their letter left, what they got: an answer to the "
        "point, one that evaded, or nothing but perhaps an acknowledgement. Who expected no answer is left out."
    )
    return Part(_("Who answers"), finding, chart, table, (note,))


def subjects_part(trials: Sequence[Trial], table: Table) -> Part:
    """Each trial's two shares with what chance leaves them; the words say what they show, or that they are too few."""
    intervals = []
    for arm in (arm for trial in trials for arm in (trial.first, trial.second) if arm.left):
        low, high = (100 * bound for bound in wilson(arm.answered, arm.left))
        value = share(arm.answered, arm.left) or 0
        shown = _("%(share)s (%(low)s to %(high)s)") % {
            "share": percent(value),
            "low": percent(low),
            "high": percent(high),
        }
        intervals.append(Interval(arm.subject, low, value, high, shown))
    finding = _("People who were answered, by the subject of their letter")
    chart = ""
    if intervals:
        chart = interval_chart(title=finding, intervals=intervals, say=percent, width=_WIDTH)
    note = _(
        "Lines are intervals after Wilson: they hold the true share in 95 of a hundred such trials, if people were "
        "answered independently of each other. Letters to one office are not quite that, so the truth is less sure "
        "still. Who typed a subject of their own stays with the one they were given. Decide beforehand how long you "
        "look: who looks each day and stops when it pleases finds differences that are not there."
    )
    said = tuple(
        trial.verdict() if len(trials) == 1 else labelled(trial.name, trial.verdict()) for trial in trials
    )
    return Part(_("Subjects on trial"), finding, chart, table, (note,), said)
