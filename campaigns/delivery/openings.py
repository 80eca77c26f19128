"""Campaigns whose opening hour has come: each opens once, or its organizers are told once why it could not."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from campaigns.checklist import what_is_missing
from campaigns.delivery.owed import owe_not_opened
from campaigns.models import Campaign, CampaignState
from campaigns.models.campaign import NOT_SCHEDULED, CampaignQuerySet
from campaigns.models.moves import move
from campaigns.review import review_needed
from contacts.actions.organizations import record
from contacts.clock import now


def why_not(campaign: Campaign) -> list[str]:
    """What keeps a campaign from opening by itself, in words for its organizers."""
    return what_is_missing(campaign) or [reason for reason in [review_needed(campaign, None)] if reason]


def open_due() -> int:
    """Open what is due; gives how many. A campaign that can't open stays as it is until a person acts."""
    at = now()
    return sum(_open(pk, at) for pk in list(_due(at).values_list("pk", flat=True)))


@transaction.atomic
def _open(campaign_id: UUID, at: datetime) -> bool:
    # Whoever else opens it, or takes it back, is waited for: then it is not due any more.
    found = _due(at).filter(pk=campaign_id).select_for_update(of=("self",), no_key=True)
    campaign = found.select_related("organization", "issue", "measure").first()
    if campaign is None:
        return False
    if why_not(campaign):
        Campaign.objects.filter(pk=campaign.pk).update(opening_failed_at=at)
        owe_not_opened(campaign, at)
        return False
    move(
        campaign,
        CampaignState.OPEN,
        at=at,
        reason="its hour came",
        opened_at=campaign.opened_at or at,
        closed_at=None,
        **NOT_SCHEDULED,
    )
    record(organization=campaign.organization, actor=None, verb="open campaign", obj=campaign, by="its hour")
    return True


def _due(at: datetime) -> CampaignQuerySet:
    return Campaign.objects.filter(
        state=CampaignState.SCHEDULED, opens_at__lte=at, opening_failed_at__isnull=True
    )
