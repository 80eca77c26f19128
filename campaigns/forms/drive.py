from typing import Any, ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import InSections, Layout
from campaigns.models import Drive
from policy.models import Measure

DAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class DriveForm(InSections, forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=DAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        initial=[0, 1, 2, 3, 4],
        error_messages={"required": _("Choose at least one day.")},
    )

    layout: ClassVar[Layout] = [
        (_("The wave"), ["name", "starts_at ends_at"]),
        (_("When an office may get letters"), ["weekdays", "opens closes", "all_day"]),
        (_("How many at the most"), ["per_office_hour per_domain_hour per_site_hour"]),
    ]

    class Meta:
        model = Drive
        fields = [
            "name",
            "starts_at",
            "ends_at",
            "weekdays",
            "opens",
            "closes",
            "all_day",
            "per_office_hour",
            "per_domain_hour",
            "per_site_hour",
        ]
        widgets = {
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "ends_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "opens": _("On each office's own clock."),
            "closes": _("The last letter has left by then."),
            "all_day": _("Then the hours above do not matter; the days do."),
            "per_office_hour": _("More than an office can read looks like noise."),
            "per_domain_hour": _("Offices that share a mail server share its patience."),
            "per_site_hour": _("Over all offices; what your own mail server bears."),
        }

    def __init__(self, *args: Any, measure: Measure | None, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].help_text = _("On your organisation's clock (%(zone)s).") % {"zone": zone}
        last: object = _("What has not left by then is not sent.")
        if measure and measure.vote_on:
            last = _("What has not left by then is not sent. The vote is on %(day)s.") % {
                "day": date_format(measure.vote_on)
            }
        self.fields["ends_at"].help_text = str(last)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The last moment must be after the start."))
        opens, closes = data.get("opens"), data.get("closes")
        if opens and closes and not data.get("all_day") and closes <= opens:
            self.add_error("closes", _("The hours must end after they begin."))
        return data
