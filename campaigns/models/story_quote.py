from django.db import models
from django.db.models import F, Q

from campaigns.models.campaign import Campaign
from campaigns.models.story import Story


class StoryQuote(models.Model):
    """A passage of a story that briefs of a campaign may print: where it stands, and not a word of it."""

    id = models.BigAutoField(primary_key=True)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="quotes")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="story_quotes")
    # Of the text as it was then; a text that was changed since has other words there.
    revision = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    chosen_by = models.ForeignKey("contacts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="story_quote_has_words"),
            models.UniqueConstraint(fields=["campaign", "story"], name="story_quoted_once_per_campaign"),
        ]
        ordering = ["chosen_at", "id"]

    def __str__(self) -> str:
        return f"quote of story {self.story_id}"
