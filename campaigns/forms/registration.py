from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.actions.meetings import legislators_of
from campaigns.forms.entered import clean_name, clean_words
from campaigns.forms.layout import day
from campaigns.forms.letter import MailField
from campaigns.forms.stamped import StampedForm, honey
from campaigns.models import Event, Said
from contacts.clock import now
from contacts.models import Legislator


class RegistrationForm(StampedForm):
    """What somebody enters to come to an event."""

    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = MailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("We send one mail to confirm that it is you."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    needs = forms.CharField(
        label=_("What do you need to take part?"),
        max_length=300,
        required=False,
        help_text=_("E.g. a ramp, an interpreter, a quiet seat. Only the organizers read it."),
    )
    website = honey()

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_needs(self) -> str:
        return clean_words(self.cleaned_data["needs"], 300)


class MeetingForm(forms.Form):
    """Whom a participant met, and what was said."""

    legislator = forms.CharField(
        label=_("Whom did you meet?"),
        max_length=160,
        help_text=_("The name of your representative, as in the list that opens while you type."),
        widget=forms.TextInput(attrs={"list": "legislators", "autocomplete": "off"}),
    )
    on = forms.DateField(label=_("Which day?"), widget=day())
    said = forms.ChoiceField(
        label=_("What did they say of it?"), choices=Said.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=300,
        required=False,
        help_text=_("One or two sentences. Only the organisation reads them."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.people = list(legislators_of(event))
        self.initial.setdefault("on", event.starts_at.astimezone(event.zone).date())

    def clean_legislator(self) -> Legislator:
        typed = " ".join(self.cleaned_data["legislator"].split()).casefold()
        found = [person for person in self.people if person.name.casefold() == typed]
        if len(found) != 1:
            raise forms.ValidationError(_("We know no representative of this name there."))
        return found[0]

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > now().astimezone(self.event.zone).date():
            raise forms.ValidationError(_("This day has not come yet."))
        return on

    def clean_words(self) -> str:
        return clean_words(self.cleaned_data["words"], 300)
