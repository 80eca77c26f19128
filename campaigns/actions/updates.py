"""News of a campaign: written, published, changed, taken down, and mailed once to those who want news."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.jobs import start_job
from campaigns.errors import ActionRefused
from campaigns.jobs.news import wanting
from campaigns.models import Campaign, CampaignUpdate
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Job, JobKind, User


@transaction.atomic
def write_update(*, campaign: Campaign, actor: User, title: str, text: str) -> CampaignUpdate:
    """Keep news as a draft."""
    update = CampaignUpdate.objects.create(
        campaign=campaign, title=title, text=text, created_by=actor, created_at=now()
    )
    _record(update, actor, "write update")
    return update


@transaction.atomic
def edit_update(*, update: CampaignUpdate, actor: User, title: str, text: str) -> None:
    """Change news. Readers of what is published are told that it was changed, unless its words are the same."""
    if (update.title, update.text) == (title, text):
        return
    edited = now() if update.published_at else None
    CampaignUpdate.objects.filter(pk=update.pk).update(title=title, text=text, edited_at=edited)
    _record(update, actor, "edit update")


@transaction.atomic
def publish_update(*, update: CampaignUpdate, actor: User) -> None:
    """Put news on the campaign's page and in its feed."""
    fresh = CampaignUpdate.objects.filter(pk=update.pk, published_at__isnull=True)
    if not fresh.update(published_at=now(), edited_at=None):
        raise ActionRefused(_("It is published already."))
    _record(update, actor, "publish update")


@transaction.atomic
def take_down_update(*, update: CampaignUpdate, actor: User) -> None:
    """Make news a draft again. Refused once it was mailed: people would follow its link to nothing."""
    shown = CampaignUpdate.objects.filter(pk=update.pk, published_at__isnull=False, mailed_at__isnull=True)
    if not shown.update(published_at=None, edited_at=None):
        raise ActionRefused(_("It is a draft, or it was mailed: change its words instead."))
    _record(update, actor, "take update down")


@transaction.atomic
def delete_update(*, update: CampaignUpdate, actor: User) -> None:
    """Delete a draft."""
    _record(update, actor, "delete update")
    if not CampaignUpdate.objects.filter(pk=update.pk, published_at__isnull=True).delete()[0]:
        raise ActionRefused(_("It is published. Take it down first."))


def most_mails(campaign: Campaign) -> int:
    """How many addresses agreed to get news of a campaign; of these, the stopped ones get none."""
    return wanting(campaign).values("canonical_email").distinct().count()


@transaction.atomic
def mail_update(*, update: CampaignUpdate, actor: User) -> Job:
    """Start to owe published news to everybody who wants it, once. Raises ActionRefused the second time."""
    published = CampaignUpdate.objects.filter(
        pk=update.pk, published_at__isnull=False, mailed_at__isnull=True
    )
    if not published.update(mailed_at=now()):
        raise ActionRefused(_("Publish it first; what was mailed once is not mailed again."))
    _record(update, actor, "mail update")
    return start_job(
        organization=update.campaign.organization,
        kind=JobKind.NEWS,
        title=update.title,
        params={"update": str(update.pk)},
        total=wanting(update.campaign).count(),
        actor=actor,
        campaign=str(update.campaign_id),
    )


def _record(update: CampaignUpdate, actor: User, verb: str) -> None:
    record(organization=update.campaign.organization, actor=actor, verb=verb, obj=update)
