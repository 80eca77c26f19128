"""What somebody looks for among supporters, and what is done to those who are found."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offers import offer
from campaigns.models import Campaign, PledgeState
from campaigns.people import Wanted
from contacts.models import Organization, Purpose, Tag


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class FilterForm(forms.Form):
    """A list's filter. Sent with GET, so that the address can be kept and passed on."""

    q = forms.CharField(
        label=_("Name, mail address, town or postal code"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(
        label=_("Pledge"), required=False, choices=[("", _("Confirmed, or any")), *PledgeState.choices]
    )
    tag = forms.ModelChoiceField(Tag.objects.none(), label=_("Tag"), required=False, empty_label=_("All"))
    consent = forms.ChoiceField(
        label=_("Agreement"),
        required=False,
        choices=[
            ("", _("All")),
            (_("Agree now"), list(Purpose.choices)),
            (_("Don’t agree now"), [(f"-{value}", label) for value, label in Purpose.choices]),
        ],
    )
    postal_code = forms.CharField(
        label=_("Postal code begins with"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    division = forms.CharField(
        label=_("District or region"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    joined_from = _day(_("Here since, from"))
    joined_to = _day(_("to"))
    never_confirmed = forms.BooleanField(label=_("Never confirmed a pledge"), required=False)

    # Which are always in sight; the others open when one of them is used.
    FIRST = ("q", "campaign", "tag")

    def __init__(self, data: Any, *, organization: Organization) -> None:
        super().__init__(data, prefix=None, auto_id="list-%s")
        mine = Campaign.objects.of(organization).exclude(state="archived").only("pk", "title")
        offer(self, "campaign", mine)
        offer(self, "tag", Tag.objects.filter(organization=organization))

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.FIRST]

    @property
    def uses_others(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name not in self.FIRST)

    @property
    def names_nothing(self) -> bool:
        """Whether it asks for something that does not exist here."""
        return bool({"campaign", "tag", "state", "consent"} & set(self.errors))

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"]).replace("\x00", "")

    def wanted(self) -> Wanted:
        """What a valid form asks for."""
        data = self.cleaned_data
        return Wanted(
            words=data["q"],
            postal_code=data["postal_code"],
            division=data["division"],
            campaign=str(data["campaign"].pk) if data["campaign"] else "",
            state=data["state"],
            consent=data["consent"],
            tag=str(data["tag"].pk) if data["tag"] else "",
            joined_from=data["joined_from"].isoformat() if data["joined_from"] else "",
            joined_to=data["joined_to"].isoformat() if data["joined_to"] else "",
            never_confirmed=data["never_confirmed"],
        )


class TagForm(forms.Form):
    """A tag for one person or for many: one there is, or a new one."""

    tag = forms.CharField(label=_("Tag"), max_length=40, widget=forms.TextInput(attrs={"list": "tags"}))

    def clean_tag(self) -> str:
        name = " ".join(str(self.cleaned_data["tag"]).split())
        if "," in name:
            raise forms.ValidationError(_("A tag has no commas."))
        return name
