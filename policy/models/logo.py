from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Organization


class Logo(models.Model):
    """A logo an organisation uses or used: briefs name it by its hash, so that old ones can be set again."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="logos")
    sha256 = models.CharField(max_length=64)
    png = models.BinaryField(editable=False, help_text=_("Drawn anew from what was uploaded."))
    is_current = models.BooleanField(default=True)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "sha256"], name="logo_once_per_organization"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_current=True), name="logo_one_is_current"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:16]
