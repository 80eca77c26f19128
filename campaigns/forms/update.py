from typing import Any

from django import forms

from campaigns.models import CampaignUpdate
from policy.xml_text import carriable


class UpdateForm(forms.ModelForm):
    class Meta:
        model = CampaignUpdate
        fields = ("title", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}

    def clean(self) -> dict[str, Any]:
        # Pasted from elsewhere, a text may hold what nobody sees and no feed can carry.
        data = super().clean() or {}
        return {name: carriable(value) for name, value in data.items()}
