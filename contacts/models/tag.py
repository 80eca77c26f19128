import uuid

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from contacts.models.organization import Organization
from contacts.models.supporter import Supporter


class Tag(models.Model):
    """A word that one organisation files its supporters under."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("tag"), max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="tag_once_per_organization"),
            models.CheckConstraint(condition=~models.Q(name=""), name="tag_has_name"),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """A supporter under a tag."""

    id = models.BigAutoField(primary_key=True)
    supporter = models.ForeignKey(
        Supporter, on_delete=models.CASCADE, related_name="taggings", db_index=False
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supporter", "tag"], name="tagging_once_per_supporter")
        ]

    def __str__(self) -> str:
        return f"{self.supporter_id} under {self.tag_id}"
