"""Facts → sections: which facts a brief of each kind says, and in which order.

Pure: everything comes in as plain facts, the campaign's numbers too (they are passed down to here, because
policies know nothing of campaigns). Call it with the brief's language active.
"""

from django.utils.translation import gettext as _

from policy.briefs.evidence import argument, general_evidence, local_evidence, three_figures
from policy.briefs.facts import (
    CampaignFacts,
    IssueFacts,
    LegislatorFacts,
    ResultFacts,
    SignerFacts,
    Wording,
)
from policy.briefs.pieces import (
    CAMPAIGN,
    POSITIONS,
    among_all,
    ask,
    people_everywhere,
    people_here,
    places,
    represented_by,
    what_it_does,
    where_it_stands,
    who_decides,
    written,
)
from policy.briefs.results import (
    by_week,
    cover,
    every_letter,
    every_place,
    how_offices_answered,
    signed_and_named,
    where_they_stand,
    who_signed,
    who_stands_where,
)
from policy.briefs.sections import (
    Document,
    KeyFigures,
    Paragraphs,
    Quotes,
    Section,
    Sender,
    Source,
)
from policy.briefs.words import parts

NOTHING_WRITTEN = Wording()


def leave_behind(
    *,
    campaign: CampaignFacts,
    issue: IssueFacts,
    legislator: LegislatorFacts,
    sender: Sender,
    language: str,
    paper: str,
    wording: Wording = NOTHING_WRITTEN,
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
        sources=_sources(campaign, issue, sender, legislator.sources),
        is_test=campaign.is_test,
    )


def issue_brief(
    *,
    campaign: CampaignFacts,
    issue: IssueFacts,
    sender: Sender,
    language: str,
    paper: str,
    wording: Wording = NOTHING_WRITTEN,
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
    if what := what_it_does(measure):
        sections.append(what)
    if so_far := where_it_stands(measure):
        sections.append(so_far)
    if campaign.deciders:
        sections.append(
            stand if (stand := who_stands_where(campaign.deciders)) else who_decides(campaign.deciders)
        )
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
        sources=_sources(campaign, issue, sender, ()),
        is_test=campaign.is_test,
    )


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
    sections += [
        part
        for part in (
            by_week(results),
            places(campaign, _("Where they live")),
            every_letter(results),
            how_offices_answered(results),
            where_they_stand(campaign.deciders),
            where_it_stands(issue.measure),
        )
        if part is not None
    ]
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
        sources=_sources(campaign, issue, sender, ()),
        is_test=campaign.is_test,
    )


def delivery_pack(
    *,
    campaign: CampaignFacts,
    signers: SignerFacts,
    issue: IssueFacts,
    sender: Sender,
    language: str,
    paper: str,
) -> Document:
    """A petition as it is handed over: a cover, the numbers, every place, the names that may be shown."""
    to = {decider.seat: None for decider in campaign.deciders}
    sections: list[Section] = [
        cover(campaign, issue.measure, next(iter(to)) if len(to) == 1 else ""),
        KeyFigures(_("In numbers"), tuple(signed_and_named(campaign, signers))),
    ]
    if signers.places:
        sections.append(every_place(signers))
    if campaign.quotes:
        sections.append(Quotes(_("In their words"), campaign.quotes))
    if signers.groups:
        sections.append(who_signed(signers))
    return Document(
        series=campaign.series,
        kind="delivery",
        kind_label=_("Petition"),
        language=language,
        paper=paper,
        title=campaign.title,
        sender=sender,
        facts_at=campaign.facts_at,
        sections=tuple(sections),
        sources=_sources(campaign, issue, sender, ()),
        is_test=campaign.is_test,
    )


def district_sheet(
    *,
    campaign: CampaignFacts,
    issue: IssueFacts,
    place: str,
    legislators: tuple[LegislatorFacts, ...],
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
        sources=_sources(campaign, issue, sender, tuple(s for one in legislators for s in one.sources)),
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
