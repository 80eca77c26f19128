"""The facts of now as documents: what a brief of each kind says of a campaign. Reads only."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.results import result_facts, signer_facts
from campaigns.sections import campaign_facts, campaign_facts_for_each
from campaigns.year import year_facts
from contacts.clock import today
from contacts.models import Legislator, Organization
from policy.briefs import content, gather, gather_chambers, gather_legislators, gather_series
from policy.briefs.facts import Wording
from policy.briefs.sections import Document
from policy.errors import BriefRefused
from policy.models import BriefKind, BriefWording


def document_of(
    campaign: Campaign, kind: BriefKind, legislator: Legislator | None, *, language: str, paper: str
) -> Document:
    """The facts of now as a document of one kind. Raises BriefRefused. Call it with the language active."""
    of_campaign = {
        BriefKind.ISSUE: issue_brief,
        BriefKind.REPORT: campaign_report,
        BriefKind.DELIVERY: delivery_pack,
    }
    if not kind.is_of_a_seat:
        return of_campaign[kind](campaign, language=language, paper=paper)
    if legislator is None:
        raise BriefRefused(_("Choose the legislator it is for."))
    made: Document | BriefRefused | None
    if kind == BriefKind.DISTRICT:
        made = district_sheet(campaign, legislator.pk, language=language, paper=paper)
    else:
        made = leave_behinds(campaign, [legislator.pk], language=language, paper=paper).get(legislator.pk)
    if isinstance(made, BriefRefused):
        raise made
    if made is None:
        raise BriefRefused(_("%(name)s holds no seat now.") % {"name": legislator.name})
    return made


def issue_brief(campaign: Campaign, *, language: str, paper: str) -> Document:
    """Call it with the language active."""
    on = _today(campaign)
    maps, sources = gather_series.maps(gather_series.series_of(campaign.issue))
    return content.issue_brief(
        campaign=campaign_facts(campaign, on=on),
        issue=replace(
            gather.issue_facts(campaign.issue, campaign.measure, on),
            chambers=gather_chambers.chambers(campaign.measure, on),
            maps=maps,
            sources=sources,
        ),
        sender=gather.sender_of(campaign.organization),
        language=language,
        paper=paper,
        wording=wording_of(campaign, language),
    )


def leave_behinds(
    campaign: Campaign, legislators: Collection[UUID], *, language: str, paper: str
) -> dict[UUID, Document | BriefRefused]:
    """The leave-behind for each who holds a seat now, or why it can't be; as many queries for one as for 537.

    Call it with the language active.
    """
    on = _today(campaign)
    seats = gather_legislators.seats(legislators, on)
    posts = {key: [seat.post for seat in some if seat.post is not None] for key, some in seats.items()}
    numbers = campaign_facts_for_each(campaign, posts)
    people = gather_legislators.legislator_facts(
        [some[0] for some in seats.values()],
        organization=campaign.organization,
        measure=campaign.measure,
        on=on,
    )
    places = {key: some[0].post.division_id for key, some in seats.items() if some[0].post is not None}
    local = gather_series.meanings_for_each(gather_series.series_of(campaign.issue), list(places.values()))
    issue = gather.issue_facts(campaign.issue, campaign.measure, on)
    sender = gather.sender_of(campaign.organization)
    wording = wording_of(campaign, language)
    made: dict[UUID, Document | BriefRefused] = {}
    for key in seats:
        meanings, sources = local.get(places[key], ((), ()))
        person = replace(people[key], meanings=meanings, sources=(*people[key].sources, *sources))
        try:
            made[key] = content.leave_behind(
                campaign=numbers[key],
                issue=issue,
                legislator=person,
                sender=sender,
                language=language,
                paper=paper,
                wording=wording,
            )
        except BriefRefused as refusal:  # a figure of one place must not cost all others their brief
            made[key] = refusal
    return made


def campaign_report(campaign: Campaign, *, language: str, paper: str) -> Document:
    """Call it with the language active."""
    on = _today(campaign)
    return content.campaign_report(
        campaign=campaign_facts(campaign, on=on),
        results=result_facts(campaign),
        issue=replace(
            gather.issue_facts(campaign.issue, campaign.measure, on),
            chambers=gather_chambers.chambers(campaign.measure, on),
        ),
        sender=gather.sender_of(campaign.organization),
        language=language,
        paper=paper,
    )


def delivery_pack(campaign: Campaign, *, language: str, paper: str) -> Document:
    """Call it with the language active."""
    on = _today(campaign)
    return content.delivery_pack(
        campaign=campaign_facts(campaign, on=on),
        signers=signer_facts(campaign),
        issue=gather.issue_facts(campaign.issue, campaign.measure, on),
        sender=gather.sender_of(campaign.organization),
        language=language,
        paper=paper,
    )


def district_sheet(campaign: Campaign, legislator: UUID, *, language: str, paper: str) -> Document | None:
    """The sheet of the place that a legislator sits for; None when they hold no seat.

    Call it with the language active.
    """
    on = _today(campaign)
    seats = gather_legislators.seats([legislator], on).get(legislator)
    if not seats or seats[0].post is None:
        return None
    division = seats[0].post.division
    sitting = gather_legislators.seats_over(division, on)
    people = gather_legislators.legislator_facts(
        sitting, organization=campaign.organization, measure=campaign.measure, on=on
    )
    series = gather_series.series_of(campaign.issue)
    meanings, told_by = gather_series.meanings_for_each(series, [division.pk]).get(division.pk, ((), ()))
    maps, mapped_from = gather_series.maps(series[:1], within=division.parent)
    return content.district_sheet(
        campaign=campaign_facts(campaign, posts=[seats[0].post], on=on),
        issue=replace(
            gather.issue_facts(campaign.issue, campaign.measure, on),
            maps=maps,
            sources=(*mapped_from, *told_by),
        ),
        place=division.name,
        legislators=tuple(people[seat.legislator_id] for seat in sitting),
        meanings=meanings,
        sender=gather.sender_of(campaign.organization),
        language=language,
        paper=paper,
    )


def yearly_report(organization: Organization, year: int, *, language: str, paper: str) -> Document:
    """Call it with the language active."""
    return content.yearly_report(
        year_facts(organization, year, language),
        sender=gather.sender_of(organization),
        language=language,
        paper=paper,
    )


def wording_of(campaign: Campaign, language: str) -> Wording:
    """What somebody wrote for this campaign's briefs in this language."""
    row = BriefWording.objects.filter(
        organization=campaign.organization_id, subject=f"campaign:{campaign.pk}", language=language
    ).first()
    return Wording(row.summary, row.points) if row else Wording()


def _today(campaign: Campaign) -> date:
    return today(campaign.organization.time_zone)
