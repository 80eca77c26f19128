from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.supporter import Supporter


class Purpose(models.TextChoices):
    DELIVER = "deliver", _("Deliver my letter")
    CONTACT = "contact", _("Contact me")
    NAME = "name", _("Publish my name")
    STORY = "story", _("Publish my story")
    ASK = "ask", _("Ask me whether offices answered")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def last_word(self, supporter: Supporter, purpose: str) -> bool | None:
        """What a supporter said last of a purpose; None when they never said anything."""
        return (
            self.filter(supporter=supporter, purpose=purpose)
            .order_by("-id")
            .values_list("given", flat=True)
            .first()
        )

    def in_force(self, supporter: Supporter, purpose: str) -> bool:
        """Whether the supporter's last word on a purpose was yes."""
        return self.last_word(supporter, purpose) is True


class Consent(models.Model):
    """What a supporter agreed to, in the words they saw. Append-only: withdrawing is another row."""

    id = models.BigAutoField(primary_key=True)
    supporter = models.ForeignKey(Supporter, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose)
    given = models.BooleanField()
    text = models.TextField(help_text=_("The words that were shown."))
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    source = models.CharField(max_length=120, help_text=_("The page, form or call it came by."))
    at = models.DateTimeField()

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="consent_purpose_known")
        ]
        indexes = [models.Index(fields=["supporter", "purpose", "-id"], name="consent_last_word")]

    def __str__(self) -> str:
        return f"{self.purpose} {'given' if self.given else 'withdrawn'}"
