import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.legislator import Legislator
from contacts.models.office import ContactPoint
from contacts.models.organization import Organization

# Why an organisation's import skips an address.
ERASED = "had their data erased"


class Suppression(models.Model):
    """Somebody who asked not to be written to.

    A mail address is kept as a keyed hash only; without an organisation it holds for the whole
    installation. An office that asked an organisation to stop is kept by legislator, or by
    contact point when it is about one way only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="suppressions"
    )
    address_hash = models.CharField(max_length=64, blank=True)
    legislator = models.ForeignKey(
        Legislator, null=True, blank=True, on_delete=models.CASCADE, related_name="suppressions"
    )
    contact_point = models.ForeignKey(
        ContactPoint, null=True, blank=True, on_delete=models.CASCADE, related_name="suppressions"
    )
    reason = models.CharField(_("reason"), max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(legislator__isnull=True, contact_point__isnull=True) & ~Q(address_hash=""))
                | Q(legislator__isnull=False, contact_point__isnull=True, address_hash="")
                | Q(legislator__isnull=True, contact_point__isnull=False, address_hash=""),
                name="suppression_names_one_party",
            ),
            models.UniqueConstraint(
                fields=["organization", "legislator"],
                condition=Q(legislator__isnull=False),
                name="suppression_office_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "contact_point"],
                condition=Q(contact_point__isnull=False),
                name="suppression_contact_point_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "address_hash"],
                condition=Q(organization__isnull=False) & ~Q(address_hash=""),
                name="suppression_address_once",
            ),
            models.UniqueConstraint(
                fields=["address_hash"],
                condition=Q(organization__isnull=True) & ~Q(address_hash=""),
                name="suppression_address_once_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
