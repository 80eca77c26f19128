from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.letter import Letter


class AttemptOutcome(models.TextChoices):
    STARTED = "started", _("Begun, no answer seen yet")
    ACCEPTED = "accepted", _("Accepted")
    DEFERRED = "deferred", _("Refused for now")
    REFUSED = "refused", _("Refused")
    UNCERTAIN = "uncertain", _("The answer was lost")
    RELEASED = "released", _("Not tried")


class Attempt(models.Model):
    """One try at sending a letter. The row is written, durably, before its final dot."""

    id = models.BigAutoField(primary_key=True)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="attempts", db_index=False)
    number = models.PositiveSmallIntegerField()
    lease_token = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=AttemptOutcome, default=AttemptOutcome.STARTED)
    host = models.CharField(max_length=254, blank=True)
    reply_code = models.PositiveSmallIntegerField(null=True, blank=True)
    enhanced_code = models.CharField(max_length=12, blank=True)
    reply_text = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="attempt_numbered_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=AttemptOutcome.values), name="attempt_outcome_known"
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"try {self.number}: {self.outcome}"
