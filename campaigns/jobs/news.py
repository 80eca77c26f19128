"""News of a campaign, owed by mail in portions to those who want it."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from campaigns.delivery.owed import owe_update
from campaigns.jobs.engine import JobStopped
from campaigns.models import Campaign, CampaignUpdate, MailKind, OutboxMail, Pledge
from campaigns.willing import stopped_among, willing
from contacts.addresses import address_hash
from contacts.clock import now
from contacts.models import Job, JobState, Organization

_PORTION = 1000


def wanting(campaign: Campaign) -> QuerySet[Pledge]:
    """Pledges of people who confirmed, and whose last word on being written to is yes; each with `since`, its moment.

    Stops are kept by keyed hash, which the database can't make: who is stopped is known when mails are owed.
    """
    return willing(Pledge.objects.counted().filter(campaign=campaign, supporter__erased_at__isnull=True))


def mail_portion(job: Job) -> str | None:
    """Owe the news to the next of them: one mail an address, and none to an address that was stopped since."""
    update = (
        CampaignUpdate.objects.select_related("campaign")
        .filter(pk=job.params["update"], campaign__organization=job.organization, mailed_at__isnull=False)
        .first()
    )
    if update is None:
        raise JobStopped(_("The news is gone."))
    found = wanting(update.campaign).order_by("pk")
    if "after" in job.cursor:
        found = found.filter(pk__gt=job.cursor["after"])
    pledges = list(found.only("pk", "campaign_id", "canonical_email")[:_PORTION])
    by_hash: dict[str, Pledge] = {}
    for pledge in pledges:
        by_hash.setdefault(address_hash(pledge.canonical_email), pledge)  # a household gets it once
    for hashed in _left_out(job.organization, update, by_hash):
        by_hash.pop(hashed, None)
    owe_update(update, [(pledge, hashed) for hashed, pledge in by_hash.items()], now())
    CampaignUpdate.objects.filter(pk=update.pk).update(mail_count=F("mail_count") + len(by_hash))
    job.done += len(pledges)
    job.result = {"mails": job.result.get("mails", 0) + len(by_hash)}
    if pledges:
        job.cursor = {"after": str(pledges[-1].pk)}
    return None if len(pledges) == _PORTION else JobState.DONE


def _left_out(organization: Organization, update: CampaignUpdate, by_hash: dict[str, Pledge]) -> set[str]:
    """Of some addresses, the ones that got this news in an earlier portion, or that are stopped."""
    mails = OutboxMail.objects.filter(
        kind=MailKind.UPDATE, about=str(update.pk), address_hash__in=list(by_hash)
    )
    since = {hashed: pledge.since for hashed, pledge in by_hash.items()}  # type: ignore[attr-defined]  # annotated
    return set(mails.values_list("address_hash", flat=True)) | stopped_among(organization, since)
