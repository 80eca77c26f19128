from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.pledge import Pledge
from contacts.models import Post


class CallOutcome(models.TextChoices):
    REACHED = "reached", _("I spoke to somebody")
    VOICEMAIL = "voicemail", _("I left a message")
    NO_ANSWER = "no_answer", _("Nobody answered")


class Call(models.Model):
    """What a supporter says of their call to an office. The last word holds; it is counted apart from letters."""

    id = models.BigAutoField(primary_key=True)
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="calls")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=9, choices=CallOutcome)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pledge", "post"], name="call_once_per_office"),
            models.CheckConstraint(condition=Q(outcome__in=CallOutcome.values), name="call_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"call {self.id}: {self.outcome}"
