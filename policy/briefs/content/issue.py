from django.utils.translation import gettext as _

from policy.briefs.content.sources import sources_of
from policy.briefs.evidence import argument, three_figures
from policy.briefs.facts import CampaignFacts, Decider, IssueFacts, Wording
from policy.briefs.pieces import (
    LISTED_DECIDERS,
    ask,
    people_everywhere,
    places,
    what_it_does,
    where_it_stands,
    who_decides,
    written,
)
from policy.briefs.results import who_stands_where
from policy.briefs.sections import Document, KeyFigures, Paragraphs, Quotes, Section, Sender
from policy.briefs.words import parts


def issue_brief(
    *,
    campaign: CampaignFacts,
    issue: IssueFacts,
    sender: Sender,
    language: str,
    paper: str,
    wording: Wording | None = None,
) -> Document:
    """Two to four pages that make the case to anybody who decides or reports."""
    measure = issue.measure
    chart, charted = argument(issue.evidence)
    lead, *further = parts(issue.body)
    sections: list[Section] = [ask(campaign, measure), *written(wording)]
    if figures := three_figures(issue.evidence, charted):
        sections.append(KeyFigures(_("In numbers"), tuple(figures)))
    why = "\n\n".join(part for part in (issue.summary, lead[1] or campaign.why) if part)
    if why:
        sections.append(Paragraphs(_("Why it matters"), why))
    if chart:
        sections.append(chart)
    sections += issue.maps
    if what := what_it_does(measure):
        sections.append(what)
    if so_far := where_it_stands(measure):
        sections.append(so_far)
    sections += issue.chambers
    if campaign.deciders:
        sections += _who_decides(campaign.deciders, is_drawn=bool(issue.chambers))
    if campaign.people:
        sections.append(KeyFigures(_("Who has acted"), tuple(people_everywhere(campaign))))
    if by_place := places(campaign, _("Constituents who acted, by place")):
        sections.append(by_place)
    if campaign.quotes:
        sections.append(Quotes(_("In supporters' words"), campaign.quotes[:5]))
    sections += [Paragraphs(heading, text) for heading, text in further]
    sections += [fact.help for fact in issue.help[:2]]
    return Document(
        series=campaign.series,
        kind="issue",
        kind_label=_("Issue brief: %(issue)s") % {"issue": issue.title},
        language=language,
        paper=paper,
        title=campaign.title,
        sender=sender,
        facts_at=max(campaign.facts_at, issue.facts_at),
        sections=tuple(sections),
        sources=sources_of(campaign, issue, sender),
        is_test=campaign.is_test,
    )


def _who_decides(deciders: tuple[Decider, ...], *, is_drawn: bool) -> list[Section]:
    """Everybody by name while they are few; of a whole chamber the count, unless its seats are drawn already."""
    if is_drawn and len(deciders) > LISTED_DECIDERS:
        return []
    return [who_stands_where(deciders) or who_decides(deciders)]
