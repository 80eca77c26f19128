import uuid
from typing import Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from contacts.models import Jurisdiction, Level, Organization
from policy.models.issue import Issue
from policy.models.translated import Translated


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


# From the town to the world, as lists show them.
_LEVELS = [Level.LOCAL, Level.REGIONAL, Level.NATIONAL, Level.INTERNATIONAL]


class MeasureQuerySet(models.QuerySet["Measure"]):
    def by_level(self) -> Self:
        """With their jurisdictions, from the local to the international."""
        height = Case(
            *(When(jurisdiction__level=level, then=Value(n)) for n, level in enumerate(_LEVELS)),
            default=Value(len(_LEVELS)),
        )
        return self.select_related("jurisdiction").order_by(
            height, "jurisdiction__name", "identifier", "session", "pk"
        )


class Measure(Translated):
    """A bill, motion, regulation, budget line, by-law or treaty that an organisation follows."""

    TEXTS = ("identifier", "title", "summary", "reasons")
    AS_PUBLISHED = frozenset({"identifier"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="measures")
    issue = models.ForeignKey(
        Issue, on_delete=models.PROTECT, related_name="measures", verbose_name=_("issue")
    )
    jurisdiction = models.ForeignKey(
        Jurisdiction, on_delete=models.PROTECT, related_name="measures", verbose_name=_("jurisdiction")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=MeasureKind)
    session = models.CharField(
        _("session"),
        max_length=40,
        blank=True,
        help_text=_("Where numbers begin anew with each session or year, e.g. 2025-2026."),
    )
    identifier = models.CharField(_("number"), max_length=40, help_text=_("As published, e.g. HB 2217."))
    title = models.CharField(_("title"), max_length=240)
    summary = models.TextField(_("what it does"), blank=True)
    url = models.URLField(_("official page"), blank=True)
    # The words of today; each change of them leaves a row in MeasurePosition.
    position = models.CharField(_("our position"), max_length=8, choices=Position, default=Position.SUPPORT)
    reasons = models.TextField(_("our reasons"), blank=True)
    vote_on = models.DateField(_("date of the vote"), null=True, blank=True)
    created_at = models.DateTimeField()

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "jurisdiction", "session", "identifier"],
                name="measure_once_per_session",
            ),
            models.CheckConstraint(condition=Q(kind__in=MeasureKind.values), name="measure_kind_known"),
            models.CheckConstraint(condition=Q(position__in=Position.values), name="measure_position_known"),
        ]
        ordering = ["identifier"]

    def __str__(self) -> str:
        return f"{self.identifier}: {self.title}"
