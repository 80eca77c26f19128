import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Chamber, Jurisdiction, Organization
from policy.models.issue import Issue


class MeasureKind(models.TextChoices):
    BILL = "bill", _("Bill")
    MOTION = "motion", _("Motion")
    REGULATION = "regulation", _("Regulation")
    BUDGET_LINE = "budget_line", _("Budget line")
    BYLAW = "bylaw", _("By-law")
    TREATY = "treaty", _("Treaty")


class Position(models.TextChoices):
    SUPPORT = "support", _("Support")
    OPPOSE = "oppose", _("Oppose")
    WATCH = "watch", _("Watch")
    NEUTRAL = "neutral", _("Neutral")


class Measure(models.Model):
    """A bill, motion, regulation, budget line, by-law or treaty that an organisation follows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="measures")
    issue = models.ForeignKey(
        Issue, on_delete=models.PROTECT, related_name="measures", verbose_name=_("issue")
    )
    jurisdiction = models.ForeignKey(
        Jurisdiction, on_delete=models.PROTECT, related_name="measures", verbose_name=_("jurisdiction")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=MeasureKind)
    identifier = models.CharField(_("number"), max_length=40, help_text=_("As published, e.g. HB 2217."))
    title = models.CharField(_("title"), max_length=240)
    summary = models.TextField(_("what it does"), blank=True)
    url = models.URLField(_("official page"), blank=True)
    position = models.CharField(_("our position"), max_length=8, choices=Position, default=Position.SUPPORT)
    reasons = models.TextField(_("our reasons"), blank=True)
    vote_on = models.DateField(_("date of the vote"), null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "jurisdiction", "identifier"], name="measure_once_per_organization"
            ),
            models.CheckConstraint(condition=Q(kind__in=MeasureKind.values), name="measure_kind_known"),
            models.CheckConstraint(condition=Q(position__in=Position.values), name="measure_position_known"),
        ]
        ordering = ["identifier"]

    def __str__(self) -> str:
        return f"{self.identifier}: {self.title}"


class EventKind(models.TextChoices):
    DRAFTED = "drafted", _("Drafted")
    INTRODUCED = "introduced", _("Introduced")
    REFERRED = "referred", _("Referred to committee")
    HEARD = "heard", _("Heard")
    AMENDED = "amended", _("Amended")
    PASSED_CHAMBER = "passed_chamber", _("Passed a chamber")
    PASSED = "passed", _("Passed")
    ADOPTED = "adopted", _("Signed or adopted")
    IN_FORCE = "in_force", _("In force")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VETOED = "vetoed", _("Vetoed")


class MeasureEvent(models.Model):
    """A milestone of a measure, with its date and source. Append-only; the status is the last one."""

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("milestone"), max_length=14, choices=EventKind)
    on = models.DateField(_("date"))
    chamber = models.ForeignKey(Chamber, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=240, blank=True)
    source_url = models.URLField(_("source"))
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "kind", "on", "note"], name="measure_event_once"),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="measure_event_kind_known"),
        ]
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"
