"""A tag for everybody who was found when somebody asked, or off them."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.delivery.hours import zone_or_utc
from campaigns.jobs.engine import JobStopped
from campaigns.people import Wanted, find
from contacts.clock import now
from contacts.models import Job, JobState, Supporter, Tag, Tagging

_PORTION = 2000


def add_portion(job: Job) -> str | None:
    """Tag the next of them; the result says how many did not have it."""
    ids = next_ids(job, _PORTION)
    before = Tagging.objects.filter(tag=_tag(job), supporter__in=ids).count()
    at = now()
    Tagging.objects.bulk_create(
        [Tagging(supporter_id=pk, tag=_tag(job), at=at) for pk in ids], ignore_conflicts=True
    )
    return _moved(job, len(ids), len(ids) - before)


def remove_portion(job: Job) -> str | None:
    """Take the tag off the next of them; the result says how many had it."""
    ids = next_ids(job, _PORTION)
    gone, _by_model = Tagging.objects.filter(tag=_tag(job), supporter__in=ids).delete()
    return _moved(job, len(ids), gone)


def next_ids(job: Job, n: int) -> list[UUID]:
    """The next people of the job's filter, in the order of their ids; the cursor moves on to the last one."""
    people = found_by(job).order_by("pk")
    if "after" in job.cursor:
        people = people.filter(pk__gt=job.cursor["after"])
    ids = list(people.values_list("pk", flat=True)[:n])
    if ids:
        job.cursor = {**job.cursor, "after": str(ids[-1])}
    return ids


def found_by(job: Job) -> QuerySet[Supporter]:
    """The people of the job's filter who were there when it was asked for."""
    zone: ZoneInfo = zone_or_utc(job.organization.time_zone)
    wanted = Wanted.from_plain(job.params["wanted"])
    people = find(job.organization, wanted, zone).filter(created_at__lte=job.created_at)
    if "only" in job.params:
        people = people.filter(pk__in=job.params["only"])
    return people


def _tag(job: Job) -> Tag:
    tag = Tag.objects.filter(organization=job.organization, pk=job.params["tag"]).first()
    if tag is None:
        raise JobStopped(_("The tag was deleted meanwhile."))
    return tag


def _moved(job: Job, n: int, changed: int) -> str | None:
    job.done += n
    job.result = {**job.result, "changed": job.result.get("changed", 0) + changed}
    return None if n == _PORTION else JobState.DONE
