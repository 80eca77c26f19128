"""Thanks to the people who acted, owed by mail in portions: one to each, whatever breaks off in between."""

from django.utils.translation import gettext as _

from campaigns.acted import acted, not_thanked
from campaigns.delivery.owed import owe_thanks
from campaigns.jobs.engine import JobStopped
from campaigns.models import Outcome
from campaigns.willing import reached, stopped_among, willing
from contacts.addresses import address_hash
from contacts.clock import now
from contacts.models import Job, JobState

_PORTION = 1000


def thank_portion(job: Job) -> str | None:
    """Owe thanks to the next of them; who may not be written to is counted with the reason."""
    outcome = (
        Outcome.objects.select_related("campaign")
        .filter(pk=job.params["outcome"], campaign__organization=job.organization, published_at__isnull=False)
        .first()
    )
    if outcome is None:
        raise JobStopped(_("What came of it is gone."))
    everybody = not_thanked(outcome).order_by("pk")
    if "after" in job.cursor:
        everybody = everybody.filter(pk__gt=job.cursor["after"])
    ids = list(everybody.values_list("pk", flat=True)[:_PORTION])
    agreed = willing(acted(outcome).filter(pk__in=ids))
    people = list(reached(agreed).only("pk", "campaign_id", "canonical_email"))
    wanting = agreed.count()
    since = {address_hash(one.canonical_email): one.since for one in people}  # type: ignore[attr-defined]
    stopped = stopped_among(job.organization, since)
    hashed = [(one, address_hash(one.canonical_email)) for one in people]
    owe_thanks(outcome, [(one, address) for one, address in hashed if address not in stopped], now())
    left_out = sum(address in stopped for _one, address in hashed)
    job.done += len(ids)
    found = {
        "mails": len(people) - left_out,
        "unwilling": len(ids) - wanting,
        "failed": wanting - len(people),
        "stopped": left_out,
    }
    job.result = {name: job.result.get(name, 0) + n for name, n in found.items()}
    if ids:
        job.cursor = {"after": str(ids[-1])}
    return None if len(ids) == _PORTION else JobState.DONE
