import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.organization import Organization


class JobKind(models.TextChoices):
    IMPORT = "import", _("Import of supporters")
    UNDO_IMPORT = "undo_import", _("Import taken back")
    EXPORT = "export", _("Export of supporters")
    TAG = "tag", _("Tag added")
    UNTAG = "untag", _("Tag removed")
    INVALIDATE = "invalidate", _("Signatures not counted")
    RESTORE = "restore", _("Signatures counted again")
    NEWS = "news", _("News mailed")
    THANKS = "thanks", _("People thanked")
    PRINT = "print", _("Letters set for printing")


class JobState(models.TextChoices):
    DRAFT = "draft", _("Being set up")
    RUNNING = "running", _("Under way")
    WAITING = "waiting", _("Waits for you")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Could not be done")


class JobQuerySet(models.QuerySet["Job"]):
    def of(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def under_way(self) -> Self:
        return self.filter(state=JobState.RUNNING)


class Job(models.Model):
    """Something that takes long: done in portions by whoever holds its lease, resumed where it stopped.

    `cursor` says where that is; it is stored in one transaction with what the portion did. `params` is what was
    asked for, `result` what came of it, in numbers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=12, choices=JobKind)
    state = models.CharField(max_length=9, choices=JobState, default=JobState.RUNNING)
    title = models.CharField(max_length=160)
    params = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    crash_count = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # When whoever asked for it put the news of its end away.
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=JobKind.values), name="job_kind_known"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "cancelled", "failed"]) | Q(finished_at__isnull=False),
                name="job_over_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-created_at"], name="job_newest"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_running"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.CANCELLED, JobState.FAILED}


class JobPart(models.Model):
    """A piece of a job's file: what was sent in, the report on its rows, or what was made."""

    SOURCE, REPORT, FILE = "source", "report", "file"

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="parts", db_index=False)
    role = models.CharField(max_length=6)
    position = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "role", "position"], name="job_part_once"),
            models.CheckConstraint(
                condition=Q(role__in=["source", "report", "file"]), name="job_part_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.position}"
