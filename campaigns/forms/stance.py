from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import day
from campaigns.forms.offers import offer
from contacts.clock import now
from contacts.models import Organization
from policy.models import Majority, Measure, Stance, StanceLevel


class _DatedStance(forms.ModelForm):
    class Meta:
        model = Stance
        fields = ["level", "on", "evidence", "source_url"]
        widgets = {
            "on": day(),
            "evidence": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {"evidence": _("What the person said or did, and where.")}

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > localdate(now()):
            raise forms.ValidationError(_("This day has not come yet."))
        return on


class StanceForm(_DatedStance):
    class Meta(_DatedStance.Meta):
        fields = ["measure", "level", "on", "evidence", "source_url"]
        labels = {"measure": _("Measure")}

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measures = Measure.objects.filter(organization=organization)
        offer(self, "measure", measures, empty=_("Choose the measure"))
        self.fields["level"].required = True


class CorrectionForm(_DatedStance):
    """What stands in the place of an entry that was wrong; without a stance nothing is known after all."""

    class Meta(_DatedStance.Meta):
        labels = {"evidence": _("Why the entry was wrong, or what is right")}
        help_texts = {"level": _("Leave it empty to take the entry back.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "level", choices=StanceLevel.choices, empty=_("Nothing is known"))


class MajorityForm(forms.Form):
    majority = forms.ChoiceField(label=_("Votes needed"), choices=Majority.choices)
