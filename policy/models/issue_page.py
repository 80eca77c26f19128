"""What an issue's public page has beside evidence: myths with the facts against them, texts and files to share."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Organization
from policy.models.evidence import Evidence
from policy.models.issue import Issue
from policy.models.translated import Translated


class Myth(Translated):
    """Something people say that is not so, and what is so. The fact cites evidence: there is none without."""

    TEXTS = ("myth", "fact")
    ONLY_OF_TODAY = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="myths")
    myth = models.CharField(_("what people say"), max_length=200)
    fact = models.CharField(_("what is so"), max_length=400)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="myths", verbose_name=_("what shows it")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(myth="") & ~Q(fact=""), name="myth_has_fact")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.myth

    @property
    def owner(self) -> Organization:
        return self.issue.organization


class ShareText(models.Model):
    """What readers may pass on of an issue, in one language: a headline for the picture, and a text to go with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="share_texts")
    language = models.CharField(_("language"), max_length=10)
    headline = models.CharField(_("words on the picture"), max_length=120)
    text = models.CharField(_("text to copy"), max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "language"], name="share_text_once_per_language"),
            models.CheckConstraint(condition=~Q(headline="") & ~Q(text=""), name="share_text_has_words"),
        ]
        ordering = ["language"]

    def __str__(self) -> str:
        return self.headline


class ToolkitKind(models.TextChoices):
    PDF = "pdf", "PDF"
    ZIP = "zip", "ZIP"


class Toolkit(models.Model):
    """A file to download: posters, leaflets, slides. Checked when it came, and handed out as it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="toolkits")
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=10)
    kind = models.CharField(max_length=3, choices=ToolkitKind)
    content = models.BinaryField(editable=False)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "sha256"], name="toolkit_file_once_per_issue"),
            models.CheckConstraint(condition=Q(kind__in=ToolkitKind.values), name="toolkit_kind_known"),
        ]
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title
