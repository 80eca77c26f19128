"""Long work that a person asks for, calls off, or has seen the end of."""

from typing import Any

from django.db import transaction

from campaigns import tasks
from campaigns.errors import BadMove
from campaigns.jobs.steps import work
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Job, JobKind, JobPart, JobState, Organization, User

# So long the person who asked waits for it; most jobs are done by then.
AT_ONCE_SECONDS = 1.0


@transaction.atomic
def start_job(
    *,
    organization: Organization,
    kind: JobKind,
    title: str,
    params: dict[str, Any],
    total: int,
    actor: User,
    counted: str = "people",
    **logged: object,
) -> Job:
    """Write down what is to be done. Nothing of it is done yet: `begin` does, or a worker within a minute.

    The audit log counts `total` under the name of what it counts.
    """
    job = Job.objects.create(
        organization=organization,
        kind=kind,
        title=title[:160],
        params=params,
        total=total,
        requested_by=actor,
        created_at=now(),
    )
    logged = {counted: total, **logged}
    record(organization=organization, actor=actor, verb=f"start {kind.value}", obj=job, **logged)
    return job


def begin(job: Job) -> Job:
    """Do what can be done while somebody waits, and leave the rest to a worker. Not inside a transaction."""
    if work(job.pk, seconds=AT_ONCE_SECONDS, is_watched=True):
        tasks.do_job.delay(str(job.pk))
    # Whoever waited for it sees its end now, and needs no other news of it.
    over = Job.objects.filter(pk=job.pk, state__in=[JobState.DONE, JobState.FAILED], seen_at__isnull=True)
    over.update(seen_at=now())
    job.refresh_from_db()
    return job


@transaction.atomic
def cancel_job(*, job: Job, actor: User) -> None:
    """Stop a job that is not over; what it did stays done. Raises BadMove when it is over already."""
    open_ones = Job.objects.filter(pk=job.pk, state__in=[JobState.DRAFT, JobState.RUNNING, JobState.WAITING])
    if not open_ones.update(state=JobState.CANCELLED, finished_at=now(), lease_until=None):
        raise BadMove
    # What was made half is of no use, and what was sent in is not needed any more.
    JobPart.objects.filter(job=job, role__in=[JobPart.SOURCE, JobPart.FILE]).delete()
    record(organization=job.organization, actor=actor, verb=f"cancel {job.kind}", obj=job, done=job.done)


@transaction.atomic
def put_away(*, job: Job, actor: User) -> None:
    """The person who asked for a job has seen how it ended."""
    Job.objects.filter(pk=job.pk, requested_by=actor, seen_at__isnull=True).update(seen_at=now())
