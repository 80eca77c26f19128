from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import day
from contacts.importers.recess_ical import LONGEST, MOST_BYTES, RecessRow, read_recesses
from contacts.importers.rows import BadRow, FilesMissing
from contacts.models import Recess


class RecessForm(forms.ModelForm):
    class Meta:
        model = Recess
        fields: ClassVar = ["name", "starts_on", "ends_on", "source"]
        widgets: ClassVar = {
            "starts_on": day(),
            "ends_on": day(),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        elif first and last and last - first > LONGEST:
            self.add_error("ends_on", _("A recess is not longer than a year."))
        return data


class CalendarForm(forms.Form):
    """An iCal file; what it holds is in `rows` and `bad` once the form is valid."""

    calendar = forms.FileField(
        label=_("iCal file"), help_text=_("A file ending in .ics, as calendars offer for download.")
    )
    words = forms.CharField(
        label=_("Only entries with the words"),
        max_length=60,
        required=False,
        help_text=_("E.g. recess. Without words every entry counts as days off."),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.rows: list[RecessRow] = []
        self.bad: list[BadRow] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.get("calendar")
        if file is None:
            return data
        try:
            self.rows, self.bad = read_recesses(
                file.read(MOST_BYTES + 1), self.zone, data.get("words", "").strip()
            )
        except FilesMissing as fault:
            self.add_error("calendar", _("It can't be used: %(why)s.") % {"why": fault})
        return data
