import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Organization, User
from policy.models.measure import Measure


class Rhythm(models.TextChoices):
    DAILY = "daily", _("Every day on which something changed")
    WEEKLY = "weekly", _("Once a week, when something changed")
    OFF = "off", _("Never")


class Follow(models.Model):
    """Somebody wants to know what changes of a measure."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows", db_index=False)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="followers")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "measure"], name="follow_once_per_measure")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.measure_id}"


class DigestWish(models.Model):
    """How often somebody gets an organisation's digest; weekly where no row says otherwise."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    rhythm = models.CharField(_("how often"), max_length=6, choices=Rhythm)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="digest_wish_once"),
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="digest_rhythm_known"),
        ]

    def __str__(self) -> str:
        return f"{self.rhythm} for {self.user_id}"


class DigestState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", pgettext_lazy("a mail", "Handed over")
    EMPTY = "empty", _("Nothing had changed")
    UNCERTAIN = "uncertain", _("Uncertain")
    FAILED = "failed", pgettext_lazy("a mail", "Failed")
    DROPPED = "dropped", _("No longer wanted")


class Digest(models.Model):
    """What changed between two moments, for one person and one period: a day (2027-03-16) or a week (2027-W11).

    A person gets none twice. One whose fate is uncertain is not sent again: the next covers the same time once more.
    """

    COVERED = (DigestState.SENT, DigestState.EMPTY)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    period = models.CharField(max_length=10)
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=9, choices=DigestState, default=DigestState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_reply = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization", "period"], name="digest_once_per_period"),
            models.CheckConstraint(condition=Q(state__in=DigestState.values), name="digest_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(state__in=["queued", "sending"]), name="digest_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} for {self.user_id}"
