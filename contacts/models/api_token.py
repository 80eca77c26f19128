import hashlib
import secrets
import uuid

from django.db import models

from contacts.models.organization import Organization


class ApiToken(models.Model):
    """A key to an organisation's API. Only its hash is kept; 256 random bits need no slow hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def new_secret() -> str:
        """A fresh token in clear, to be shown once."""
        return f"osp_{secrets.token_urlsafe(32)}"

    @staticmethod
    def hash_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()
