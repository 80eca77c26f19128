"""Facts → single sections: the ask, figure rows, charts and tables that both kinds of brief use."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policy.briefs.facts import CampaignFacts, Decider, EvidenceFact, MeasureFact
from policy.briefs.sections import Ask, BarChart, ChartRow, Figure, Places, Table
from policy.briefs.words import as_number, count, with_unit

# Keys of the sources that are the organisation's own records.
CAMPAIGN = "campaign"
POSITIONS = "positions"
LISTED_DECIDERS = 40


def ask(campaign: CampaignFacts, measure: MeasureFact | None) -> Ask:
    if measure is None:
        return Ask(campaign.ask)
    return Ask(
        campaign.ask,
        measure=f"{measure.identifier}, {measure.title} ({measure.jurisdiction})",
        vote_on=measure.vote_on,
    )


def people_here(campaign: CampaignFacts, place: str) -> list[Figure]:
    figures = []
    if campaign.people_here:
        label = ngettext(
            "person you represent in %(place)s has signed and confirmed",
            "people you represent in %(place)s have signed and confirmed",
            campaign.people_here,
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
    if campaign.letters_here:
        label = ngettext(
            "letter to your office accepted by a mail server",
            "letters to your office accepted by a mail server",
            campaign.letters_here,
        )
        figures.append(Figure(count(campaign.letters_here), label, CAMPAIGN))
    return figures


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
            Figure(
                count(campaign.letters_accepted),
                ngettext(
                    "letter accepted by a mail server",
                    "letters accepted by a mail server",
                    campaign.letters_accepted,
                ),
                CAMPAIGN,
            ),
            Figure(
                count(campaign.offices),
                ngettext("office written to", "offices written to", campaign.offices),
                CAMPAIGN,
            ),
        ]
    return figures


def local_evidence(evidence: tuple[EvidenceFact, ...], divisions: frozenset[str], limit: int) -> list[Figure]:
    """Figures of the legislator's own place, each beside the same claim elsewhere where there is one."""
    figures: list[Figure] = []
    for fact in evidence:
        if fact.division not in divisions or not fact.division or len(figures) == limit:
            continue
        twin = next((other for other in evidence if _is_twin(fact, other) and not other.division), None)
        twin = twin or next((other for other in evidence if _is_twin(fact, other)), None)
        beside = ""
        if twin:
            beside = _("%(figure)s in %(place)s") % {
                "figure": with_unit(twin.figure, twin.unit),
                "place": twin.place or _("the whole country"),
            }
        figures.append(
            Figure(
                fact.figure,
                f"{fact.claim} ({fact.place})",
                fact.source.key,
                unit=fact.unit,
                beside=beside,
                beside_source=twin.source.key if twin else "",
            )
        )
    return figures


def _is_twin(one: EvidenceFact, other: EvidenceFact) -> bool:
    return (
        one is not other
        and (one.claim, one.unit) == (other.claim, other.unit)
        and one.division != other.division
    )


def general_evidence(evidence: tuple[EvidenceFact, ...] | list[EvidenceFact], limit: int) -> list[Figure]:
    """The first figures that hold everywhere; those of one place follow, with the place named."""
    ordered = sorted(evidence, key=lambda fact: bool(fact.place))
    return [
        Figure(
            fact.figure,
            f"{fact.claim} ({fact.place})" if fact.place else fact.claim,
            fact.source.key,
            unit=fact.unit,
        )
        for fact in ordered[:limit]
    ]


def argument(evidence: tuple[EvidenceFact, ...]) -> tuple[BarChart | None, list[EvidenceFact]]:
    """The one chart: the claim known for the most places, highest first, with its finding as heading."""
    groups: dict[tuple[str, str], list[tuple[float, EvidenceFact]]] = {}
    for fact in evidence:
        value = as_number(fact.figure)
        if value is not None:
            groups.setdefault((fact.claim, fact.unit), []).append((value, fact))
    best = max(groups.values(), key=len, default=[])
    if len(best) < 2:
        return None, []
    best = sorted(best, key=lambda pair: -pair[0])[:12]
    highest = best[0][1]
    rows = tuple(
        ChartRow(
            fact.place or _("Whole country"),
            value,
            with_unit(fact.figure, fact.unit),
            emphasis=fact is highest,
            source=fact.source.key,
        )
        for value, fact in best
    )
    heading = _("%(claim)s: %(figure)s in %(place)s") % {
        "claim": highest.claim,
        "figure": with_unit(highest.figure, highest.unit),
        "place": highest.place or _("the whole country"),
    }
    return (
        BarChart(heading, rows, label_head=_("Place"), value_head=highest.unit or _("Figure")),
        [fact for _value, fact in best],
    )


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
        note=_("Places with fewer than three people are counted together, so that nobody can be picked out.")
        if any(place.is_rest for place in campaign.places)
        else "",
    )


def among_all(campaign: CampaignFacts, place: str) -> Places | None:
    """The people of one place beside all others, where no smaller places may be named."""
    elsewhere = campaign.people - campaign.people_here
    if not campaign.people_here or elsewhere <= 0:
        return None
    return Places(
        heading=_("Your constituents among all who acted"),
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
    listed = deciders
    note = ""
    if len(deciders) > LISTED_DECIDERS:
        listed = tuple(decider for decider in deciders if decider.level is not None)[:LISTED_DECIDERS]
        note = _("%(listed)s of %(all)s who decide are listed; of the others no position is known.") % {
            "listed": count(len(listed)),
            "all": count(len(deciders)),
        }
    return Table(
        heading=_("Who decides, and where they stand"),
        caption=_("Members who decide and their latest known position"),
        head=(_("Name"), _("Seat"), _("Party"), _("Position")),
        rows=tuple((row.name, row.seat, row.party, row.stand) for row in listed),
        source=POSITIONS,
        note=note,
    )
