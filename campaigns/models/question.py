import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.letter import Letter


class Heard(models.TextChoices):
    """What a supporter says came of a letter."""

    ANSWERED = "answered", _("Yes, and it answered what I asked")
    EVADED = "evaded", _("Yes, but it did not answer what I asked")
    ACKNOWLEDGED = "acknowledged", _("Only an acknowledgement")
    NOTHING = "nothing", _("No")
    NOT_EXPECTED = "not_expected", _("I did not expect one")


class QuestionQuerySet(models.QuerySet["OfficeQuestion"]):
    def answered(self) -> Self:
        """Questions that were answered, about letters that count."""
        return self.filter(letter__is_test=False).exclude(answer="")


class OfficeQuestion(models.Model):
    """We asked a supporter whether the office answered; the last answer holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="question")
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=12, choices=Heard, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=["", *Heard.values]), name="question_answer_known"),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False), name="question_answered_has_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(answer="", reminded_at__isnull=True), name="question_open"
            )
        ]

    def __str__(self) -> str:
        return f"question on letter {self.letter_id}"
