import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.legislator import Legislator


class OfficeKind(models.TextChoices):
    CAPITOL = "capitol", _("Capitol office")
    DISTRICT = "district", _("District office")
    MAIL = "mail", _("Postal address")


class Office(models.Model):
    """Where a legislator can be reached."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    legislator = models.ForeignKey(Legislator, on_delete=models.CASCADE, related_name="offices")
    kind = models.CharField(max_length=10, choices=OfficeKind)
    key = models.CharField(
        max_length=120, help_text=_("The source's own name of this office, unique per legislator.")
    )
    name = models.CharField(max_length=160, blank=True)
    time_zone = models.CharField(
        max_length=60, blank=True, help_text=_("IANA zone; the jurisdiction's when empty.")
    )
    source = models.CharField(max_length=120, blank=True, help_text=_("The import scope that keeps it."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["legislator", "key"], name="office_once_per_key"),
            models.CheckConstraint(condition=Q(kind__in=OfficeKind.values), name="office_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.key


class ContactKind(models.TextChoices):
    EMAIL = "email", _("Mail address")
    CWC = "cwc", _("Communicating With Congress code")
    POSTAL = "postal", _("Postal address")
    PHONE = "phone", _("Phone")
    FAX = "fax", _("Fax")
    WEB_FORM = "web_form", _("Web form")


class Health(models.TextChoices):
    OK = "ok", _("Working")
    SUSPECT = "suspect", _("Doubtful")
    FAILING = "failing", _("Failing")
    RETIRED = "retired", _("Retired")


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def working(self) -> Self:
        """Contact points a letter may still be sent to."""
        return self.filter(health__in=[Health.OK, Health.SUSPECT])


class ContactPoint(models.Model):
    """One way to reach an office, with how well it works."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=ContactKind)
    value = models.CharField(max_length=500)
    health = models.CharField(max_length=8, choices=Health, default=Health.OK)
    health_reason = models.CharField(max_length=200, blank=True)
    health_changed_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(
        max_length=120, blank=True, help_text=_("The import scope that keeps it; empty when added by hand.")
    )

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "value"], name="contact_point_once_per_office"),
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="contact_point_kind_known"),
            models.CheckConstraint(condition=Q(health__in=Health.values), name="contact_point_health_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.office_id}"
