from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.forms.letter import LongText
from campaigns.forms.offers import offer
from campaigns.models import Campaign


class StoryQuoteForm(forms.Form):
    """A passage of a story, and the campaign whose briefs may print it."""

    campaign = forms.ModelChoiceField(queryset=Campaign.objects.none(), label=_("Campaign"), empty_label=None)
    passage = LongText(
        label=_("The passage"),
        max_length=600,
        help_text=_("30 to 340 characters, copied from the story. Line breaks don’t matter."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, campaigns: QuerySet[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "campaign", campaigns)
