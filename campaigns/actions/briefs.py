from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.errors import ActionRefused
from campaigns.models import Campaign
from campaigns.sections import campaign_facts
from contacts.actions.organizations import record
from contacts.clock import today
from contacts.models import Legislator, User
from policy.actions import briefs
from policy.briefs import content, gather
from policy.briefs.sections import Document
from policy.errors import BriefRefused
from policy.models import Brief, BriefKind


def request_brief(
    *,
    campaign: Campaign,
    kind: str,
    legislator: Legislator | None = None,
    language: str = "",
    paper: str = "letter",
    actor: User | None,
) -> Brief:
    """A brief of what a campaign's facts are now: the version that says just this, or a new one being made.

    A leave-behind needs a legislator who holds a seat. Raises ActionRefused, also for want of a source.
    """
    language = language or campaign.language
    with translation.override(language):
        try:
            document = brief_document(
                campaign=campaign, kind=kind, legislator=legislator, language=language, paper=paper
            )
        except BriefRefused as refusal:
            raise ActionRefused(refusal.message) from refusal
    brief = briefs.request_brief(
        organization=campaign.organization,
        document=document,
        issue=campaign.issue,
        measure=campaign.measure,
        legislator=legislator if kind == BriefKind.LEAVE_BEHIND else None,
        actor=actor,
    )
    record(organization=campaign.organization, actor=actor, verb="request brief", obj=brief, kind=kind)
    return brief


def brief_document(
    *, campaign: Campaign, kind: str, legislator: Legislator | None, language: str, paper: str
) -> Document:
    """The facts of now as a document, in the active language."""
    on = today(campaign.organization.time_zone)
    sender = gather.sender_of(campaign.organization)
    if kind != BriefKind.LEAVE_BEHIND:
        return content.issue_brief(
            campaign=campaign_facts(campaign, on=on),
            issue=gather.issue_facts(campaign.issue, campaign.measure),
            sender=sender,
            language=language,
            paper=paper,
        )
    if legislator is None:
        raise ActionRefused(_("Choose the legislator the leave-behind is for."))
    seats = gather.seats(legislator, on)
    if not seats:
        raise ActionRefused(_("%(name)s holds no seat now.") % {"name": legislator.name})
    posts = [seat.post for seat in seats if seat.post is not None]
    return content.leave_behind(
        campaign=campaign_facts(campaign, posts=posts, on=on),
        issue=gather.issue_facts(campaign.issue, campaign.measure, gather.with_parents(posts[0].division)),
        legislator=gather.legislator_facts(
            seats[0], organization=campaign.organization, measure=campaign.measure, on=on
        ),
        sender=sender,
        language=language,
        paper=paper,
    )
