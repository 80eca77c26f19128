from django.db import models


class IdempotencyKey(models.Model):
    """The stored outcome of an API call, so that the same key gives the same answer and acts once."""

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=120, help_text="Route and caller the key belongs to.")
    key = models.CharField(max_length=120)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    response = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
