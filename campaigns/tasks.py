"""Every background entry point. A message is only a doorbell: what is due stands in the database."""

from uuid import UUID

from celery import shared_task
from django.core.management import call_command

from campaigns import brief_requests, brief_sets, tallies
from campaigns.delivery import (
    departures,
    digests,
    dispatcher,
    due_bundles,
    event_mails,
    forgetting,
    inbound,
    maildir,
    outbox,
    partner_ends,
    posting,
    reconcile,
    seats,
    survey,
    upkeep,
)
from campaigns.jobs import engine, steps
from campaigns.stories import ending
from policy.importers.uploads import forget_uploads


@shared_task(ignore_result=True, expires=10)
def tick() -> None:
    """Beat's doorbell: plan and queue what is due, then wake senders."""
    for _ in range(dispatcher.prepare()):
        dispatch.delay()
    if posting.is_anything_waiting():
        post_letters.delay()


@shared_task(ignore_result=True, expires=10, time_limit=300)
def post_letters() -> None:
    posting.post_letters(seconds=20)


@shared_task(ignore_result=True, time_limit=780)
def dispatch() -> None:
    """Send windows of letters over one connection, and ring again while there is more."""
    if dispatcher.send_windows(seconds=20):
        dispatch.delay()


@shared_task(ignore_result=True, time_limit=720)
def make_brief_set(set_id: str) -> None:
    """Make briefs of a set for a while, and ring again while there is more."""
    if brief_sets.work(UUID(set_id), seconds=120):
        make_brief_set.delay(set_id)


@shared_task(ignore_result=True, time_limit=120)
def renew_brief(brief_id: str) -> None:
    """Make a brief that was taken back anew, without what it may no longer say."""
    brief_requests.renew(UUID(brief_id))


@shared_task(ignore_result=True, expires=60, time_limit=60)
def ring_for_brief_sets() -> None:
    """Beat's doorbell: sets whose worker died are taken up where it stopped."""
    for set_id in brief_sets.waiting_sets():
        make_brief_set.delay(str(set_id))


@shared_task(ignore_result=True, time_limit=720)
def do_job(job_id: str) -> None:
    """Do portions of a long job for a while, and ring again while there is more."""
    if steps.work(UUID(job_id), seconds=300):
        do_job.delay(job_id)


@shared_task(ignore_result=True, expires=60, time_limit=60)
def ring_for_jobs() -> None:
    """Beat's doorbell: jobs whose worker died go on where they stopped."""
    for job_id in engine.waiting_jobs():
        do_job.delay(str(job_id))


@shared_task(ignore_result=True, expires=10, time_limit=300)
def send_outbox() -> None:
    outbox.send_due()


@shared_task(ignore_result=True, expires=300, time_limit=300)
def send_digests() -> None:
    """What changed of measures, to those who follow them."""
    digests.run()


@shared_task(ignore_result=True, expires=10, time_limit=300)
def fold_tallies() -> None:
    """Add up what was counted since; pages show the same before and after."""
    tallies.fold_all()


@shared_task(ignore_result=True, expires=60, time_limit=300)
def reconcile_uncertain() -> None:
    reconcile.reconcile()


@shared_task(ignore_result=True, expires=60, time_limit=300)
def hold_departed() -> None:
    departures.hold_departed()


@shared_task(ignore_result=True, expires=10, time_limit=300)
def read_inbound() -> None:
    """Take mails out of the maildir, and read all that were kept and not read."""
    maildir.collect()
    inbound.read_kept()


@shared_task(ignore_result=True, expires=60, time_limit=300)
def tend_events() -> None:
    """Places nobody took in time go down the waiting list; reminders that are due are owed."""
    seats.release_due()
    event_mails.remind()


@shared_task(ignore_result=True, expires=300, time_limit=600)
def housekeeping() -> None:
    upkeep.expire_pledges()
    upkeep.remind_pending()
    upkeep.settle_letters()
    survey.ask()
    survey.remind()
    upkeep.scrub_words()
    forgetting.forget_erased()
    upkeep.scrub_batches()
    inbound.forget_mail()
    upkeep.forget_idempotency_keys()
    upkeep.forget_job_files()
    for brief_id in ending.end_due():
        renew_brief.delay(str(brief_id))
    upkeep.forget_registrations()
    upkeep.forget_endorsers()
    upkeep.forget_invitations()
    partner_ends.tell_of_last_days()
    forget_uploads()
    call_command("clearsessions")
    # Last: more large files may be due than there is time for. What is stored by then stays.
    due_bundles.make_due_bundles()
