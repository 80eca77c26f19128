import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.letter import Letter
from contacts.models import Organization
from policy.models import Stance


class InboundKind(models.TextChoices):
    REPLY = "reply", _("Answer")
    AUTO_REPLY = "auto_reply", _("Automatic answer")
    BOUNCE = "bounce", _("Came back")
    COMPLAINT = "complaint", _("Complaint")
    UNKNOWN = "unknown", _("Not understood")


class InboundState(models.TextChoices):
    KEPT = "kept", _("Not read yet")
    MATCHED = "matched", _("Belongs to a letter")
    UNMATCHED = "unmatched", _("Belongs to no letter we know")
    SET_ASIDE = "set_aside", _("Set aside")


class Coding(models.TextChoices):
    SUPPORTS = "supports", _("Supports it")
    OPPOSES = "opposes", _("Opposes it")
    EVASIVE = "evasive", _("Evasive")
    NEEDS_INFORMATION = "needs_info", _("Needs information")
    ACKNOWLEDGED = "acknowledged", _("Only acknowledged")


class InboundQuerySet(models.QuerySet["InboundMail"]):
    def answers(self) -> Self:
        """Answers of offices to letters that count."""
        return self.filter(kind=InboundKind.REPLY, state=InboundState.MATCHED, letter__is_test=False)

    def uncoded(self) -> Self:
        """Answers that nobody has judged yet."""
        return self.answers().filter(coding="")


class InboundMail(models.Model):
    """A mail that came in. Its bytes are kept before anything is done with it; the same bytes are one row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64)
    raw = models.BinaryField(null=True, blank=True, help_text=_("Removed with the words of its letter."))
    # For whom the mail server says it was, beside what the mail itself says.
    delivered_to = models.CharField(max_length=254, blank=True)
    received_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=InboundKind, default=InboundKind.UNKNOWN)
    state = models.CharField(max_length=9, choices=InboundState, default=InboundState.KEPT)
    # Whose it is: its letter's organisation; empty when it can't be told, and then only operators see it.
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="inbound"
    )
    letter = models.ForeignKey(
        Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="inbound"
    )
    matched_by = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=160, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True, help_text=_("What its writer wrote, without what they quote."))
    status = models.CharField(max_length=12, blank=True, help_text=_("The enhanced status code of a bounce."))

    coding = models.CharField(max_length=12, choices=Coding, blank=True)
    coded_by = models.ForeignKey(
        "contacts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    coded_at = models.DateTimeField(null=True, blank=True)
    stance = models.ForeignKey(Stance, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # A person saw the stance the answer seemed to show, and left it.
    stance_declined_at = models.DateTimeField(null=True, blank=True)

    objects = InboundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256"], name="inbound_once"),
            models.CheckConstraint(condition=Q(kind__in=InboundKind.values), name="inbound_kind_known"),
            models.CheckConstraint(condition=Q(state__in=InboundState.values), name="inbound_state_known"),
            models.CheckConstraint(condition=Q(coding__in=["", *Coding.values]), name="inbound_coding_known"),
            models.CheckConstraint(
                condition=~Q(state="matched") | Q(letter__isnull=False, organization__isnull=False),
                name="inbound_matched_has_letter",
            ),
            models.CheckConstraint(
                condition=Q(coding="") | Q(coded_at__isnull=False, letter__isnull=False),
                name="inbound_coded_has_time",
            ),
            models.CheckConstraint(
                condition=Q(stance__isnull=True) | Q(stance_declined_at__isnull=True),
                name="inbound_stance_accepted_or_declined",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(state="kept"), name="inbound_to_read"),
            models.Index(fields=["organization", "state", "-received_at"], name="inbound_newest"),
        ]
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"inbound mail {self.id}"  # never the sender: this text reaches logs
