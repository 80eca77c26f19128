from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from policy.briefs.content.year_counting import how_counted
from policy.briefs.sections import (
    BarChart,
    ChartRow,
    Document,
    Figure,
    KeyFigures,
    LineChart,
    Paragraphs,
    Section,
    Sender,
    Source,
    Table,
)
from policy.briefs.words import count
from policy.briefs.year_facts import CampaignYear, YearFacts

RECORDS, OUTCOMES, POSITIONS = "records", "outcomes", "positions"
# A line of fewer moments is a list; bars of more campaigns are a page of their own, and the table has them all.
LEAST_MONTHS, MOST_BARS, MOST_MOVES = 3, 12, 40


def yearly_report(year: YearFacts, *, sender: Sender, language: str, paper: str) -> Document:
    """What an organisation did in a year and what came of it, in numbers that are never added to each other."""
    parts: list[Section | None] = [_so_far(year)]
    if year.is_empty:
        parts.append(_nothing(year))
    else:
        parts += [
            _in_short(year),
            _by_month(year),
            _by_campaign(year),
            _each_campaign(year),
            _what_came(year),
            _what_was_learned(year),
            _who_moved(year),
            _besides(year),
            _afterwards(year),
            how_counted(year, RECORDS),
        ]
    return Document(
        series=f"year:{year.year}",
        kind="year",
        kind_label=_("Yearly report"),
        language=language,
        paper=paper,
        title=_("%(year)s: what we did, and what came of it") % {"year": year.year},
        sender=sender,
        facts_at=year.facts_at,
        sections=tuple(part for part in parts if part is not None),
        sources=_sources(year, sender),
    )


def _sources(year: YearFacts, sender: Sender) -> tuple[Source, ...]:
    names = {"organization": sender.name, "year": year.year}
    return (
        Source(
            RECORDS,
            _("%(organization)s: its records of %(year)s, and how they are counted") % names,
            year.records_url,
        ),
        Source(OUTCOMES, _("%(organization)s: what came of its campaigns") % names, year.outcomes_url),
        Source(
            POSITIONS,
            _("%(organization)s: positions as recorded from public statements, votes and meetings") % names,
            year.outcomes_url,
        ),
        *(source for one in year.afterwards for source in one.sources),
    )


def _so_far(year: YearFacts) -> Paragraphs | None:
    if year.is_over:
        return None
    text = _("%(year)s is not over: everything here is what is known of it so far.") % {"year": year.year}
    return Paragraphs(_("So far"), text)


def _nothing(year: YearFacts) -> Paragraphs:
    text = _(
        "Nothing of %(year)s is on record here: no campaign ran, and nobody signed. A year in which others were "
        "listened to, plans were made or strength was gathered counts as well; it leaves no numbers."
    )
    return Paragraphs(_("A quiet year"), text % {"year": year.year})


def _in_short(year: YearFacts) -> KeyFigures:
    ran = sum(one.ran for one in year.campaigns)
    numbers = [
        (ran, ngettext("campaign ran", "campaigns ran", ran)),
        (year.people, ngettext("person signed and confirmed", "people signed and confirmed", year.people)),
    ]
    if accepted := sum(one.accepted for one in year.campaigns):
        label = ngettext(
            "letter accepted by a mail server or an office's system",
            "letters accepted by a mail server or an office's system",
            accepted,
        )
        numbers.append((accepted, label))
    if answers := sum(one.answers for one in year.campaigns):
        numbers.append((answers, ngettext("answer came back", "answers came back", answers)))
    return KeyFigures(_("The year in short"), tuple(Figure(count(n), label, RECORDS) for n, label in numbers))


def _by_month(year: YearFacts) -> LineChart | None:
    if len(year.months) < LEAST_MONTHS or not any(n for _month, n in year.months):
        return None
    most = max(year.months, key=lambda month: month[1])[0]
    return LineChart(
        heading=_("Most signatures were confirmed in %(month)s") % {"month": date_format(most, "F")},
        rows=tuple(
            ChartRow(date_format(month, pgettext("how a month is written short", "M")), n, count(n))
            for month, n in year.months
        ),
        label_head=_("Month"),
        value_head=_("Signatures"),
        source=RECORDS,
        note=_("Somebody who signed two campaigns is two signatures here, and one person above."),
    )


