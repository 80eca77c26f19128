from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.actions.corrections import fingerprint
from campaigns.errors import ActionRefused, CampaignNotReady
from campaigns.letters.compose import check_version
from campaigns.letters.write import open_drive
from campaigns.models import (
    Campaign,
    CampaignState,
    DriveState,
    Letter,
    LetterVersion,
    TargetGroup,
    TargetRule,
)
from campaigns.models.moves import move
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Organization, User


@transaction.atomic
def create_campaign(*, organization: Organization, actor: User | None, **fields: Any) -> Campaign:
    """Start a campaign as a draft in test mode: until someone says otherwise its letters go to `actor` alone."""
    at = now()
    campaign = Campaign(organization=organization, test_recipient=actor, created_at=at, **fields)
    _same_organization(campaign)
    _save(campaign, force_insert=True)
    campaign.history.create(to_state=CampaignState.DRAFT, actor=actor, at=at)
    record(organization=organization, actor=actor, verb="create campaign", obj=campaign)
    return campaign


@transaction.atomic
def update_campaign(*, campaign: Campaign, actor: User | None, **fields: Any) -> Campaign:
    """Change what a campaign says."""
    for name, value in fields.items():
        setattr(campaign, name, value)
    _same_organization(campaign)
    _save(campaign, update_fields=list(fields))
    record(
        organization=campaign.organization,
        actor=actor,
        verb="edit campaign",
        obj=campaign,
        fields=sorted(fields),
    )
    return campaign


def _save(campaign: Campaign, **how: Any) -> None:
    """Two people may choose one address at once: the form sees the other's only when it is stored."""
    try:
        with transaction.atomic():
            campaign.save(**how)
    except IntegrityError as fault:
        others = Campaign.objects.filter(organization=campaign.organization, slug=campaign.slug)
        if others.exclude(pk=campaign.pk).exists():
            raise ActionRefused(_("Another campaign of yours has this address.")) from fault
        raise


def _same_organization(campaign: Campaign) -> None:
    for related in (campaign.issue, campaign.measure):
        if related is not None and related.organization_id != campaign.organization_id:
            raise ActionRefused(_("The issue or the measure belongs to another organisation."))


def what_is_missing(campaign: Campaign) -> list[str]:
    """What still has to be done before the campaign can open, in words for its organizer."""
    missing = []
    groups = list(campaign.target_groups.prefetch_related("rules", "versions"))
    if not groups:
        missing.append(_("Say who gets the letters: add a target group."))
    for group in groups:
        if not group.rules.all():
            missing.append(_("The group “%(group)s” has no rule yet.") % {"group": group.name})
        if campaign.language not in {version.language for version in group.versions.all()}:
            missing.append(
                _("The group “%(group)s” has no letter in the campaign's language.") % {"group": group.name}
            )
    if open_drive(campaign) is None:
        missing.append(_("Set up a drive, so that letters have a time to leave."))
    return missing


@transaction.atomic
def open_campaign(*, campaign: Campaign, actor: User | None) -> None:
    """Put the page online and take signatures. Raises CampaignNotReady with everything that is missing."""
    missing = what_is_missing(campaign)
    if missing:
        raise CampaignNotReady(" ".join(missing))
    at = now()
    move(campaign, CampaignState.OPEN, at=at, actor=actor, opened_at=campaign.opened_at or at, closed_at=None)
    record(organization=campaign.organization, actor=actor, verb="open campaign", obj=campaign)


@transaction.atomic
def pause_campaign(*, campaign: Campaign, actor: User | None) -> None:
    """Take no signatures for a while; the page stays and says so. Drives go on until they are paused."""
    move(campaign, CampaignState.PAUSED, at=now(), actor=actor)
    record(organization=campaign.organization, actor=actor, verb="pause campaign", obj=campaign)


