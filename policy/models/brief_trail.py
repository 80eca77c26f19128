"""What a version of a brief leaves behind: whom it quotes or names, and who has a copy of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policy.models.brief import Brief


class MentionKind(models.TextChoices):
    WORDS = "words", _("Words")
    NAME = "name", _("Name")


class BriefMention(models.Model):
    """Somebody whose words or name a version prints, so that it is found when they withdraw them.

    `of` names them in words of the app that asked for the brief, such as `pledge:<uuid>`.
    """

    id = models.BigAutoField(primary_key=True)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="mentions")
    of = models.CharField(max_length=80)
    kind = models.CharField(max_length=5, choices=MentionKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brief", "of", "kind"], name="brief_mention_once"),
            models.CheckConstraint(condition=Q(kind__in=MentionKind.values), name="brief_mention_kind_known"),
        ]
        indexes = [models.Index(fields=["of"], name="brief_mention_of")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.of}"


class CopyKind(models.TextChoices):
    FILE = "file", _("Downloaded")
    ZIP = "zip", _("Downloaded in a zip")
    PRINT = "print", _("Downloaded to print")
    HANDED = "handed", pgettext_lazy("a brief", "Handed over")


class BriefCopy(models.Model):
    """A copy that left: who downloaded it, or to whom it was handed. Append-only."""

    id = models.BigAutoField(primary_key=True)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="copies")
    kind = models.CharField(max_length=6, choices=CopyKind)
    by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    to_whom = models.CharField(_("to whom"), max_length=160, blank=True)
    on = models.DateField(_("on"))
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CopyKind.values), name="brief_copy_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="handed") & ~Q(to_whom="") | ~Q(kind="handed") & Q(to_whom=""),
                name="brief_copy_handed_says_to_whom",
            ),
        ]
        ordering = ["-noted_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"
