import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.pledge import Pledge


class Invalidation(models.Model):
    """Signatures of a campaign that somebody decided not to count, by a condition and for a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invalidations")
    condition = models.JSONField()
    reason = models.CharField(_("reason"), max_length=200)
    made_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.reason


class InvalidatedPledge(models.Model):
    """A pledge that an invalidation took out of the count, and the state it goes back to."""

    id = models.BigAutoField(primary_key=True)
    invalidation = models.ForeignKey(Invalidation, on_delete=models.CASCADE, related_name="pledges")
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="+")
    from_state = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invalidation", "pledge"], name="invalidated_once_by_each"),
            models.CheckConstraint(
                condition=Q(from_state__in=["pending", "confirmed"]), name="invalidated_from_known_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge_id} by {self.invalidation_id}"
