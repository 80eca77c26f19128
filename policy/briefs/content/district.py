from dataclasses import replace

from django.utils.translation import gettext as _

from policy.briefs.content.sources import sources_of
from policy.briefs.evidence import general_evidence, local_evidence
from policy.briefs.facts import CampaignFacts, IssueFacts, LegislatorFacts
from policy.briefs.pieces import (
    among_all,
    ask,
    people_here,
    places,
    represented_by,
    what_it_means,
    where_it_stands,
)
from policy.briefs.sections import Document, KeyFigures, Meaning, Quotes, Section, Sender


def district_sheet(
    *,
    campaign: CampaignFacts,
    issue: IssueFacts,
    place: str,
    legislators: tuple[LegislatorFacts, ...],
    meanings: tuple[Meaning, ...] = (),
    sender: Sender,
    language: str,
    paper: str,
) -> Document:
    """One place on one or two pages: who represents it, its numbers beside those elsewhere, who acted."""
    divisions = frozenset().union(*(one.divisions for one in legislators))
    figures = [*people_here(campaign, place, is_theirs=False), *local_evidence(issue.evidence, divisions, 3)]
    if len(figures) < 3:
        figures += general_evidence(issue.evidence, 3 - len(figures))
    sections: list[Section] = [ask(campaign, issue.measure)]
    if figures:
        sections.append(KeyFigures(_("In numbers"), tuple(figures[:4])))
    sections.append(represented_by(legislators))
    if local := what_it_means(place, meanings):
        sections.append(local)
    sections += [replace(drawn, has_table=False) for drawn in issue.maps]  # it has two pages
    if by_place := places(campaign, _("Who acted here, by place")) or among_all(
        campaign, place, _("People here among all who acted")
    ):
        sections.append(by_place)
    if so_far := where_it_stands(issue.measure):
        sections.append(so_far)
    if campaign.quotes:
        sections.append(Quotes(_("In the words of people here"), campaign.quotes[:4]))
    sections += issue.help_in(divisions)[:2]
    moments = [one.facts_at for one in legislators if one.facts_at]
    return Document(
        series=campaign.series,
        kind="district",
        kind_label=_("District sheet: %(place)s") % {"place": place},
        language=language,
        paper=paper,
        title=place,
        sender=sender,
        facts_at=max([campaign.facts_at, issue.facts_at, *moments]),
        sections=tuple(sections),
        sources=sources_of(campaign, issue, sender, tuple(s for one in legislators for s in one.sources)),
        is_test=campaign.is_test,
    )
