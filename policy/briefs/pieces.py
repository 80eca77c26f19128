"""Facts → single sections: the ask, figure rows, charts and tables that both kinds of brief use."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policy.briefs.facts import CampaignFacts, Decider, LegislatorFacts, MeasureFact, Wording
from policy.briefs.sections import (
    Ask,
    ChartRow,
    Figure,
    Meaning,
    Meanings,
    Paragraphs,
    Places,
    Section,
    Table,
    Timeline,
)
from policy.briefs.words import count

# Keys of the sources that are the organisation's own records.
CAMPAIGN = "campaign"
POSITIONS = "positions"
LISTED_DECIDERS = 20


def ask(campaign: CampaignFacts, measure: MeasureFact | None, heading: str = "") -> Ask:
    if measure is None:
        return Ask(campaign.ask, heading=heading)
    return Ask(
        campaign.ask,
        heading=heading,
        measure=f"{measure.identifier}, {measure.title} ({measure.jurisdiction})",
        vote_on=measure.vote_on,
    )


def written(wording: Wording | None) -> list[Section]:
    """What a person wrote: a summary and talking points."""
    if wording is None:
        return []
    texts = [(_("In short"), wording.summary), (_("Talking points"), wording.points)]
    return [Paragraphs(heading, text) for heading, text in texts if text.strip()]


def what_it_does(measure: MeasureFact | None) -> Paragraphs | None:
    text = "\n\n".join(part for part in (measure.summary, measure.reasons) if part) if measure else ""
    if not measure or not text:
        return None
    return Paragraphs(_("What %(measure)s does") % {"measure": measure.identifier}, text)


def where_it_stands(measure: MeasureFact | None) -> Timeline | None:
    if not measure or not measure.milestones:
        return None
    return Timeline(_("Where %(measure)s stands") % {"measure": measure.identifier}, measure.milestones)


def what_it_means(place: str, meanings: tuple[Meaning, ...]) -> Meanings | None:
    """What series of figures say of a place."""
    return Meanings(_("What this means in %(place)s") % {"place": place}, meanings) if meanings else None


def represented_by(legislators: tuple[LegislatorFacts, ...]) -> Table:
    """Who sits for a place, from the smallest seat to the largest, and where they stand."""
    people = [one.person for one in legislators]
    return Table(
        heading=_("Who represents it"),
        caption=_("Members and their latest known position"),
        head=(_("Name"), _("Seat"), _("Party"), _("Position")),
        rows=tuple(
            (
                person.name,
                f"{person.role}, {person.place}",
                person.party,
                person.stand.label if person.stand else "",
            )
            for person in people
        ),
        source=POSITIONS,
    )


def people_here(campaign: CampaignFacts, place: str, *, is_theirs: bool = True) -> list[Figure]:
    """The people of a place; `is_theirs` when the reader represents them."""
    figures = []
    if campaign.people_here:
        label = (
            ngettext(
                "person you represent in %(place)s has signed and confirmed",
                "people you represent in %(place)s have signed and confirmed",
                campaign.people_here,
            )
            if is_theirs
            else ngettext(
                "person in %(place)s has signed and confirmed",
                "people in %(place)s have signed and confirmed",
                campaign.people_here,
            )
        ) % {"place": place}
        beside = ""
        if campaign.people > campaign.people_here:
            beside = _("%(people)s in all places together") % {"people": count(campaign.people)}
        figures.append(
            Figure(
                count(campaign.people_here),
                label,
                CAMPAIGN,
                beside=beside,
                beside_source=CAMPAIGN if beside else "",
            )
        )
    elif campaign.people:
        figures.append(
            Figure(
                count(campaign.people),
                ngettext(
                    "person has signed and confirmed", "people have signed and confirmed", campaign.people
                ),
                CAMPAIGN,
            )
        )
    if campaign.letters_here and is_theirs:
        label = ngettext(
            "letter to your office accepted by a mail server",
            "letters to your office accepted by a mail server",
            campaign.letters_here,
        )
        figures.append(_letters(campaign.letters_here, label, campaign.letters_here_uncounted))
    return figures


def _letters(number: int, label: str, uncounted: int) -> Figure:
    """Letters that were accepted, and beside them how many are from people who don't stand behind them any more."""
    beside = ""
    if uncounted:
        beside = ngettext(
            "%(n)s of them from a person who is no longer counted",
            "%(n)s of them from people who are no longer counted",
            uncounted,
        ) % {"n": count(uncounted)}
    return Figure(count(number), label, CAMPAIGN, beside=beside, beside_source=CAMPAIGN if beside else "")


