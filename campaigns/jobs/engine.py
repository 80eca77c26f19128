"""Long work in portions: each portion is one transaction with the note of where it stopped.

A killed worker loses the portion it was at and nothing else. Whoever works holds a lease and renews it with each
portion; a portion whose lease was lost is rolled back, so that nothing is done twice.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.delivery.owed import owe_job_news
from contacts.clock import now
from contacts.models import Job, JobState

LEASE = timedelta(minutes=4)  # far longer than the longest portion
MOST_CRASHES = 3

# Does one portion of a job inside an open transaction, moving `cursor`, `done`, `total` and `result` on.
# Gives the state the job ends in, or None while there is more to do.
Step = Callable[[Job], str | None]


@dataclass(frozen=True)
class InTwo:
    """A portion whose slow half is made before the transaction that keeps it: no row is locked while a file is set."""

    make: Callable[[Job], Any]
    keep: Callable[[Job, Any], str | None]


class JobStopped(Exception):
    """A job can't go on; `message` says why in words for the person who asked for it."""

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = str(message)


class _LeaseLost(Exception):
    """Somebody cancelled the job, or another worker has it."""


def work(
    job_id: UUID, steps: Mapping[str, Step | InTwo], *, seconds: float, is_watched: bool = False
) -> bool:
    """Do portions of a job for about so long; whether there is more to do. Safe to call twice at once.

    Whoever asked for the job gets a mail when it is over, unless they are watching.
    """
    running = Job.objects.filter(pk=job_id, state=JobState.RUNNING)
    until = now() + LEASE
    if not running.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now())).update(lease_until=until):
        return False
    job = running.select_related("organization", "requested_by").first()
    if job is None:
        return False
    job.lease_until = until
    stop_at = time.monotonic() + seconds
    asker = job.requested_by
    with translation.override(asker.reads(job.organization) if asker else job.organization.language):
        try:
            is_more = _go_on(job, steps[job.kind], stop_at, is_watched)
        except _LeaseLost:
            return False
        except JobStopped as fact:
            _fail(job, fact.message, is_watched)
            return False
        except Exception:  # whatever it was: it is counted and goes on to the log
            # What a fault of the program does three times it will do a fourth time.
            if job.crash_count + 1 >= MOST_CRASHES:
                _fail(job, _("It broke off. The log names the reason."), is_watched)
            else:
                _ours(job).update(crash_count=F("crash_count") + 1, lease_until=None)
            raise
    if is_more:
        _ours(job).update(lease_until=None)
    return is_more


def _go_on(job: Job, step: Step | InTwo, stop_at: float, is_watched: bool) -> bool:
    while True:
        made = step.make(job) if isinstance(step, InTwo) else None
        with transaction.atomic():
            state = step.keep(job, made) if isinstance(step, InTwo) else step(job)
            until = now() + LEASE if state is None else None
            _keep(job, state, until)
            if state is not None and not is_watched:
                owe_job_news(job, now())
        # Not before: a portion that could not be kept is ended under the lease it began with.
        job.lease_until = until
        if state is not None:
            return False
        if time.monotonic() > stop_at:
            return True


def _fail(job: Job, why: str, is_watched: bool) -> None:
    """End a job of ours with a sentence, and tell whoever asked for it."""
    with transaction.atomic():
        failed = _ours(job).update(
            state=JobState.FAILED, error=why[:300], finished_at=now(), lease_until=None
        )
        job.state = JobState.FAILED
        if failed and not is_watched:
            owe_job_news(job, now())


def _ours(job: Job) -> QuerySet[Job]:
    """The job while it runs and the lease is ours."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_until=job.lease_until)


def _keep(job: Job, state: str | None, until: datetime | None) -> None:
    changes: dict[str, object] = {
        "cursor": job.cursor,
        "result": job.result,
        "done": job.done,
        "total": job.total,
        "lease_until": until,
    }
    if state is not None:
        changes["state"] = state
        changes["finished_at"] = now() if state != JobState.WAITING else None
    if not _ours(job).update(**changes):
        raise _LeaseLost
    job.state = state or job.state


def waiting_jobs() -> list[UUID]:
    """Jobs nobody works at: their message was lost, or their worker died."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now())
    return list(Job.objects.under_way().filter(free).values_list("pk", flat=True))
