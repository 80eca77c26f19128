from django import forms

from campaigns.models import CampaignUpdate


class UpdateForm(forms.ModelForm):
    class Meta:
        model = CampaignUpdate
        fields = ("title", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}
