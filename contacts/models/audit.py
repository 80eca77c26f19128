from django.db import models

from contacts.models.organization import Organization


class AuditEntry(models.Model):
    """Who did what in an organisation. Append-only; holds ids and counts, never personal data."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="audit_entries")
    actor = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind} {self.object_id}"
