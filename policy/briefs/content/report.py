from django.utils.translation import gettext as _

from policy.briefs.content.sources import sources_of
from policy.briefs.facts import CampaignFacts, IssueFacts, ResultFacts
from policy.briefs.pieces import ask, people_everywhere, places, where_it_stands
from policy.briefs.results import (
    by_week,
    every_letter,
    how_offices_answered,
    organizations,
    where_they_stand,
)
from policy.briefs.sections import Document, KeyFigures, Paragraphs, Quotes, Section, Sender


def campaign_report(
    *,
    campaign: CampaignFacts,
    results: ResultFacts,
    issue: IssueFacts,
    sender: Sender,
    language: str,
    paper: str,
) -> Document:
    """What became of a campaign, in numbers that are never added to each other."""
    sections: list[Section] = [ask(campaign, issue.measure, _("What we asked"))]
    if results.outcome_text or results.outcome:
        text = "\n\n".join(
            part for part in (f"**{results.outcome}**", results.outcome_text) if part.strip("*")
        )
        sections.append(Paragraphs(_("What changed"), text))
    sections.append(KeyFigures(_("Who acted"), tuple(people_everywhere(campaign))))
    stand = issue.chambers or (where_they_stand(campaign.deciders),)
    sections += [
        part
        for part in (
            by_week(results),
            places(campaign, _("Where they live")),
            every_letter(results),
            how_offices_answered(results),
            *stand,
            where_it_stands(issue.measure),
        )
        if part is not None
    ]
    if (supporting := organizations(campaign)) is not None:
        sections.append(supporting)
    if campaign.quotes:
        sections.append(Quotes(_("In supporters' words"), campaign.quotes))
    return Document(
        series=campaign.series,
        kind="report",
        kind_label=_("Campaign report"),
        language=language,
        paper=paper,
        title=campaign.title,
        sender=sender,
        facts_at=max(campaign.facts_at, results.facts_at, issue.facts_at),
        sections=tuple(sections),
        sources=sources_of(campaign, issue, sender),
        is_test=campaign.is_test,
    )
