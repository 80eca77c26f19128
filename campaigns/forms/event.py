from datetime import UTC, date, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import SHORT, InSections, Layout, day
from campaigns.forms.measure_date import HOUR
from campaigns.forms.offers import offer
from campaigns.models import Campaign, Event
from policy.models import Issue, Measure
from policy.opening import zone_named

# A slip of the year far outside these is no day that time zones and calendars can reckon with.
YEARS = range(1970, 2101)


class EventForm(InSections, forms.ModelForm):
    """An event as people write it: its day and hours are on the clock of the place where it happens."""

    layout: ClassVar[Layout] = [
        (_("What it is"), ["kind", "title", "summary", "text", "language"]),
        (_("When"), ["on begins ends", "ends_on", "time_zone"]),
        (_("Where"), ["place", "access", "link"]),
        (_("Places"), ["capacity hold_hours", "remind_hour"]),
        (_("What it is about"), ["issue", "campaign", "measure", "asks_reports", "is_example"]),
    ]
    on = forms.DateField(label=_("Day"), widget=day())
    begins = forms.TimeField(label=_("from"), widget=forms.TimeInput(attrs=HOUR, format="%H:%M"))
    ends = forms.TimeField(label=_("until"), widget=forms.TimeInput(attrs=HOUR, format="%H:%M"))
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=day(), help_text=_("Where it ends on another day.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = Event
        fields = [
            "kind",
            "title",
            "summary",
            "text",
            "language",
            "time_zone",
            "place",
            "access",
            "link",
            "capacity",
            "hold_hours",
            "remind_hour",
            "issue",
            "campaign",
            "measure",
            "asks_reports",
            "is_example",
        ]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "text": forms.Textarea(attrs={"rows": 6}),
            "access": forms.Textarea(attrs=SHORT),
        }
        help_texts = {
            "time_zone": _("Where it happens, e.g. America/Chicago. The hours are those of this place."),
            "place": _("Name and address. Empty when it is online only."),
            "access": _("E.g. steps, lift, hearing loop, parking, whom to call at the door."),
            "link": _("Shown only to people who have a place. Empty when it is in person only."),
            "capacity": _("Empty: as many as come. When all are taken there is a waiting list."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance
        self.organization = event.organization
        for name, model in {"issue": Issue, "campaign": Campaign, "measure": Measure}.items():
            rows = model._default_manager.filter(organization=self.organization)
            offer(self, name, rows, empty=_("None in particular"))
        self.fields["time_zone"].widget.attrs["list"] = "time-zones"
        if event._state.adding:
            own = self.organization
            self.initial.update(time_zone=own.time_zone, language=own.language)
            return
        first, last = event.starts_at.astimezone(event.zone), event.ends_at.astimezone(event.zone)
        self.initial.update(on=first.date(), begins=first.time(), ends=last.time())
        if last.date() != first.date():
            self.initial["ends_on"] = last.date()

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone_named(zone) is None:
            raise forms.ValidationError(_("There is no time zone of this name."))
        return zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("place") and not data.get("link") and not {"place", "link"} & set(self.errors):
            self.add_error("place", _("Say where it is, or give the link to join it online."))
        if data.get("asks_reports") and data.get("measure") is None:
            self.add_error(
                "measure", _("Say which measure people talk about, so that we know who decides it.")
            )
        if {"on", "begins", "ends", "time_zone"} <= set(data):
            self._times(data, zone_named(data["time_zone"]) or ZoneInfo("UTC"))
        return data

    def _times(self, data: dict[str, Any], zone: ZoneInfo) -> None:
        for name in ("on", "ends_on"):
            day_ = data.get(name)
            if day_ is not None and day_.year not in YEARS:
                self.add_error(name, self.fields[name].error_messages["invalid"])
        if {"on", "ends_on"} & set(self.errors):
            return
        first = self._moment("begins", data["on"], data["begins"], zone)
        last = self._moment("ends", data.get("ends_on") or data["on"], data["ends"], zone)
        if first and last and last <= first:
            self.add_error("ends", _("The end must be after the beginning."))
        elif first and last:
            self.instance.starts_at, self.instance.ends_at = first, last

    def _moment(self, name: str, on: date, hour: time, zone: ZoneInfo) -> datetime | None:
        """The moment a clock of the place shows this (UTC); None, with an error, for an hour its clocks skip."""
        moment = datetime.combine(on, hour, zone)
        there = moment.astimezone(UTC).astimezone(zone)
        if there.replace(tzinfo=None) != moment.replace(tzinfo=None):
            self.add_error(name, _("On that day the clocks skip this hour."))
            return None
        return moment.astimezone(UTC)


class CancelEventForm(forms.Form):
    because = forms.CharField(
        label=_("Why it is cancelled"),
        max_length=240,
        required=False,
        help_text=_("Stands in the mail, on the page, and in calendars that people subscribed to."),
    )


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=10_000,
        required=False,
        help_text=_("Markdown; shown on its page."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
