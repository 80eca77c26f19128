"""Background entry points of policy. A message is only a doorbell: what waits stands in the database."""

from celery import shared_task

from policy.briefs import build


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def build_brief(brief_id: str) -> None:
    """Make the PDF of one brief."""
    build.build(brief_id)


@shared_task(ignore_result=True, expires=60, time_limit=60)
def ring_for_briefs() -> None:
    """Beat's doorbell: briefs whose message was lost are built after all."""
    for brief_id in build.give_up_or_ring():
        build_brief.delay(str(brief_id))
