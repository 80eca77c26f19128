import uuid
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from contacts.models import Legislator, Organization
from policy.models.measure import Measure


class StanceLevel(models.IntegerChoices):
    OPPOSED = 1, _("Opposed")
    LEANS_AGAINST = 2, _("Leans against")
    UNDECIDED = 3, _("Undecided")
    SUPPORTS = 4, _("Supports")
    CHAMPION = 5, _("Champion")


class StanceQuerySet(models.QuerySet["Stance"]):
    def standing(self) -> Self:
        """Rows that still say what is known: corrected ones and those that took one back left out."""
        return self.filter(corrected_by__isnull=True, level__isnull=False)

    def latest_per_legislator(self) -> Self:
        """The last word on each legislator and measure."""
        last = (
            Stance.objects.filter(
                organization=OuterRef("organization"),
                legislator=OuterRef("legislator"),
                measure=OuterRef("measure"),
            )
            .standing()
            .order_by("-on", "-recorded_at")
        )
        return self.filter(pk=Subquery(last.values("pk")[:1]))


class Stance(models.Model):
    """Where a legislator stands on a measure, dated and with evidence.

    Append-only: the newest counts. A row that was wrong is corrected by another row, which stands in its place;
    one without a level says that nothing is known after all.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="stances")
    legislator = models.ForeignKey(Legislator, on_delete=models.PROTECT, related_name="stances")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="stances")
    level = models.PositiveSmallIntegerField(_("stance"), choices=StanceLevel, null=True, blank=True)
    on = models.DateField(_("date"))
    evidence = models.CharField(_("evidence"), max_length=400)
    source_url = models.URLField(_("source"), blank=True)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    recorded_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField()

    objects = StanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=StanceLevel.values), name="stance_level_known"),
            models.CheckConstraint(
                condition=Q(level__isnull=False) | Q(corrects__isnull=False),
                name="stance_empty_only_corrects",
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="stance_has_evidence"),
        ]
        indexes = [
            models.Index(fields=["organization", "measure", "legislator", "-on"], name="stance_newest")
        ]

    def __str__(self) -> str:
        return f"{self.level} of 5" if self.level else "taken back"
