"""Bundles that are set by themselves, and what is said when letters could not be set for printing."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import override

from campaigns.delivery.batches import is_bundle_due, posts_waiting, set_bundles, store, waiting
from campaigns.delivery.owed import owe_job_news
from campaigns.models import Drive, DriveState
from contacts.clock import now
from contacts.models import Job, JobKind, JobState, Post

log = logging.getLogger(__name__)


def make_due_bundles() -> int:
    """Set the bundles whose week is over, by itself; gives how many were made.

    An office whose bundle breaks keeps no other from its own: who runs the organisation is told, and the last fault is
    raised at the end, for the log.
    """
    drives = Drive.objects.filter(state=DriveState.RUNNING, campaign__bundle_similar=True)
    made, fault = 0, None
    for drive in drives.select_related("campaign__organization"):
        broken = []
        for post in posts_waiting(drive):
            try:
                if is_bundle_due(drive, post, by_itself=True):
                    made += sum(map(store, set_bundles(drive, post)))
            except Exception as what:
                log.exception("a bundle of drive %s to post %s could not be set", drive.pk, post.pk)
                fault = what
                broken.append(post)
        if broken:
            _note_failure(drive, broken)
    if fault is not None:
        raise fault
    return made


def _note_failure(drive: Drive, posts: list[Post]) -> None:
    """Write down which offices' bundles could not be set, where a person looks, and tell of it once a day."""
    at = now()
    before = printing_of(drive).first()
    if before is not None and (not before.is_over or _is_known(before, at)):
        return
    organization = drive.campaign.organization
    with transaction.atomic(), override(organization.language):
        job = Job.objects.create(
            organization=organization,
            kind=JobKind.PRINT,
            state=JobState.FAILED,
            title=f"{drive.campaign.title}: {drive.name}"[:160],
            params={"drive": str(drive.pk), "by_itself": True},
            cursor={"posts": [str(post.pk) for post in posts]},
            error=_t("It broke off. The log names the reason."),
            created_at=at,
            finished_at=at,
        )
        owe_job_news(job, at)


def _is_known(before: Job, at: datetime) -> bool:
    return "by_itself" in before.params and before.created_at > at - timedelta(days=1)


def printing_of(drive: Drive) -> QuerySet[Job]:
    """The times that a drive's letters were set for printing, the last one first."""
    jobs = Job.objects.of(drive.campaign.organization).filter(kind=JobKind.PRINT, params__drive=str(drive.pk))
    return jobs.order_by("-created_at")


def missing(drive: Drive, job: Job) -> list[tuple[str, int]]:
    """What waited when a job failed, and still waits: offices, each with how many letters."""
    letters = waiting(drive).filter(queued_at__lte=job.finished_at)
    if "posts" in job.cursor:
        letters = letters.filter(post__in=job.cursor["posts"])
    return list(letters.values_list("post__label").annotate(n=Count("pk")).order_by("post__label", "post"))
