from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.brief_requests import store, store_year
from campaigns.errors import ActionRefused
from campaigns.models import Campaign
from campaigns.year import years_of
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Legislator, Organization, User
from policy.actions.recalls import note_copies
from policy.errors import BriefRefused
from policy.models import Brief, BriefKind, BriefState, BriefWording, CopyKind


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
    try:
        brief = store(
            campaign,
            BriefKind(kind),
            legislator,
            language=language or campaign.language,
            paper=paper,
            actor=actor,
        )
    except BriefRefused as refusal:
        raise ActionRefused(refusal.message) from refusal
    record(organization=campaign.organization, actor=actor, verb="request brief", obj=brief, kind=kind)
    return brief


def request_year(
    *, organization: Organization, year: int, language: str, paper: str, actor: User | None
) -> Brief:
    """The same for all that an organisation did in a year. Raises ActionRefused for one that nothing is known of."""
    if year not in years_of(organization):
        raise ActionRefused(_("Nothing is known of that year."))
    try:
        brief = store_year(organization, year, language=language, paper=paper, actor=actor)
    except BriefRefused as refusal:
        raise ActionRefused(refusal.message) from refusal
    record(organization=organization, actor=actor, verb="request brief", obj=brief, kind=brief.kind)
    return brief


@transaction.atomic
def hand_over(*, brief: Brief, to_whom: str, on: date, actor: User | None) -> None:
    """Note that a version was handed to somebody. Raises ActionRefused when there is nothing to hand over."""
    if not Brief.objects.filter(pk=brief.pk, state=BriefState.READY).exists():
        raise ActionRefused(_("Only a version that is ready can be handed over."))
    note_copies(briefs=[brief.pk], kind=CopyKind.HANDED, on=on, actor=actor, to_whom=to_whom)
    record(organization=brief.organization, actor=actor, verb="hand over brief", obj=brief)


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
