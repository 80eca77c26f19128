"""Facts → sections: which facts a brief of each kind says, and in which order.

Pure: everything comes in as plain facts, the campaign's numbers too (they are passed down to here, because
policies know nothing of campaigns). Call it with the brief's language active.
"""

from django.utils.translation import gettext as _

from policy.briefs.evidence import argument, general_evidence, local_evidence, three_figures
from policy.briefs.facts import CampaignFacts, IssueFacts, LegislatorFacts
from policy.briefs.pieces import (
    CAMPAIGN,
    POSITIONS,
    among_all,
    ask,
    people_everywhere,
    people_here,
    places,
    who_decides,
)
from policy.briefs.sections import (
    Document,
    KeyFigures,
    Paragraphs,
    Quotes,
    Section,
    Sender,
    Source,
    Timeline,
)
from policy.briefs.words import parts


def leave_behind(
    *,
    campaign: CampaignFacts,
    issue: IssueFacts,
    legislator: LegislatorFacts,
    sender: Sender,
    language: str,
    paper: str,
) -> Document:
    """One or two pages for a legislator: the ask first, then the people they represent."""
    person = legislator.person
    measure = issue.measure
    sections: list[Section] = [ask(campaign, measure), person]
    figures = [
        *people_here(campaign, person.place),
        *local_evidence(issue.evidence, legislator.divisions, 2),
    ]
    if len(figures) < 3:
        figures += general_evidence(issue.evidence, 3 - len(figures))
    if figures:
        sections.append(KeyFigures(_("In numbers"), tuple(figures[:4])))
    if by_place := places(campaign, _("Your constituents by place")) or among_all(campaign, person.place):
        sections.append(by_place)
    if measure and (measure.summary or measure.reasons):
        text = "\n\n".join(part for part in (measure.summary, measure.reasons) if part)
        sections.append(Paragraphs(_("What %(measure)s does") % {"measure": measure.identifier}, text))
    elif issue.summary:
        sections.append(Paragraphs(_("Why it matters"), issue.summary))
    if campaign.quotes:
        sections.append(Quotes(_("In your constituents' words"), campaign.quotes[:4]))
    sections += issue.help[:1]
    moments = [campaign.facts_at, issue.facts_at, *([legislator.facts_at] if legislator.facts_at else [])]
    return Document(
        series=campaign.series,
        kind="leave_behind",
        kind_label=_("Briefing for %(name)s") % {"name": f"{person.role} {person.name}".strip()},
        language=language,
        paper=paper,
        title=campaign.title,
        sender=sender,
        facts_at=max(moments),
        sections=tuple(sections),
        sources=_sources(campaign, issue, sender, legislator.sources),
        is_test=campaign.is_test,
    )


def issue_brief(
    *, campaign: CampaignFacts, issue: IssueFacts, sender: Sender, language: str, paper: str
) -> Document:
    """Two to four pages that make the case to anybody who decides or reports."""
    measure = issue.measure
    chart, charted = argument(issue.evidence)
    lead, *further = parts(issue.body)
    sections: list[Section] = [ask(campaign, measure)]
    if figures := three_figures(issue.evidence, charted):
        sections.append(KeyFigures(_("In numbers"), tuple(figures)))
    why = "\n\n".join(part for part in (issue.summary, lead[1] or campaign.why) if part)
    if why:
        sections.append(Paragraphs(_("Why it matters"), why))
    if chart:
        sections.append(chart)
    if measure and (measure.summary or measure.reasons):
        text = "\n\n".join(part for part in (measure.summary, measure.reasons) if part)
        sections.append(Paragraphs(_("What %(measure)s does") % {"measure": measure.identifier}, text))
    if measure and measure.milestones:
        sections.append(
            Timeline(_("Where %(measure)s stands") % {"measure": measure.identifier}, measure.milestones)
        )
    if campaign.deciders:
        sections.append(who_decides(campaign.deciders))
    if campaign.people:
        sections.append(KeyFigures(_("Who has acted"), tuple(people_everywhere(campaign))))
    if by_place := places(campaign, _("Constituents who acted, by place")):
        sections.append(by_place)
    if campaign.quotes:
        sections.append(Quotes(_("In supporters' words"), campaign.quotes[:5]))
    sections += [Paragraphs(heading, text) for heading, text in further]
    sections += issue.help[:2]
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
        sources=_sources(campaign, issue, sender, ()),
        is_test=campaign.is_test,
    )


def _sources(
    campaign: CampaignFacts, issue: IssueFacts, sender: Sender, more: tuple[Source, ...]
) -> tuple[Source, ...]:
    """Everything that may be cited; a document prints those it uses."""
    own = (
        Source(
            CAMPAIGN,
            _("%(organization)s: confirmed pledges and letters in “%(campaign)s”, and how they are counted")
            % {"organization": sender.name, "campaign": campaign.title},
            campaign.definition_url,
        ),
        Source(
            POSITIONS,
            _("%(organization)s: positions as recorded from public statements, votes and meetings")
            % {"organization": sender.name},
            campaign.page_url,
        ),
    )
    measure = issue.measure.sources if issue.measure else ()
    return (*own, *(fact.source for fact in issue.evidence), *measure, *more)
