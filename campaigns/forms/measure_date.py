from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import InSections, Layout, day
from campaigns.forms.measure import chambers_of
from campaigns.forms.offers import offer
from policy.models import MeasureDate

HOUR = {"type": "time"}


class MeasureDateForm(InSections, forms.ModelForm):
    layout: ClassVar[Layout] = [
        (_("When"), ["kind", "on", "starts_at ends_at", "time_zone"]),
        (_("Where"), ["chamber", "place", "link", "note"]),
    ]

    class Meta:
        model = MeasureDate
        fields = [
            "kind",
            "on",
            "starts_at",
            "ends_at",
            "time_zone",
            "chamber",
            "place",
            "link",
            "note",
        ]
        widgets = {
            "on": day(),
            "starts_at": forms.TimeInput(attrs=HOUR, format="%H:%M"),
            "ends_at": forms.TimeInput(attrs=HOUR, format="%H:%M"),
        }
        help_texts = {
            "starts_at": _("Empty while only the day is known."),
            "time_zone": _("Where it happens, e.g. America/Chicago. The hours are those of this place."),
            "link": _("The agenda, the official notice or the live stream."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure = self.instance.measure
        offer(self, "chamber", chambers_of(measure), empty=_("None in particular"))
        if self.instance._state.adding:
            self.initial["time_zone"] = measure.jurisdiction.time_zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_at"), data.get("ends_at")
        if last and not first:
            self.add_error("starts_at", _("Say when it begins."))
        elif first and last and last <= first:
            self.add_error("ends_at", _("The end must be after the beginning."))
        return data


class CancelDateForm(forms.Form):
    because = forms.CharField(
        label=_("Why it is cancelled"),
        max_length=240,
        required=False,
        help_text=_("Shown in the calendar, also in those that people subscribed to."),
    )
