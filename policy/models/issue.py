import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import Organization
from policy.models.translated import Translated


class Issue(Translated):
    """A problem an organisation works on."""

    TEXTS = ("title", "summary", "body")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="issues")
    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(max_length=80)
    summary = models.CharField(_("summary"), max_length=400, help_text=_("One or two sentences."))
    body = models.TextField(_("background"), blank=True, help_text=_("Markdown."))
    is_public = models.BooleanField(_("has a page for everybody"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="issue_slug_once_per_organization")
        ]
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
