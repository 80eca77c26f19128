from django.db import models


class BareSignature(models.Model):
    """A signature as a first draft of a petition site would keep it."""

    name = models.CharField(max_length=80)
    email = models.EmailField(unique=True)
    postal_code = models.CharField(max_length=12)
    comment = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"
        db_table = "bench_signature"

    def __str__(self) -> str:
        return f"signature {self.pk}"
