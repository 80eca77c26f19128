from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from policy.models.measure import Measure


class RelationKind(models.TextChoices):
    COMPANION = "companion", _("Companion of")
    SUPERSEDES = "supersedes", _("Supersedes")
    AMENDS = "amends", _("Amends")


# How the other side says it.
INVERSE: dict[str, object] = {
    RelationKind.COMPANION: _("Companion of"),
    RelationKind.SUPERSEDES: _("Superseded by"),
    RelationKind.AMENDS: _("Amended by"),
}


class RelatedMeasure(models.Model):
    """One measure is the companion of another, supersedes it or amends it; both are the same organisation's."""

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="relations")
    other = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="relations_from_others")
    kind = models.CharField(_("is"), max_length=10, choices=RelationKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "other", "kind"], name="related_measure_once"),
            models.CheckConstraint(
                condition=Q(kind__in=RelationKind.values), name="related_measure_kind_known"
            ),
            models.CheckConstraint(condition=~Q(measure=F("other")), name="related_measure_is_another"),
        ]
        ordering = ["kind", "id"]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.kind} {self.other_id}"