@transaction.atomic
def close_campaign(
    *,
    campaign: Campaign,
    actor: User | None,
    outcome: str = "",
    outcome_text: str = "",
    outcome_on: date | None = None,
) -> None:
    """End a campaign and say what came of it; letters already promised still leave with their drive."""
    at = now()
    move(
        campaign,
        CampaignState.CLOSED,
        at=at,
        actor=actor,
        closed_at=at,
        outcome=outcome,
        outcome_text=outcome_text,
        outcome_on=outcome_on,
    )
    record(
        organization=campaign.organization, actor=actor, verb="close campaign", obj=campaign, outcome=outcome
    )


@transaction.atomic
def say_outcome(
    *, campaign: Campaign, actor: User, outcome: str, outcome_text: str, outcome_on: date | None
) -> None:
    """Say, or say anew, what came of a closed campaign: a vote often comes after the signing."""
    closed = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.CLOSED)
    if not closed.update(outcome=outcome, outcome_text=outcome_text, outcome_on=outcome_on):
        raise ActionRefused(_("Close the campaign first."))
    record(organization=campaign.organization, actor=actor, verb="say outcome", obj=campaign, outcome=outcome)


@transaction.atomic
def archive_campaign(*, campaign: Campaign, actor: User | None) -> None:
    """Take a closed or never opened campaign off the public pages. Refused while a drive is under way."""
    if campaign.drives.filter(
        state__in=[DriveState.SCHEDULED, DriveState.RUNNING, DriveState.PAUSED]
    ).exists():
        raise ActionRefused(_("Finish or cancel the drive first."))
    move(campaign, CampaignState.ARCHIVED, at=now(), actor=actor)
    record(organization=campaign.organization, actor=actor, verb="archive campaign", obj=campaign)


@transaction.atomic
def leave_test_mode(*, campaign: Campaign, actor: User | None) -> None:
    """From now on letters go to the real offices. Pledges and letters made before stay tests and never count."""
    changed = Campaign.objects.filter(pk=campaign.pk, is_test=True).update(is_test=False)
    campaign.is_test = False
    if changed:
        record(organization=campaign.organization, actor=actor, verb="leave test mode", obj=campaign)


@transaction.atomic
def save_target_group(*, group: TargetGroup, actor: User | None = None) -> TargetGroup:
    """Store the name and order of a target group."""
    group.save()
    record(organization=group.campaign.organization, actor=actor, verb="edit targets", obj=group)
    return group


@transaction.atomic
def add_rule(*, rule: TargetRule, actor: User | None = None) -> TargetRule:
    """Add a rule to a group; letters already written stay as they are."""
    rule.save(force_insert=True)
    record(organization=rule.group.campaign.organization, actor=actor, verb="add target rule", obj=rule.group)
    return rule


@transaction.atomic
def remove_rule(*, rule: TargetRule, actor: User | None = None) -> None:
    """Take a rule out of a group; letters already written stay as they are."""
    record(
        organization=rule.group.campaign.organization, actor=actor, verb="remove target rule", obj=rule.group
    )
    rule.delete()


@transaction.atomic
def save_version(*, version: LetterVersion, actor: User | None = None, seen: str = "") -> LetterVersion:
    """Store what a letter suggests; `seen` is the fingerprint of the text that the person saw before they changed it.

    Raises UnknownMergeField naming the field that does not exist, and ActionRefused when somebody else changed it.
    """
    check_version(version)
    stored = LetterVersion.objects.select_for_update().filter(pk=version.pk).first()
    if seen and stored is not None and fingerprint(stored) != seen:
        raise ActionRefused(_("Somebody else changed this letter meanwhile. Look at it again."))
    version.save()
    record(
        organization=version.group.campaign.organization, actor=actor, verb="edit letter version", obj=version
    )
    return version


@transaction.atomic
def remove_target_group(*, group: TargetGroup, actor: User | None) -> None:
    """Take a group out of a campaign with all it holds. Refused once a supporter's letter hangs on it."""
    if Letter.objects.filter(version__group=group).exists():
        raise ActionRefused(_("Letters were written to this group already. Remove its rules instead."))
    record(organization=group.campaign.organization, actor=actor, verb="remove targets", obj=group)
    group.delete()
