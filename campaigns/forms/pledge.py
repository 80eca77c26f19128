import re
import unicodedata

from django import forms
from django.core import signing
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.actions.pledges import ConsentShown
from campaigns.models import Campaign
from contacts.addresses import BadAddress, canonical_email
from contacts.matching import normal_code
from contacts.models import Purpose

CONSENT_VERSION = "1"
MOST_SECONDS = 24 * 3600
LEAST_SECONDS = 1.5
_ADDRESS_IN_NAME = re.compile(r"://|www\.|@|\w\.(com|net|org|info|ru|xyz|top)\b", re.IGNORECASE)

# The words a supporter sees beside each box; they are kept with the consent.
CONSENTS = {
    Purpose.CONTACT: _("You may write to me about this campaign and others like it."),
    Purpose.NAME: _("You may show my name among those who signed."),
    Purpose.STORY: _("You may quote my words, with my first name and town, in briefs to representatives."),
}


def form_token(campaign: Campaign) -> str:
    """A signed note of when the form was shown, so that one page can't be sent for ever."""
    return signing.dumps(str(campaign.pk), salt="outspoken.form")


def clean_name(name: str) -> str:
    """A name as a mail may carry it. Raises ValidationError."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} for c in name):
        raise forms.ValidationError(_("Please write the name with letters only."))
    if _ADDRESS_IN_NAME.search(name):
        raise forms.ValidationError(_("Please write a name, not an address."))
    return name


class PledgeForm(forms.Form):
    """What a supporter enters to sign."""

    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("We send one mail to confirm that it is you."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=12,
        help_text=_("It tells us who represents you."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "class": "input-short"}),
    )
    city = forms.CharField(
        label=_("Town or city"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    street = forms.CharField(
        label=_("Street and number"),
        max_length=160,
        help_text=_("Offices want to know that you live there."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    comment = forms.CharField(
        label=_("Why does it matter to you?"),
        max_length=1000,
        required=False,
        help_text=_("A sentence of your own, if you like."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    send_untouched = forms.BooleanField(
        label=_("Send the suggested letter if I do not change it."),
        required=False,
        help_text=_("You can still edit it after you confirm. A letter in your own words counts for more."),
    )
    contact = forms.BooleanField(label=CONSENTS[Purpose.CONTACT], required=False)
    show_name = forms.BooleanField(label=CONSENTS[Purpose.NAME], required=False)
    quote = forms.BooleanField(label=CONSENTS[Purpose.STORY], required=False)
    sign_anyway = forms.BooleanField(
        label=_("My postal code is right. Sign without a letter."), required=False
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    # Nobody sees this field; what fills it is no person.
    website = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: object, campaign: Campaign, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.campaign = campaign
        self.is_robot = False
        self.fields["token"].initial = form_token(campaign)
        if not campaign.ask_street:
            del self.fields["street"]

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_city(self) -> str:
        return clean_name(self.cleaned_data["city"])

    def clean_street(self) -> str:
        return clean_name(self.cleaned_data["street"])

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        try:
            canonical_email(email)
        except BadAddress:
            raise forms.ValidationError(_("This is not a mail address we can write to.")) from None
        return email

    def clean_postal_code(self) -> str:
        code = normal_code(self.campaign.organization.country, self.cleaned_data["postal_code"])
        if not re.fullmatch(r"[0-9A-Z]{2,10}", code):
            raise forms.ValidationError(_("This is not a postal code."))
        return code

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        self.is_robot = bool(data.get("website"))
        try:
            shown = signing.loads(data.get("token") or "", salt="outspoken.form", max_age=MOST_SECONDS)
        except signing.BadSignature:
            shown = ""
        if shown != str(self.campaign.pk):
            # A fresh token stands in the page that is shown now.
            self.data = {**self.data.dict(), "token": form_token(self.campaign)}  # type: ignore[union-attr]
            raise forms.ValidationError(_("The page was open for a long time. Please send it once more."))
        return data

    def consents(self) -> list[ConsentShown]:
        """Each consent with the words that were shown, and whether it was ticked."""
        language = get_language() or self.campaign.language
        ticked = {Purpose.CONTACT: "contact", Purpose.NAME: "show_name", Purpose.STORY: "quote"}
        delivering = ConsentShown(
            Purpose.DELIVER,
            True,
            str(_("Deliver my letter to my representatives.")),
            CONSENT_VERSION,
            language,
        )
        return [
            delivering,
            *(
                ConsentShown(
                    purpose, bool(self.cleaned_data[field]), str(CONSENTS[purpose]), CONSENT_VERSION, language
                )
                for purpose, field in ticked.items()
            ),
        ]
