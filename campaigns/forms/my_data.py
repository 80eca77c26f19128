"""What supporters change of themselves, on their own pages."""

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.actions.partner_consents import Choice
from campaigns.forms.consents import CONSENTS
from campaigns.forms.entered import TITLES, clean_postal_code, clean_words, full_name
from campaigns.forms.offers import offer
from campaigns.forms.partner_boxes import box, name_of, writes
from campaigns.models import Partnership
from contacts.models import Organization, Purpose

# The words beside each box; they are kept with the consent.
WISHES: dict[str, Any] = {
    Purpose.CONTACT: CONSENTS[Purpose.CONTACT],
    Purpose.ASK: _("You may ask me whether offices answered my letters."),
    Purpose.NAME: CONSENTS[Purpose.NAME],
    Purpose.STORY: CONSENTS[Purpose.STORY],
}


class DetailsForm(forms.Form):
    """Name and address of a supporter. `needed` are the fields that an office demands."""

    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    title = forms.ChoiceField(
        label=pgettext_lazy("before a person's name", "Title"),
        choices=TITLES,
        required=False,
        widget=forms.Select(attrs={"autocomplete": "honorific-prefix", "class": "input-short"}),
    )
    street = forms.CharField(
        label=_("Street and number"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=12,
        help_text=_("Another one may mean other representatives. You see which before anything is changed."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "class": "input-short"}),
    )
    city = forms.CharField(
        label=_("Town or city"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    region = forms.CharField(
        label=_("State or region"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level1", "class": "input-short"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "class": "input-short"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of our mails to you, and of letters that are suggested to you from now on."),
        widget=forms.Select(attrs={"class": "input-short"}),
    )
    sign_anyway = forms.BooleanField(
        label=_("My postal code is right. Write to nobody who depends on where I live."), required=False
    )

    def __init__(self, *args: Any, country: str, needed: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        for name in needed:
            self.fields[name].required = True
        if "title" in needed:
            offer(self, "title", choices=TITLES[1:], empty=_("Please choose"))

    def clean_name(self) -> str:
        return full_name(self.cleaned_data["name"], both=self.fields["title"].required)

    def clean_street(self) -> str:
        return clean_words(self.cleaned_data["street"], 160)

    def clean_city(self) -> str:
        return clean_words(self.cleaned_data["city"], 80)

    def clean_region(self) -> str:
        return clean_words(self.cleaned_data["region"], 40)

    def clean_phone(self) -> str:
        phone = clean_words(self.cleaned_data["phone"], 30)
        if phone and not re.fullmatch(r"[-+0-9 ()./x]{5,30}", phone):
            raise forms.ValidationError(_("This is not a phone number."))
        return phone

    def clean_postal_code(self) -> str:
        return clean_postal_code(self.country, self.cleaned_data["postal_code"])


class WishesForm(forms.Form):
    """What a supporter agrees to, a box a purpose."""

    contact = forms.BooleanField(label=WISHES[Purpose.CONTACT], required=False)
    ask = forms.BooleanField(
        label=WISHES[Purpose.ASK],
        required=False,
        help_text=_("Two weeks after a letter left, and once more a week later."),
    )
    name = forms.BooleanField(label=WISHES[Purpose.NAME], required=False)
    story = forms.BooleanField(label=WISHES[Purpose.STORY], required=False)

    def __init__(
        self, *args: Any, organization: Organization, choices: Collection[Choice] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asking = [one.partnership for one in choices if one.is_asking]
        if self.asking:  # where several ask, each says who writes
            self.fields["contact"].label = writes(organization)
        given = {one.partnership.pk for one in choices if one.given}
        for partner in self.asking:
            self.fields[name_of(partner)] = box(partner, initial=partner.pk in given)

    def partners(self) -> list[tuple[Partnership, forms.BoundField]]:
        """Each partner that asks, with its box."""
        return [(partner, self[name_of(partner)]) for partner in self.asking]

    def chosen(self) -> dict[UUID, bool]:
        """What was ticked, by partnership."""
        return {partner.pk: self.cleaned_data[name_of(partner)] for partner in self.asking}

    def words(self) -> dict[UUID, str]:
        """What stood beside each partner's box."""
        return {partner.pk: writes(partner.organization) for partner in self.asking}
