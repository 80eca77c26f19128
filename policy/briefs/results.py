"""Facts → the sections of campaign reports and petitions: what became of people, letters and answers."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policy.briefs.facts import CampaignFacts, Decider, MeasureFact, ResultFacts, SignerFacts
from policy.briefs.pieces import CAMPAIGN, LISTED_DECIDERS, POSITIONS
from policy.briefs.sections import BarChart, ChartRow, Cover, Figure, LineChart, NameGroup, Names, Table
from policy.briefs.words import count

# A line of fewer moments is a list; a table of more is none.
WEEKS = range(3, 27)


def by_week(results: ResultFacts) -> LineChart | None:
    """People who signed and confirmed, week by week; the newest half year when there is more."""
    weeks = results.weeks[-(WEEKS.stop - 1) :]
    if len(weeks) not in WEEKS:
        return None
    most = max(weeks, key=lambda week: week[1])
    heading = _("Most people signed in the week of %(week)s") % {"week": date_format(most[0], "DATE_FORMAT")}
    return LineChart(
        heading=heading,
        rows=tuple(
            ChartRow(date_format(week, "SHORT_DATE_FORMAT"), people, count(people)) for week, people in weeks
        ),
        label_head=_("Week of"),
        value_head=_("People"),
        source=CAMPAIGN,
    )


def every_letter(results: ResultFacts) -> Table | None:
    """Every letter in exactly one row; the rows are not added up, because they mean different things."""
    rows = [(row.label, count(row.number)) for row in results.letters if row.number]
    if not rows:
        return None
    return Table(
        heading=_("What became of every letter"),
        caption=_("Letters, each in exactly one row"),
        head=(_("State"), _("Letters")),
        rows=tuple(rows),
        source=CAMPAIGN,
        counts=True,
        note=_(
            "Accepted: a mail server or an office's system took it over. Whether it was read is not known."
        ),
    )


def how_offices_answered(results: ResultFacts) -> BarChart | None:
    """Answers by what they say, as people judged them."""
    rows = [row for row in results.answers if row.number]
    if not rows:
        return None
    total = sum(row.number for row in rows)
    heading = ngettext("%(n)s answer came back", "%(n)s answers came back", total) % {"n": count(total)}
    return BarChart(
        heading=heading,
        rows=tuple(ChartRow(row.label, row.number, count(row.number)) for row in rows),
        label_head=_("Answer"),
        value_head=_("Letters"),
        source=CAMPAIGN,
    )


def where_they_stand(deciders: tuple[Decider, ...]) -> BarChart | None:
    """Those who decide, by their latest known position; unknown ones too."""
    if not deciders:
        return None
    found: dict[tuple[int, str], int] = {}
    for decider in deciders:
        if decider.stand:
            key = (-(decider.level or 0), decider.stand)
            found[key] = found.get(key, 0) + 1
    if not found:
        return None
    known = sum(n for (level, _label), n in found.items() if level)
    return BarChart(
        heading=_("The position of %(known)s of %(all)s who decide is known")
        % {"known": count(known), "all": count(sum(found.values()))},
        rows=tuple(
            ChartRow(label, n, count(n), emphasis=level <= -4) for (level, label), n in sorted(found.items())
        ),
        label_head=_("Position"),
        value_head=_("Members"),
        source=POSITIONS,
    )


def who_stands_where(deciders: tuple[Decider, ...]) -> BarChart | None:
    """The same in short for an issue brief, when more positions are known than a list can hold."""
    known = sum(decider.level is not None for decider in deciders)
    return where_they_stand(deciders) if known > LISTED_DECIDERS else None


def cover(campaign: CampaignFacts, measure: MeasureFact | None, to: str) -> Cover:
    return Cover(
        count=count(campaign.people),
        unit=ngettext("person asks", "people ask", campaign.people),
        text=campaign.ask,
        to=to or (measure.jurisdiction if measure else ""),
        source=CAMPAIGN,
        on=campaign.facts_at.date(),
    )


def signed_and_named(campaign: CampaignFacts, signers: SignerFacts) -> list[Figure]:
    figures = [
        Figure(
            count(campaign.people),
            ngettext("person has signed and confirmed", "people have signed and confirmed", campaign.people),
            CAMPAIGN,
        )
    ]
    if signers.named:
        label = ngettext("of them shows their name here", "of them show their names here", signers.named)
        figures.append(Figure(count(signers.named), label, CAMPAIGN))
    places = sum(not place.is_rest for place in signers.places)
    if places:
        label = ngettext("place with three people or more", "places with three people or more", places)
        figures.append(Figure(count(places), label, CAMPAIGN))
    return figures


def every_place(signers: SignerFacts) -> Table:
    return Table(
        heading=_("By place"),
        caption=_("People who signed and confirmed, by the place they live in"),
        head=(_("Place"), _("People")),
        rows=tuple((place.name, count(place.people)) for place in signers.places),
        source=CAMPAIGN,
        counts=True,
        note=_("Places with fewer than three people are counted together."),
    )


def who_signed(signers: SignerFacts) -> Names:
    return Names(
        heading=_("Who signed"),
        groups=signers.groups,
        consent=signers.consent,
        source=CAMPAIGN,
        note=_("Named are those who agreed to it; all others are counted."),
    )


def organizations(campaign: CampaignFacts) -> Names | None:
    """The organisations that support it, by name; None where there are none."""
    names = campaign.organizations
    if not names:
        return None
    heading = ngettext("%(n)s organisation supports this", "%(n)s organisations support this", len(names))
    return Names(
        heading=heading % {"n": count(len(names))},
        groups=(NameGroup("", names, 0),),
        consent="asked to be shown, and approved",
        source=CAMPAIGN,
        note=_("Each asked for it or gave its support otherwise, and was looked at by a person."),
    )
