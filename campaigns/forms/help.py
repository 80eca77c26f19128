from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offers import offer
from contacts.matching import match_postal_code
from contacts.models import Organization, PostalArea
from policy.help import Wanted, audiences_of, places_of
from policy.languages import all_of
from policy.models import Resource

_WAYS = [
    ("phone", _("By phone")),
    ("text", _("By text message")),
    ("chat", _("By chat")),
    ("visit", _("In person")),
]


class HelpForm(forms.Form):
    """What somebody looks for. It asks only for what tells the resources apart, and keeps nothing."""

    place = forms.ChoiceField(label=_("Place"), required=False)
    postal_code = forms.CharField(label=_("Or postal code"), max_length=12, required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    audience = forms.ChoiceField(label=_("For whom"), required=False)
    channel = forms.ChoiceField(label=_("How"), choices=[("", _("Any way")), *_WAYS], required=False)
    is_open = forms.BooleanField(label=_("Open now"), required=False)
    is_free = forms.BooleanField(label=_("Free of charge"), required=False)

    def __init__(
        self, *args: Any, organization: Organization, resources: Sequence[Resource], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        places = [(str(place.pk), place.name) for place in places_of(resources)]
        self._offer("place", _("Anywhere"), places)
        self._offer("language", _("Any language"), all_of(row.languages for row in resources).items())
        self._offer("audience", _("Everybody"), audiences_of(resources).items())
        if not places or not PostalArea.objects.filter(country=organization.country).exists():
            del self.fields["postal_code"]
        for field in self.fields.values():
            # The browser is asked to remember nothing of it either.
            field.widget.attrs["autocomplete"] = "off"

    def _offer(self, name: str, everything: object, choices: Any) -> None:
        """The choices of a field; without any there is nothing to ask."""
        pairs = list(choices)
        if pairs:
            offer(self, name, choices=pairs, empty=everything)
        else:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code = data.get("postal_code", "")
        data["places"] = {UUID(data["place"])} if data.get("place") else set()
        if code and not data["places"]:
            match = match_postal_code(self.organization.country, code.replace("\x00", ""), chambers=[])
            if not match.is_known:
                self.add_error(
                    "postal_code", _("We do not know this postal code. Choose a place, or look everywhere.")
                )
            # Where it lies in several places, help of each of them is shown.
            data["places"] = {division.pk for division, _share in match.divisions}
        return data

    def wanted(self) -> Wanted:
        """What was asked for; everything while it can't be read."""
        if not self.is_bound or not self.is_valid():
            return Wanted()
        data = self.cleaned_data
        return Wanted(
            places=frozenset(data["places"]),
            language=data.get("language", ""),
            audience=data.get("audience", ""),
            channel=data["channel"],
            is_free=data["is_free"],
            is_open=data["is_open"],
        )
