"""What people read of a campaign and of its news, in other languages than the campaign's own."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.update import CampaignUpdate
from policy.words import MadeFrom


class Translation(MadeFrom, models.Model):
    """Texts in one language in a row of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(_("language"), max_length=10)
    made_from = models.JSONField(default=dict, blank=True, editable=False)
    changed_at = models.DateTimeField()
    title = models.CharField(_("headline"), max_length=140)

    class Meta:
        abstract = True
        ordering = ["language"]

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"


class CampaignTranslation(Translation):
    """A campaign's page in another language; what is left empty is read in the campaign's own."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="translations")
    ask = models.CharField(_("what we ask of representatives"), max_length=300)
    why = models.TextField(_("why it matters"), blank=True)
    call_script = models.TextField(_("what to say on the phone"), blank=True, max_length=2000)
    outcome_text = models.TextField(_("what changed"), blank=True)

    class Meta(Translation.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "language"], name="campaign_translation_once_per_language"
            )
        ]

    @property
    def original(self) -> Campaign:
        return self.campaign


class UpdateTranslation(Translation):
    """News of a campaign in another language."""

    update = models.ForeignKey(CampaignUpdate, on_delete=models.CASCADE, related_name="translations")
    text = models.TextField(_("text"), max_length=20_000)

    class Meta(Translation.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["update", "language"], name="update_translation_once_per_language"
            )
        ]

    @property
    def original(self) -> CampaignUpdate:
        return self.update
