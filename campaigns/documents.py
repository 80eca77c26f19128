"""The facts of now as documents: what a brief of each kind says of a campaign. Reads only."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from campaigns.models import Campaign
from campaigns.results import result_facts, signer_facts
from campaigns.sections import campaign_facts, campaign_facts_for_each
from contacts.clock import today
from policy.briefs import content, gather
from policy.briefs.facts import Wording
from policy.briefs.sections import Document
from policy.models import BriefWording


def issue_brief(campaign: Campaign, *, language: str, paper: str) -> Document:
    """Call it with the language active."""
    return content.issue_brief(
        campaign=campaign_facts(campaign, on=_today(campaign)),
        issue=gather.issue_facts(campaign.issue, campaign.measure),
        sender=gather.sender_of(campaign.organization),
        language=language,
        paper=paper,
        wording=wording_of(campaign, language),
    )


def leave_behinds(
    campaign: Campaign, legislators: Collection[UUID], *, language: str, paper: str
) -> dict[UUID, Document]:
    """The leave-behind for each legislator who holds a seat now; in as many queries for one as for 537.

    Call it with the language active.
    """
    on = _today(campaign)
    seats = gather.seats(legislators, on)
    posts = {key: [seat.post for seat in some if seat.post is not None] for key, some in seats.items()}
    numbers = campaign_facts_for_each(campaign, posts)
    people = gather.legislator_facts(
        [some[0] for some in seats.values()],
        organization=campaign.organization,
        measure=campaign.measure,
        on=on,
    )
    issue = gather.issue_facts(campaign.issue, campaign.measure)
    sender = gather.sender_of(campaign.organization)
    wording = wording_of(campaign, language)
    return {
        key: content.leave_behind(
            campaign=numbers[key],
            issue=issue,
            legislator=people[key],
            sender=sender,
            language=language,
            paper=paper,
            wording=wording,
        )
        for key in seats
    }


def campaign_report(campaign: Campaign, *, language: str, paper: str) -> Document:
    """Call it with the language active."""
    return content.campaign_report(
        campaign=campaign_facts(campaign, on=_today(campaign)),
        results=result_facts(campaign),
        issue=gather.issue_facts(campaign.issue, campaign.measure),
        sender=gather.sender_of(campaign.organization),
        language=language,
        paper=paper,
    )


def delivery_pack(campaign: Campaign, *, language: str, paper: str) -> Document:
    """Call it with the language active."""
    return content.delivery_pack(
        campaign=campaign_facts(campaign, on=_today(campaign)),
        signers=signer_facts(campaign),
        issue=gather.issue_facts(campaign.issue, campaign.measure),
        sender=gather.sender_of(campaign.organization),
        language=language,
        paper=paper,
    )


def district_sheet(campaign: Campaign, legislator: UUID, *, language: str, paper: str) -> Document | None:
    """The sheet of the place that a legislator sits for; None when they hold no seat.

    Call it with the language active.
    """
    on = _today(campaign)
    seats = gather.seats([legislator], on).get(legislator)
    if not seats or seats[0].post is None:
        return None
    division = seats[0].post.division
    sitting = gather.seats_over(division, on)
    people = gather.legislator_facts(
        sitting, organization=campaign.organization, measure=campaign.measure, on=on
    )
    return content.district_sheet(
        campaign=campaign_facts(campaign, posts=[seats[0].post], on=on),
        issue=gather.issue_facts(campaign.issue, campaign.measure),
        place=division.name,
        legislators=tuple(people[seat.legislator_id] for seat in sitting),
        sender=gather.sender_of(campaign.organization),
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
