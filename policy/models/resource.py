import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Division, Organization


class ResourceKind(models.TextChoices):
    HELPLINE = "helpline", _("Helpline")
    GROUP = "group", _("Support group")
    SERVICE = "service", _("Service")


class Resource(models.Model):
    """A helpline, support group or service that pages and briefs point to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="resources")
    kind = models.CharField(_("kind"), max_length=10, choices=ResourceKind)
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=240, blank=True)
    division = models.ForeignKey(Division, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = models.URLField(_("website"), blank=True)
    hours = models.CharField(_("hours"), max_length=120, blank=True)
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    verified_on = models.DateField(_("last verified on"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ResourceKind.values), name="resource_kind_known"),
            models.CheckConstraint(condition=~Q(phone="") | ~Q(website=""), name="resource_can_be_reached"),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
