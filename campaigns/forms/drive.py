from typing import Any, ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from campaigns.delivery.votes import moment_before_vote
from campaigns.forms.layout import InSections, Layout, day
from campaigns.forms.offers import offer
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


# How busy each hour of an office's day may be, in percent of its rate, midnight first.
_MORNINGS = [40] * 8 + [100] * 4 + [40] * 12
_AFTERNOONS = [40] * 13 + [100] * 5 + [40] * 6
_NOT_AT_NOON = [100] * 12 + [25] * 2 + [100] * 10
PACES: dict[str, list[int]] = {
    "even": [],
    "mornings": _MORNINGS,
    "afternoons": _AFTERNOONS,
    "not_at_noon": _NOT_AT_NOON,
}
PACE_CHOICES = [
    ("even", _("Evenly over the hours")),
    ("mornings", _("Mostly in the morning (8 to 12)")),
    ("afternoons", _("Mostly in the afternoon (13 to 18)")),
    ("not_at_noon", _("Few at noon (12 to 14)")),
]
KEPT = ("kept", _("As it was set through the API"))


class DriveForm(InSections, forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=DAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        initial=[0, 1, 2, 3, 4],
        error_messages={"required": _("Choose at least one day.")},
    )

    pace = forms.ChoiceField(label=_("How the day is used"), choices=PACE_CHOICES, required=False)

    layout: ClassVar[Layout] = [
        (_("The wave"), ["name", "starts_at ends_at"]),
        (_("Or end before a vote"), ["hours_before_vote vote_on"]),
        (_("When an office may get letters"), ["weekdays", "opens closes", "all_day", "pace"]),
        (_("Days on the office's calendar"), ["starts_on ends_on", "skips_holidays", "skips_recess"]),
        (_("How many at the most"), ["per_office_hour per_domain_hour per_site_hour"]),
    ]

    class Meta:
        model = Drive
        fields = [
            "name",
            "starts_at",
            "ends_at",
            "hours_before_vote",
            "vote_on",
            "starts_on",
            "ends_on",
            "skips_holidays",
            "skips_recess",
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
            "vote_on": day(),
            "starts_on": day(),
            "ends_on": day(),
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "hours_before_vote": _(
                "Counted back from the beginning of the day of the vote; then the last moment above is not used."
            ),
            "starts_on": _("On each office's own clock and calendar."),
            "ends_on": _("No letter reaches the office after it."),
            "skips_holidays": _("Those of the office's state or country."),
            "skips_recess": _("By the days off you keep for its chamber, under Legislators."),
            "opens": _("On each office's own clock."),
            "closes": _("The last letter has left by then."),
            "all_day": _("Then the hours above do not matter; the days do."),
            "per_office_hour": _("More than an office can read looks like noise."),
            "per_domain_hour": _("Offices that share a mail server share its patience."),
            "per_site_hour": _("Over all offices; what your own mail server bears."),
        }

    def __init__(self, *args: Any, measure: Measure | None, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure = measure
        self.fields["ends_at"].required = False
        weights = self.instance.hour_weights
        pace = next((name for name, kept in PACES.items() if kept == weights), KEPT[0])
        self.fields["pace"].initial = pace
        if pace == KEPT[0]:
            offer(self, "pace", choices=[*PACE_CHOICES, KEPT])
        self.fields["starts_at"].help_text = _("On your organisation's clock (%(zone)s).") % {"zone": zone}
        last: object = _("What has not left by then is not sent.")
        if measure and measure.vote_on:
            last = _("What has not left by then is not sent. The vote is on %(day)s.") % {
                "day": date_format(measure.vote_on)
            }
        self.fields["ends_at"].help_text = str(last)
        if measure is None:
            self.fields["vote_on"].help_text = _("Your campaign names no measure: say here which day it is.")
        elif measure.vote_on:
            self.fields["vote_on"].help_text = _("The measure's when empty: %(day)s.") % {
                "day": date_format(measure.vote_on)
            }
        else:
            self.fields["vote_on"].help_text = _("The measure has no day of the vote yet.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["hour_weights"] = PACES.get(data.pop("pace", "") or "even", self.instance.hour_weights)
        end_field = self._end_before_vote(data)
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error(end_field, _("The last moment must be after the start."))
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        opens, closes = data.get("opens"), data.get("closes")
        if opens and closes and not data.get("all_day") and closes <= opens:
            self.add_error("closes", _("The hours must end after they begin."))
        return data

    def _end_before_vote(self, data: dict[str, Any]) -> str:
        """Put in the last moment that the vote leaves; gives the field that decides the end."""
        hours = data.get("hours_before_vote")
        if hours is None:
            if not data.get("ends_at") and "ends_at" not in self.errors:
                self.add_error(
                    "ends_at", _("Say when the last letter may leave: a moment, or hours before a vote.")
                )
            return "ends_at"
        day = data.get("vote_on") or (self.measure.vote_on if self.measure else None)
        if day is None:
            if "vote_on" not in self.errors:
                text = (
                    _("Name the day of the vote, here or at the measure.")
                    if self.measure
                    else _("Name the day of the vote.")
                )
                self.add_error("vote_on", text)
        else:
            data["ends_at"] = moment_before_vote(day, hours, self.measure)
        return "hours_before_vote"