def people_everywhere(campaign: CampaignFacts) -> list[Figure]:
    figures = [
        Figure(
            count(campaign.people),
            ngettext("person has signed and confirmed", "people have signed and confirmed", campaign.people),
            CAMPAIGN,
        )
    ]
    if campaign.letters_accepted:
        figures += [
            _letters(
                campaign.letters_accepted,
                ngettext(
                    "letter accepted by a mail server",
                    "letters accepted by a mail server",
                    campaign.letters_accepted,
                ),
                campaign.letters_uncounted,
            ),
            Figure(
                count(campaign.offices),
                ngettext("office written to", "offices written to", campaign.offices),
                CAMPAIGN,
            ),
        ]
    return figures


def places(campaign: CampaignFacts, heading: str) -> Places | None:
    if not campaign.places:
        return None
    people = sum(place.people for place in campaign.places)
    return Places(
        heading=heading,
        caption=_("People who signed and confirmed, by the place they live in"),
        place_head=_("Place"),
        count_head=_("People"),
        rows=tuple(
            ChartRow(place.name, place.people, count(place.people), emphasis=not place.is_rest)
            for place in campaign.places
        ),
        total_label=_("Together"),
        total=count(people),
        source=CAMPAIGN,
        note=_(
            "Smaller places are counted together; in this count none with fewer than three people is named."
        )
        if any(place.is_rest for place in campaign.places)
        else "",
    )


def among_all(campaign: CampaignFacts, place: str, heading: str) -> Places | None:
    """The people of one place beside all others, where no smaller places may be named."""
    elsewhere = campaign.people - campaign.people_here
    if not campaign.people_here or elsewhere <= 0:
        return None
    return Places(
        heading=heading,
        caption=_("People who signed and confirmed"),
        place_head=_("Place"),
        count_head=_("People"),
        rows=(
            ChartRow(place, campaign.people_here, count(campaign.people_here), emphasis=True),
            ChartRow(_("Everywhere else"), elsewhere, count(elsewhere)),
        ),
        total_label=_("Together"),
        total=count(campaign.people),
        source=CAMPAIGN,
    )


def who_decides(deciders: tuple[Decider, ...]) -> Table:
    """Each member of a committee; of a whole chamber those whose position is known, the rest counted."""
    heading = _("Who decides, and where they stand")
    known = tuple(decider for decider in deciders if decider.level is not None)
    if len(deciders) > LISTED_DECIDERS and not known:
        return Table(
            heading=heading,
            caption=_("Members who decide, by their latest known position"),
            head=(_("Position"), _("Members")),
            rows=((_("Not known yet"), count(len(deciders))),),
            source=POSITIONS,
            counts=True,
        )
    listed, note = deciders, ""
    if len(deciders) > LISTED_DECIDERS:
        listed = known[: 2 * LISTED_DECIDERS]
        note = _("%(listed)s of %(all)s who decide are listed; of the others no position is known.")
        if len(listed) < len(known):
            note = _("%(listed)s of %(all)s who decide are listed.")
        note %= {"listed": count(len(listed)), "all": count(len(deciders))}
    return Table(
        heading=heading,
        caption=_("Members who decide and their latest known position"),
        head=(_("Name"), _("Seat"), _("Party"), _("Position")),
        rows=tuple((row.name, row.seat, row.party, row.stand) for row in listed),
        source=POSITIONS,
        note=note,
    )
