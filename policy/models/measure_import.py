import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import Organization
from policy.models.issue import Issue


class ImportSource(models.TextChoices):
    CSV = "csv", _("Table (CSV)")
    OPENSTATES = "openstates", _("Open States bills (JSON or zip)")


class MeasureImport(models.Model):
    """A file somebody chose, with what it would change. The file itself goes when it is imported, or after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="measure_imports")
    source = models.CharField(_("kind of file"), max_length=10, choices=ImportSource)
    name = models.CharField(max_length=120)
    issue = models.ForeignKey(
        Issue, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("issue")
    )
    only = models.CharField(_("only these numbers"), max_length=400, blank=True)
    data = models.BinaryField(null=True, editable=False)
    result = models.JSONField(default=dict)
    created_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
