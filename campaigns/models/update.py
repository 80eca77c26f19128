import uuid
from collections.abc import Iterable
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.words import UpdateWords
from policy.words import passages, reading


class UpdateQuerySet(models.QuerySet["CampaignUpdate"]):
    def published(self) -> Self:
        """What visitors see, newest first."""
        return self.filter(published_at__isnull=False).order_by("-published_at", "pk")


class CampaignUpdate(models.Model):
    """News of a campaign: on its page, in its feed, and by mail to those who want it. A draft until published."""

    # What readers see of it, and may be written in other languages than the campaign's own.
    to_translate: ClassVar[tuple[str, ...]] = ("title", "text")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="updates")
    title = models.CharField(_("headline"), max_length=140)
    text = models.TextField(_("text"), max_length=20_000, help_text=_("Markdown."))
    created_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    # Its words were changed after it was published; readers are told.
    edited_at = models.DateTimeField(null=True, blank=True)
    # When it was given to the outbox, and for how many people.
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_count = models.PositiveIntegerField(default=0)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mailed_at__isnull=True) | Q(published_at__isnull=False),
                name="update_mailed_is_published",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "-published_at"], name="update_newest")]
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> UpdateWords:
        """What is shown of it to whoever reads now."""
        return self.words_in(reading())

    def words_in(self, languages: Iterable[str]) -> UpdateWords:
        """What somebody reads of it who reads these languages, best first."""
        original = {name: getattr(self, name) for name in self.to_translate}
        translated = {
            one.language: {name: getattr(one, name) for name in self.to_translate}
            for one in self.translations.all()
        }
        return UpdateWords(**passages(original, self.campaign.language, translated, languages))
