import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models.division import Division
from contacts.models.job import Job
from contacts.models.organization import Organization


class Supporter(models.Model):
    """A person known to one organisation, by canonical mail address (and name where households share one)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="supporters")
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("mail address"), max_length=254)
    canonical_email = models.CharField(max_length=254)
    name_key = models.CharField(
        max_length=80, blank=True, help_text=_("Empty, except for a second person at one address.")
    )
    prefix = models.CharField(pgettext_lazy("before a person's name", "title"), max_length=20, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    street = models.CharField(_("street and number"), max_length=160, blank=True)
    city = models.CharField(_("town or city"), max_length=80, blank=True)
    region = models.CharField(_("state or region"), max_length=40, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12)
    country = models.CharField(_("country"), max_length=2, default="us")
    language = models.CharField(_("language"), max_length=10, default="en")
    created_at = models.DateTimeField()
    # The import that made them, for those who came in a list.
    import_job = models.ForeignKey(
        Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # The record that this one turned out to be of the same person as; this one is shown nowhere then.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "canonical_email", "name_key"], name="supporter_once_per_organization"
            ),
        ]
        indexes = [
            # The list of supporters, the newest first.
            models.Index(fields=["organization", "-created_at", "id"], name="supporter_newest"),
            models.Index(
                fields=["import_job"], condition=Q(import_job__isnull=False), name="supporter_of_import"
            ),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="supporter_merged"
            ),
        ]

    def __str__(self) -> str:
        return f"supporter {self.id}"  # never the name: this text reaches logs


class Residence(models.Model):
    """A division a supporter lives in, with how we know and how sure we are."""

    id = models.BigAutoField(primary_key=True)
    supporter = models.ForeignKey(Supporter, on_delete=models.CASCADE, related_name="residences")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=40)
    confidence = models.FloatField(default=1)
    matched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supporter", "division"], name="residence_once_per_division"),
            models.CheckConstraint(
                condition=Q(confidence__gt=0, confidence__lte=1), name="residence_confidence_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supporter_id} in {self.division_id}"
