"""The people of an import taken out again, where they did nothing since."""

from django.db.models import QuerySet

from campaigns.jobs.import_consents import consent_source
from contacts.models import Consent, Job, JobState, Supporter

_PORTION = 2000


def undo_portion(job: Job) -> str | None:
    """Take out the next people an import made who did nothing since."""
    source = Job.objects.get(pk=job.params["import"], organization=job.organization)
    people = undoable(source).order_by("pk")
    if "after" in job.cursor:
        people = people.filter(pk__gt=job.cursor["after"])
    ids = list(people.values_list("pk", flat=True)[:_PORTION])
    # A whole lock, before they are looked at again: somebody may be confirming a pledge at this moment.
    list(Supporter.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk", flat=True))
    idle = list(undoable(source).filter(pk__in=ids).values_list("pk", flat=True))
    Supporter.objects.filter(pk__in=idle).delete()
    job.done += len(ids)
    job.result = {"removed": job.result.get("removed", 0) + len(idle)}
    if ids:
        job.cursor = {"after": str(ids[-1])}
    return None if len(ids) == _PORTION else JobState.DONE


def undoable(source: Job) -> QuerySet[Supporter]:
    """The people an import made who signed nothing, said nothing about mail since, and were not joined with others."""
    people = Supporter.objects.filter(import_job=source, pledges__isnull=True, merged_into__isnull=True)
    people = people.exclude(pk__in=Supporter.objects.filter(merged_into__isnull=False).values("merged_into"))
    spoken = Consent.objects.filter(supporter__import_job=source)
    if source.params.get("consent"):
        spoken = spoken.exclude(source=consent_source(source))
    return people.exclude(pk__in=spoken.values("supporter"))
