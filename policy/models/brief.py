import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Legislator, Organization
from policy.models.issue import Issue
from policy.models.measure import Measure


class BriefKind(models.TextChoices):
    ISSUE = "issue", _("Issue brief")
    LEAVE_BEHIND = "leave_behind", _("Legislator leave-behind")
    REPORT = "report", _("Campaign report")
    DELIVERY = "delivery", _("Petition to hand over")
    DISTRICT = "district", _("District sheet")
    YEAR = "year", _("Yearly report")

    @property
    def is_of_a_seat(self) -> bool:
        """Whether it needs a legislator to be about."""
        return self in {BriefKind.LEAVE_BEHIND, BriefKind.DISTRICT}

    @classmethod
    def of_campaigns(cls) -> list[tuple[str, object]]:
        """Choices of those that are about a campaign; a year is about all of them."""
        return [(one.value, one.label) for one in cls if one != cls.YEAR]


class BriefState(models.TextChoices):
    BUILDING = "building", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")
    RECALLED = "recalled", _("Taken back")


class RecallReason(models.TextChoices):
    """Why a version may no longer be handed out."""

    PLEDGE = "pledge", _("Somebody whose words or name it prints has taken their pledge back.")
    WORDS = "words", _("Somebody whose words it prints no longer agrees to that.")
    NAME = "name", _("Somebody whose name it prints no longer agrees to that.")
    ERASED = "erased", _("Somebody whose words or name it prints had their data erased.")
    OLDER = "older", _("It was made before versions knew whose words and names they print.")
    COUNT = "count", _("A signature whose words or name it prints is not counted any more.")


class BriefQuerySet(models.QuerySet["Brief"]):
    def listed(self) -> Self:
        """What lists show, without the weight of content and bytes."""
        return self.defer("content", "pdf").select_related("legislator", "requested_by")

    def in_series_of(self, brief: "Brief") -> Self:
        """All versions of the same brief, on any paper."""
        return self.filter(
            organization=brief.organization_id,
            kind=brief.kind,
            subject=brief.subject,
            legislator=brief.legislator_id,
            language=brief.language,
        )


class Brief(models.Model):
    """One version of a brief: its facts, their hash, and the PDF made of them.

    A version that prints what its writer has since withdrawn is recalled: facts and PDF are gone, its hash and who
    has copies stay.

    `subject` names what it is about in words of the app that asked (such as `campaign:<uuid>` or `year:2026`);
    versions of one brief share organisation, kind, subject, legislator and language.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="briefs")
    kind = models.CharField(_("kind"), max_length=14, choices=BriefKind)
    # A year is about all issues, and about none of its own.
    issue = models.ForeignKey(Issue, null=True, blank=True, on_delete=models.PROTECT, related_name="briefs")
    measure = models.ForeignKey(
        Measure, null=True, blank=True, on_delete=models.PROTECT, related_name="briefs"
    )
    legislator = models.ForeignKey(
        Legislator, null=True, blank=True, on_delete=models.PROTECT, related_name="briefs"
    )
    subject = models.CharField(max_length=80)
    language = models.CharField(_("language"), max_length=10, default="en")
    paper = models.CharField(
        _("paper"), max_length=6, choices=[("letter", "Letter"), ("a4", "A4")], default="letter"
    )
    title = models.CharField(max_length=240)
    content = models.JSONField(help_text=_("The sections it is made of, as plain data."))
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=BriefState, default=BriefState.BUILDING)
    error = models.CharField(max_length=300, blank=True)
    pdf = models.BinaryField(null=True, blank=True, editable=False)
    page_count = models.PositiveSmallIntegerField(null=True, blank=True)
    requested_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recall_reason = models.CharField(max_length=6, choices=RecallReason, blank=True)

    objects = BriefQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "content_hash"], name="brief_once_per_content"),
            models.CheckConstraint(condition=Q(kind__in=BriefKind.values), name="brief_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="year", issue__isnull=True) | ~Q(kind="year") & Q(issue__isnull=False),
                name="brief_of_an_issue_unless_of_a_year",
            ),
            models.CheckConstraint(condition=Q(state__in=BriefState.values), name="brief_state_known"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(pdf__isnull=False, built_at__isnull=False),
                name="brief_ready_has_pdf",
            ),
            models.CheckConstraint(
                condition=Q(state="recalled", pdf__isnull=True, recalled_at__isnull=False, content={})
                & ~Q(recall_reason="")
                | ~Q(state="recalled") & Q(recalled_at__isnull=True, recall_reason=""),
                name="brief_recalled_has_nothing",
            ),
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title


class BriefWording(models.Model):
    """What a person writes for all briefs of one subject in one language; Markdown."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="brief_wordings")
    subject = models.CharField(max_length=80)
    language = models.CharField(_("language"), max_length=10)
    summary = models.TextField(_("in short"), max_length=1000, blank=True)
    points = models.TextField(_("talking points"), max_length=5000, blank=True)
    changed_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "subject", "language"], name="brief_wording_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} in {self.language}"
