from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import SHORT, InSections, Layout, day
from contacts.models import Division
from contacts.named_places import places_named
from policy.help import day_of
from policy.languages import items
from policy.models import WAYS, Resource
from policy.numbers import can_be_dialled
from policy.opening import BadHours, Span, hours_in_words, read_hours, zone_named


class ResourceForm(InSections, forms.ModelForm):
    layout: ClassVar[Layout] = [
        (_("What it is"), ["kind", "is_emergency", "name", "description"]),
        (_("How it is reached"), ["phone", "text_number text_words", "chat", "website", "address"]),
        (_("Where and when"), ["place", "opening", "time_zone", "hours"]),
        (_("For whom"), ["languages", "audience", "eligibility", "cost", "cost_note"]),
        (_("Whether it is still right"), ["verified_on", "is_listed", "is_example"]),
    ]
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=200,
        help_text=_("Its name, or its Open Civic Data id. Empty when it helps people everywhere."),
    )
    opening = forms.CharField(
        label=_("Opening hours"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs=SHORT),
        help_text=_("One line for days with the same hours, e.g. Mon-Fri 18:00-08:00. Day and night: 24/7."),
    )

    class Meta:
        model = Resource
        fields = [
            "kind",
            "is_emergency",
            "name",
            "description",
            "phone",
            "text_number",
            "text_words",
            "chat",
            "website",
            "address",
            "time_zone",
            "hours",
            "languages",
            "audience",
            "eligibility",
            "cost",
            "cost_note",
            "verified_on",
            "is_listed",
            "is_example",
        ]
        widgets = {"verified_on": day(), "description": forms.Textarea(attrs=SHORT)}
        help_texts = {
            "is_emergency": _("Stands first on every page for help, however old. It needs a number."),
            "text_words": _("E.g. HELLO, where a first word is needed."),
            "time_zone": _("As in the IANA list, e.g. America/Chicago. Its hours are on this clock."),
            "hours": _("What hours alone can’t say, e.g. closed on public holidays."),
            "languages": _("With commas between them, e.g. English, Spanish."),
            "audience": _("With commas between them, e.g. young people, families. Empty: everybody."),
            "verified_on": _("When somebody last tried whether it answers. Without a day it is not shown."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = self.instance.organization
        self.spans: list[Span] = []
        self.fields["time_zone"].widget.attrs["list"] = "time-zones"
        if self.instance._state.adding:
            self.initial["time_zone"] = self.organization.time_zone
            return
        self.initial["place"] = self._written(self.instance.division)
        opening = hours_in_words(self.instance.spans, "\n")
        self.initial["opening"] = "24/7" if self.instance.is_always_open else opening

    def _written(self, division: Division | None) -> str:
        """A place by its name where only one in the country has it, else by its id."""
        if division is None:
            return ""
        named = places_named({division.name}, self.organization.country).get(division.name, [])
        return division.name if named == [division] else division.ocd_id

    def clean_place(self) -> str:
        name = " ".join(self.cleaned_data["place"].split())
        found = places_named({name}, self.organization.country).get(name, []) if name else []
        if name and not found:
            raise forms.ValidationError(_("There is no place of this name or id."))
        if len(found) > 1:
            raise forms.ValidationError(
                _("%(n)s places are called so. Write the id of one, e.g. %(id)s.")
                % {"n": len(found), "id": found[0].ocd_id}
            )
        self.instance.division = found[0] if found else None
        return name

    def clean_opening(self) -> str:
        text: str = self.cleaned_data["opening"]
        try:
            self.spans, self.instance.is_always_open = read_hours(text)
        except BadHours as fault:
            raise forms.ValidationError(str(fault)) from fault
        return text

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone_named(zone) is None:
            raise forms.ValidationError(_("There is no time zone of this name."))
        return zone

    def clean_phone(self) -> str:
        return self._number("phone")

    def clean_text_number(self) -> str:
        return self._number("text_number")

    def _number(self, name: str) -> str:
        number: str = self.cleaned_data[name]
        # A number that was stored before this was asked stays until somebody changes it.
        if number and name in self.changed_data and not can_be_dialled(number):
            raise forms.ValidationError(_("Write one number, in digits, so that a phone can dial it."))
        return number

    def clean_languages(self) -> str:
        return ", ".join(items(self.cleaned_data["languages"]))

    def clean_audience(self) -> str:
        return ", ".join(items(self.cleaned_data["audience"]))

    def clean_verified_on(self) -> Any:
        on = self.cleaned_data["verified_on"]
        if on is not None and on > day_of(self.organization):
            raise forms.ValidationError(_("This day has not come yet."))
        return on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(way) or way in self.errors for way in WAYS):
            self.add_error("phone", _("Give a phone number, a website or another way to reach it."))
        if data.get("text_words") and not data.get("text_number") and "text_number" not in self.errors:
            self.add_error("text_number", _("Say which number these words are texted to."))
        if data.get("is_emergency") and not data.get("phone") and not data.get("text_number"):
            self.add_error("is_emergency", _("People in danger need a number to call or to text."))
        return data