def _by_campaign(year: YearFacts) -> BarChart | None:
    signed = sorted((one for one in year.campaigns if one.people), key=lambda one: -one.people)[:MOST_BARS]
    if len(signed) < 2:
        return None
    return BarChart(
        heading=_("Most people signed “%(campaign)s”") % {"campaign": signed[0].title},
        rows=tuple(ChartRow(one.title, one.people, count(one.people)) for one in signed),
        label_head=_("Campaign"),
        value_head=_("People"),
        source=RECORDS,
    )


def _each_campaign(year: YearFacts) -> Table | None:
    """Every campaign with its numbers; of letters and answers only columns that hold any."""
    if not year.campaigns:
        return None
    columns = [
        (_("People"), "people"),
        (_("Letters accepted"), "accepted"),
        (_("Letters posted"), "posted"),
        (_("Sent by their writers"), "reported"),
        (_("Answers"), "answers"),
    ]
    used = [
        (head, name)
        for head, name in columns
        if name == "people" or any(getattr(one, name) for one in year.campaigns)
    ]
    note = _("Accepted: a mail server or an office's system took it over. Whether it was read is not known.")
    return Table(
        heading=_("Each campaign"),
        caption=_("What each campaign gathered in %(year)s") % {"year": year.year},
        head=(_("Campaign"), *(head for head, _name in used)),
        rows=tuple(
            (f"{one.title} ({_span(one)})", *(count(getattr(one, name)) for _head, name in used))
            for one in year.campaigns
        ),
        source=RECORDS,
        counts=True,
        note=note if any(one.accepted for one in year.campaigns) else "",
    )


def _span(one: CampaignYear) -> str:
    days = {"since": date_format(one.since, "SHORT_DATE_FORMAT")}
    if one.until is None:
        return _("since %(since)s") % days
    return f"{days['since']} – {date_format(one.until, 'SHORT_DATE_FORMAT')}"


def _what_came(year: YearFacts) -> Table | None:
    if not year.outcomes:
        return None
    return Table(
        heading=_("What came of it"),
        caption=_("Outcomes of %(year)s, lost ones as well") % {"year": year.year},
        head=(_("Campaign"), _("Outcome"), _("On")),
        rows=tuple(
            (one.campaign, one.result, date_format(one.on, "SHORT_DATE_FORMAT")) for one in year.outcomes
        ),
        source=OUTCOMES,
    )


def _what_was_learned(year: YearFacts) -> Paragraphs | None:
    told = [f"**{one.campaign}**\n\n{one.learned.strip()}" for one in year.outcomes if one.learned.strip()]
    return Paragraphs(_("What we learned"), "\n\n".join(told)) if told else None


def _who_moved(year: YearFacts) -> Table | None:
    if not year.moves:
        return None
    rest = len(year.moves) - MOST_MOVES
    more = ngettext("%(n)s more moved and is not listed.", "%(n)s more moved and are not listed.", rest)
    moved = ngettext("%(n)s position moved", "%(n)s positions moved", len(year.moves))
    return Table(
        heading=moved % {"n": count(len(year.moves))},
        caption=_("Positions at the start and at the end of the year, as recorded"),
        head=(_("Name"), _("Measure"), _("From"), _("To"), _("On")),
        rows=tuple(
            (one.name, one.measure, one.before, one.after, date_format(one.on, "SHORT_DATE_FORMAT"))
            for one in year.moves[:MOST_MOVES]
        ),
        source=POSITIONS,
        note=more % {"n": count(rest)} if rest > 0 else "",
    )


def _besides(year: YearFacts) -> Table | None:
    rows = [
        (_("Positions that became known"), year.newly_known),
        (_("Events that took place"), year.events),
        (_("People who came to them, as noted at the door"), year.came),
        (_("Stories told and confirmed"), year.stories),
        (_("Organisations that joined in support"), year.organizations),
    ]
    found = tuple((label, count(n)) for label, n in rows if n)
    if not found:
        return None
    return Table(
        heading=_("What else happened"),
        caption=_("Counted besides in %(year)s") % {"year": year.year},
        head=(_("What"), _("Number")),
        rows=found,
        source=RECORDS,
        counts=True,
    )


def _afterwards(year: YearFacts) -> Table | None:
    if not year.afterwards:
        return None
    return Table(
        heading=_("The figures afterwards"),
        caption=_("The median of all places, before the first campaign and after an outcome"),
        head=(_("Figure"), _("Before"), _("After")),
        rows=tuple((one.what, one.before or "–", one.after) for one in year.afterwards),
        source=OUTCOMES,
        also=tuple(dict.fromkeys(source.key for one in year.afterwards for source in one.sources)),
        note=_("After, and not because of: other things happened as well."),
    )
