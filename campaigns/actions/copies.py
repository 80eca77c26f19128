from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model

from campaigns.actions.campaigns import create_campaign
from campaigns.actions.drives import create_drive
from campaigns.models import Campaign, CampaignTranslation, Drive, LetterVersion, TargetGroup, TargetRule
from campaigns.models.campaign import NOT_SCHEDULED
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User

# What belongs to one campaign and to no copy of it: its address, its life and what came of it.
_ITS_OWN = {
    "organization",
    "slug",
    "title",
    "state",
    "is_test",
    "test_recipient",
    "opened_at",
    "closed_at",
    "created_at",
    *NOT_SCHEDULED,
}
# A second subject is tried once, in one campaign.
_ITS_TRIAL = {
    "group",
    "second_subject",
    "second_share",
    "compared_subject",
    "compared_from",
    "compared_until",
}
# A drive's dates are of its own wave; hours, days and rates are worth keeping.
_OF_ITS_WAVE = {
    "campaign",
    "state",
    "starts_at",
    "ends_at",
    "hours_before_vote",
    "vote_on",
    "starts_on",
    "ends_on",
    "epoch",
    "paused_by",
    "created_at",
}


@transaction.atomic
def copy_campaign(*, campaign: Campaign, actor: User | None, title: str, slug: str) -> Campaign:
    """A draft in test mode with the campaign's text in every language, form, targets, letters and last drive's hours.

    Pledges, letters, numbers, news and partners stay where they are. The drive is a draft that begins at the next
    full hour and lasts as long as the one it is taken from.
    """
    copy = create_campaign(
        organization=campaign.organization,
        actor=actor,
        title=title,
        slug=slug,
        **_values(campaign, _ITS_OWN),
    )
    for translation in campaign.translations.all():
        # Its headline was made from the old one: where the copy has another, it is marked.
        CampaignTranslation.objects.create(
            campaign=copy, **_values(translation, {"campaign", "outcome_text"})
        )
    for group in campaign.target_groups.prefetch_related("rules", "versions"):
        _copy_group(group, copy)
    drive = campaign.drives.order_by("-created_at").first()
    if drive is not None:
        _copy_drive(drive, copy, actor)
    record(
        organization=campaign.organization, actor=actor, verb="copy campaign", obj=copy, of=str(campaign.pk)
    )
    return copy


def _copy_group(group: TargetGroup, campaign: Campaign) -> None:
    """A group with its rules and letters; what a letter cites is what it cited there."""
    copy = TargetGroup.objects.create(campaign=campaign, **_values(group, {"campaign"}))
    for rule in group.rules.all():
        TargetRule.objects.create(group=copy, **_values(rule, {"group"}))
    for version in group.versions.all():
        LetterVersion.objects.create(group=copy, **_values(version, _ITS_TRIAL))


def _copy_drive(drive: Drive, campaign: Campaign, actor: User | None) -> None:
    start = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    end = start + (drive.ends_at - drive.starts_at)
    create_drive(campaign=campaign, actor=actor, starts_at=start, ends_at=end, **_values(drive, _OF_ITS_WAVE))


def _values(row: Model, its_own: set[str]) -> dict[str, Any]:
    """The fields of a row that its copy takes over."""
    fields = row._meta.concrete_fields
    return {
        field.name: getattr(row, field.name)
        for field in fields
        if not field.primary_key and field.name not in its_own
    }
