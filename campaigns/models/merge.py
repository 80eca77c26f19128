import uuid

from django.db import models
from django.db.models import F, Q

from contacts.models import Supporter


class SupporterMerge(models.Model):
    """Two records of one person joined into one, with what it takes to part them again.

    `undo` holds ids and states only: pledges that moved and stopped counting, tags, filled columns, consents.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Supporter, on_delete=models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Supporter, on_delete=models.CASCADE, related_name="+")
    undo = models.JSONField(default=dict)
    made_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two"),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="merged_into_one_only"
            ),
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"
