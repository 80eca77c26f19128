from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.actions.corrections import fingerprint
from campaigns.actions.outcomes import say_outcome, take_back_outcome
from campaigns.checklist import what_is_missing
from campaigns.errors import ActionRefused, BadMove, CampaignNotReady
from campaigns.letters.compose import check_version
from campaigns.letters.subjects import begin_anew
from campaigns.models import (
    Campaign,
    CampaignState,
    DriveState,
    Letter,
    LetterVersion,
    TargetGroup,
    TargetRule,
)
from campaigns.models.campaign import NOT_SCHEDULED
from campaigns.models.moves import move
from campaigns.review import fingerprint_of, review_needed
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Organization, User
from policy.actions.issues import issue_slug, save_issue
from policy.models import Issue


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
def start_campaign(
    *, organization: Organization, actor: User | None, new_issue: str = "", **fields: Any
) -> Campaign:
    """Start a campaign, about a new issue where one is named instead of chosen."""
    if new_issue:
        fields["issue"] = _issue_named(new_issue, organization, actor)
    return create_campaign(organization=organization, actor=actor, **fields)


@transaction.atomic
def change_ask(*, campaign: Campaign, actor: User | None, new_issue: str = "", **fields: Any) -> Campaign:
    """Change what a campaign is about and asks, its issue to a new one where one is named."""
    if new_issue:
        fields["issue"] = _issue_named(new_issue, campaign.organization, actor)
    return update_campaign(campaign=campaign, actor=actor, **fields)


def _issue_named(title: str, organization: Organization, actor: User | None) -> Issue:
    issue = Issue(organization=organization, title=title, slug=issue_slug(title))
    try:
        with transaction.atomic():
            return save_issue(issue=issue, actor=actor)
    except IntegrityError:
        raise ActionRefused(_("You have an issue with this title already.")) from None


@transaction.atomic
def update_campaign(*, campaign: Campaign, actor: User | None, **fields: Any) -> Campaign:
    """Change what a campaign says. Raises ActionRefused, with the field it is about where it is about one."""
    if fields.get("language") and campaign.translations.filter(language=fields["language"]).exists():
        raise ActionRefused(
            _("The campaign is translated to this language: take that translation away first."),
            field="language",
        )
    if fields.get("bundle_similar"):
        _bundles_can_begin(campaign)
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


def _bundles_can_begin(campaign: Campaign) -> None:
    """Refuse bundles while two subjects are compared; the lock keeps a comparison from beginning meanwhile."""
    stored = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    tried = LetterVersion.objects.filter(
        group__campaign=campaign, second_share__gt=0, second_share__lt=100
    ).first()
    if tried is not None and not stored.bundle_similar:
        raise ActionRefused(
            _(
                "A second subject is tried for the letter “%(subject)s”, and bundles have no subjects to compare: end "
                "that first."
            )
            % {"subject": tried.subject},
            field="bundle_similar",
        )


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


@transaction.atomic
def open_campaign(*, campaign: Campaign, actor: User | None, seen: str = "") -> None:
    """Put the page online and take signatures. Raises CampaignNotReady with everything that is missing.

    `seen` is the fingerprint of what a reviewer looked at: refused when somebody changed it since. A closed campaign
    opens again while nobody was thanked; what came of it is a draft again.
    """
    lacking = what_is_missing(campaign)
    if lacking:
        raise CampaignNotReady(" ".join(lacking))
    if reason := review_needed(campaign, actor):
        raise ActionRefused(reason)
    if seen and seen != fingerprint_of(campaign):
        raise ActionRefused(_("Somebody changed this campaign while you looked at it. Look at it again."))
    if campaign.state == CampaignState.CLOSED:
        take_back_outcome(campaign=campaign, actor=actor)
    at = now()
    move(
        campaign,
        CampaignState.OPEN,
        at=at,
        actor=actor,
        opened_at=campaign.opened_at or at,
        closed_at=None,
        **NOT_SCHEDULED,
    )
    record(organization=campaign.organization, actor=actor, verb="open campaign", obj=campaign)


@transaction.atomic
def ask_review(*, campaign: Campaign, actor: User | None) -> None:
    """Hand a finished draft to a second person. Raises CampaignNotReady with everything that is missing."""
    lacking = what_is_missing(campaign)
    if lacking:
        raise CampaignNotReady(" ".join(lacking))
    move(campaign, CampaignState.IN_REVIEW, at=now(), actor=actor)
    record(organization=campaign.organization, actor=actor, verb="ask for review", obj=campaign)


@transaction.atomic
def give_back(*, campaign: Campaign, actor: User | None, reason: str = "") -> None:
    """Make a campaign that waits for review a draft again, with what should be changed."""
    if campaign.state != CampaignState.IN_REVIEW:
        raise BadMove
    move(campaign, CampaignState.DRAFT, at=now(), actor=actor, reason=reason)
    record(organization=campaign.organization, actor=actor, verb="give back from review", obj=campaign)


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
    """End a campaign and publish what came of it, where it is known; letters already promised still leave."""
    at = now()
    move(campaign, CampaignState.CLOSED, at=at, actor=actor, closed_at=at)
    record(
        organization=campaign.organization, actor=actor, verb="close campaign", obj=campaign, outcome=outcome
    )
    if outcome:
        say_outcome(campaign=campaign, actor=actor, result=outcome, changed=outcome_text, on=outcome_on)


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
def start_targets(*, rule: TargetRule, actor: User | None) -> TargetGroup:
    """Store a new group together with its first rule."""
    group = rule.group
    try:
        with transaction.atomic():
            save_target_group(group=group, actor=actor)
    except IntegrityError:
        raise ActionRefused(_("Another group has this name.")) from None
    add_rule(rule=rule, actor=actor)
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
    # A whole lock: letters that are being written hold the version by its key.
    stored = LetterVersion.objects.select_for_update().filter(pk=version.pk).first()
    if seen and stored is not None and fingerprint(stored) != seen:
        raise ActionRefused(_("Somebody else changed this letter meanwhile. Look at it again."))
    trial = begin_anew(version, stored, now())
    version.save()
    record(
        organization=version.group.campaign.organization,
        actor=actor,
        verb="edit letter version",
        obj=version,
        **trial,
    )
    return version


@transaction.atomic
def remove_target_group(*, group: TargetGroup, actor: User | None) -> None:
    """Take a group out of a campaign with all it holds. Refused once a supporter's letter hangs on it."""
    if Letter.objects.filter(version__group=group).exists():
        raise ActionRefused(_("Letters were written to this group already. Remove its rules instead."))
    record(organization=group.campaign.organization, actor=actor, verb="remove targets", obj=group)
    group.delete()
