from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policy.models.measure import Measure, Position


class MeasurePosition(models.Model):
    """What an organisation said of a measure from a day on, and why. Append-only: the newest is today's."""

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="positions")
    position = models.CharField(_("our position"), max_length=8, choices=Position)
    reasons = models.TextField(_("our reasons"), blank=True)
    on = models.DateField(_("since"))
    recorded_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(position__in=Position.values), name="measure_position_history_known"
            ),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.position} since {self.on}"
