"""A campaign that opens by itself: its day and hour set, changed and taken back. `delivery.openings` opens it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.checklist import what_is_missing
from campaigns.errors import ActionRefused, BadMove, CampaignNotReady
from campaigns.models import Campaign, CampaignState
from campaigns.models.campaign import NOT_SCHEDULED
from campaigns.models.moves import move
from campaigns.review import fingerprint_of, review_needed
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User

# Later than this is a slip of the pen.
LATEST = timedelta(days=366)


@transaction.atomic
def schedule_opening(*, campaign: Campaign, actor: User | None, opens_at: datetime, seen: str = "") -> None:
    """Put the page online, saying when it opens; it takes signatures from that moment (aware) on.

    `seen` is the fingerprint of what a reviewer looked at. Raises CampaignNotReady with everything that is missing,
    and ActionRefused.
    """
    _can_open(campaign, actor, opens_at)
    looked_at = fingerprint_of(campaign)
    if seen and seen != looked_at:
        raise ActionRefused(_("Somebody changed this campaign while you looked at it. Look at it again."))
    move(campaign, CampaignState.SCHEDULED, at=now(), actor=actor, opens_at=opens_at, opens_seen=looked_at)
    _tell(campaign, actor, "schedule opening", opens_at)


@transaction.atomic
def change_opening(*, campaign: Campaign, actor: User | None, opens_at: datetime) -> None:
    """Give a campaign that opens by itself another moment. Raises as `schedule_opening` does."""
    if campaign.state != CampaignState.SCHEDULED:
        raise BadMove
    _can_open(campaign, actor, opens_at)
    waiting = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SCHEDULED)
    if not waiting.update(opens_at=opens_at, opening_failed_at=None):
        raise BadMove
    campaign.opens_at, campaign.opening_failed_at = opens_at, None
    _tell(campaign, actor, "change opening", opens_at)


@transaction.atomic
def take_opening_back(*, campaign: Campaign, actor: User | None) -> None:
    """Make a campaign that would open by itself a draft again; strangers no longer find its page."""
    if campaign.state != CampaignState.SCHEDULED:
        raise BadMove
    move(campaign, CampaignState.DRAFT, at=now(), actor=actor, **NOT_SCHEDULED)
    record(organization=campaign.organization, actor=actor, verb="take opening back", obj=campaign)


def _can_open(campaign: Campaign, actor: User | None, opens_at: datetime) -> None:
    at = now()
    if not at < opens_at <= at + LATEST:
        raise ActionRefused(_("Choose a moment that lies ahead, within a year."), field="opens_at")
    if lacking := what_is_missing(campaign):
        raise CampaignNotReady(" ".join(lacking))
    if reason := review_needed(campaign, actor):
        raise ActionRefused(reason)


def _tell(campaign: Campaign, actor: User | None, verb: str, opens_at: datetime) -> None:
    record(
        organization=campaign.organization,
        actor=actor,
        verb=verb,
        obj=campaign,
        opens_at=opens_at.isoformat(),
    )
