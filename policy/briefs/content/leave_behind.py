from django.utils.translation import gettext as _

from policy.briefs.content.sources import sources_of
from policy.briefs.evidence import general_evidence, local_evidence
from policy.briefs.facts import CampaignFacts, IssueFacts, LegislatorFacts, Wording
from policy.briefs.pieces import among_all, ask, people_here, places, what_it_does, what_it_means, written
from policy.briefs.sections import Document, KeyFigures, Paragraphs, Quotes, Section, Sender

# It has two pages: what fits them.
SERIES_TOLD = 2


def leave_behind(
    *,
    campaign: CampaignFacts,
    issue: IssueFacts,
    legislator: LegislatorFacts,
    sender: Sender,
    language: str,
    paper: str,
    wording: Wording | None = None,
) -> Document:
    """One or two pages for a legislator: the ask first, then the people they represent."""
    person = legislator.person
    measure = issue.measure
    sections: list[Section] = [ask(campaign, measure), person, *written(wording)]
    figures = [
        *people_here(campaign, person.place),
        *local_evidence(issue.evidence, legislator.divisions, 2),
    ]
    if len(figures) < 3:
        figures += general_evidence(issue.evidence, 3 - len(figures))
    if figures:
        sections.append(KeyFigures(_("In numbers"), tuple(figures[:4])))
    if by_place := places(campaign, _("Your constituents by place")) or among_all(
        campaign, person.place, _("Your constituents among all who acted")
    ):
        sections.append(by_place)
    if local := what_it_means(person.place, legislator.meanings[:SERIES_TOLD]):
        sections.append(local)
    if what := what_it_does(measure):
        sections.append(what)
    elif issue.summary:
        sections.append(Paragraphs(_("Why it matters"), issue.summary))
    if campaign.quotes:
        sections.append(Quotes(_("In your constituents' words"), campaign.quotes[:4]))
    sections += issue.help_in(legislator.divisions)[:1]
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
        sources=sources_of(campaign, issue, sender, legislator.sources),
        is_test=campaign.is_test,
    )
