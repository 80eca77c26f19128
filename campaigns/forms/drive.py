from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Drive

DAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class DriveForm(forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple, initial=[0, 1, 2, 3, 4]
    )

    class Meta:
        model = Drive
        fields = ["name", "starts_at", "ends_at", "weekdays", "opens", "closes", "all_day", "per_office_hour", "per_domain_hour", "per_site_hour"]
        widgets = {
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "ends_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "starts_at": _("In UTC."),
            "ends_at": _("In UTC. What has not left by then is not sent."),
            "opens": _("In each office's own time zone."),
            "all_day": _("Then the hours above do not matter; the days do."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The last moment must be after the start."))
        opens, closes = data.get("opens"), data.get("closes")
        if opens and closes and not data.get("all_day") and closes <= opens:
            self.add_error("closes", _("The hours must end after they begin."))
        return data
