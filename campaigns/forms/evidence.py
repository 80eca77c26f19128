from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import InSections, Layout, day
from contacts.clock import now
from policy.models import Evidence


class EvidenceForm(InSections, forms.ModelForm):
    layout: ClassVar[Layout] = [
        (_("The claim"), ["claim", "figure unit", "key"]),
        (_("Its source"), ["source_title", "source_url", "published_on retrieved_on", "is_example"]),
    ]

    class Meta:
        model = Evidence
        fields = ["claim", "figure", "unit", "key", *Evidence.CONTENT[3:]]
        widgets = {"claim": forms.Textarea(attrs={"rows": 2}), "published_on": day(), "retrieved_on": day()}
        help_texts = {
            "unit": _("Days, per cent, people…"),
            "is_example": _("Pages and briefs then say that it is invented."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Letters cite it by this name, so that it can't change; without one it is made of the claim.
        self.fields["key"].required = False
        self.fields["key"].disabled = not self.instance._state.adding

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        same = Evidence.objects.filter(organization=self.instance.organization, key=key)
        if key and same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Other evidence has this short name."))
        return key

    def clean_source_title(self) -> str:
        title: str = self.cleaned_data["source_title"]
        if not any(character.isalnum() for character in title):
            raise forms.ValidationError(_("Name the source. A figure without one can't be printed."))
        return title

    def clean_published_on(self) -> date:
        on: date = self.cleaned_data["published_on"]
        if on > localdate(now()):
            raise forms.ValidationError(_("This day has not come yet."))
        return on
