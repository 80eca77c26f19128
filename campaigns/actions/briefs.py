from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns import documents
from campaigns.errors import ActionRefused
from campaigns.models import Campaign
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Legislator, User
from policy.actions import briefs
from policy.briefs.sections import Document
from policy.errors import BriefRefused
from policy.models import Brief, BriefKind, BriefWording


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
            brief = briefs.request_brief(
                organization=campaign.organization,
                document=document,
                issue=campaign.issue,
                measure=campaign.measure,
                legislator=legislator if BriefKind(kind).is_of_a_seat else None,
                actor=actor,
            )
        except BriefRefused as refusal:
            raise ActionRefused(refusal.message) from refusal
    record(organization=campaign.organization, actor=actor, verb="request brief", obj=brief, kind=kind)
    return brief


def brief_document(
    *, campaign: Campaign, kind: str, legislator: Legislator | None, language: str, paper: str
) -> Document:
    """The facts of now as a document, in the active language."""
    of_campaign = {
        BriefKind.ISSUE: documents.issue_brief,
        BriefKind.REPORT: documents.campaign_report,
        BriefKind.DELIVERY: documents.delivery_pack,
    }
    if not BriefKind(kind).is_of_a_seat:
        return of_campaign[BriefKind(kind)](campaign, language=language, paper=paper)
    if legislator is None:
        raise ActionRefused(_("Choose the legislator it is for."))
    if kind == BriefKind.DISTRICT:
        made = documents.district_sheet(campaign, legislator.pk, language=language, paper=paper)
    else:
        made = documents.leave_behinds(campaign, [legislator.pk], language=language, paper=paper).get(
            legislator.pk
        )
    if made is None:
        raise ActionRefused(_("%(name)s holds no seat now.") % {"name": legislator.name})
    return made


@transaction.atomic
def save_wording(
    *, campaign: Campaign, language: str, summary: str, points: str, actor: User | None
) -> BriefWording:
    """Keep what briefs of the campaign say in this language; the next ones asked for print it."""
    wording, _is_new = BriefWording.objects.update_or_create(
        organization=campaign.organization,
        subject=f"campaign:{campaign.pk}",
        language=language,
        defaults={"summary": summary, "points": points, "changed_by": actor, "changed_at": now()},
    )
    record(organization=campaign.organization, actor=actor, verb="write for briefs", obj=wording)
    return wording
