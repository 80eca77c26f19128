"""Signatures that somebody decides not to count, and takes that back."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.jobs import start_job
from campaigns.errors import ActionRefused
from campaigns.models import Campaign, Invalidation
from campaigns.signatures import Condition, fitting, still_out
from contacts.clock import now
from contacts.models import Job, JobKind, JobState, User


@transaction.atomic
def invalidate(*, campaign: Campaign, condition: Condition, reason: str, actor: User) -> Job:
    """Stop counting the signatures that fit now; their letters that have not left are held back.

    Raises ActionRefused when none fits.
    """
    at = now()
    n = fitting(campaign, condition, at).count()
    if not n:
        raise ActionRefused(_("No signature fits."))
    made = Invalidation.objects.create(
        campaign=campaign, condition=condition.to_plain(), reason=reason, made_by=actor, created_at=at
    )
    return start_job(
        organization=campaign.organization,
        kind=JobKind.INVALIDATE,
        title=campaign.title,
        params={"invalidation": str(made.pk)},
        total=n,
        actor=actor,
        campaign=str(campaign.pk),
        by=sorted(condition.to_plain()),
    )


@transaction.atomic
def restore(*, invalidation: Invalidation, actor: User) -> Job:
    """Count the signatures again that an invalidation took out; once more what a job left that broke off.

    Raises ActionRefused under way, and when all of them were brought back.
    """
    made = Invalidation.objects.select_for_update(of=("self",), no_key=True).get(pk=invalidation.pk)
    running = Job.objects.filter(
        kind__in=[JobKind.INVALIDATE, JobKind.RESTORE],
        state=JobState.RUNNING,
        params__invalidation=str(invalidation.pk),
    )
    if running.exists():
        raise ActionRefused(_("It is still under way. Cancel it first."))
    if made.undone_at is not None and not still_out(made).exists():
        raise ActionRefused(_("That was taken back already."))
    Invalidation.objects.filter(pk=made.pk, undone_at__isnull=True).update(undone_at=now())
    return start_job(
        organization=invalidation.campaign.organization,
        kind=JobKind.RESTORE,
        title=invalidation.campaign.title,
        params={"invalidation": str(invalidation.pk)},
        total=still_out(made).count(),
        actor=actor,
        campaign=str(invalidation.campaign_id),
    )
