from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offers import offer
from campaigns.models import Campaign
from campaigns.signatures import Condition
from contacts.models import Organization, Tag


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class ConditionForm(forms.Form):
    """Which signatures. Sent with GET: looking changes nothing."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), empty_label=_("Please choose")
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=80,
        required=False,
        help_text=_("As in the address of the page they used."),
    )
    mail_domain = forms.CharField(
        label=_("Mail domain"), max_length=120, required=False, help_text=_("Such as example.org.")
    )
    signed_from = _moment(_("Signed from"))
    signed_to = _moment(_("Signed before"))
    text = forms.CharField(
        label=_("Name or words contain"),
        max_length=120,
        required=False,
        help_text=_("Whatever the capitals."),
    )
    tag = forms.ModelChoiceField(Tag.objects.none(), label=_("Tag"), required=False, empty_label=_("Any"))
    same_address_as = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, organization: Organization) -> None:
        super().__init__(data)
        mine = Campaign.objects.of(organization).only("pk", "title")
        offer(self, "campaign", mine)
        offer(self, "tag", Tag.objects.filter(organization=organization))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.condition().to_plain():
            raise forms.ValidationError(
                _("Say which signatures: fill at least one of these besides the campaign.")
            )
        return data

    def condition(self) -> Condition:
        data = self.cleaned_data

        def moment(at: datetime | None) -> str:
            return at.isoformat() if at else ""

        return Condition(
            source=data["source"],
            mail_domain=data["mail_domain"],
            signed_from=moment(data["signed_from"]),
            signed_to=moment(data["signed_to"]),
            text=data["text"].replace("\x00", ""),
            tag=str(data["tag"].pk) if data["tag"] else "",
            same_address_as=str(data["same_address_as"] or ""),
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("The people concerned read it on their pages, and it stays in the history."),
    )
