from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.actions.letters import MAX_BODY, MAX_SUBJECT


class LetterForm(forms.Form):
    """A supporter's subject and text for the letters of one version."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=MAX_SUBJECT,
        required=False,
        help_text=_("Leave it empty to use the suggested one."),
    )
    body = forms.CharField(
        label=_("Your letter"),
        max_length=MAX_BODY,
        help_text=_("The greeting and your name and address are added for each office."),
        widget=forms.Textarea(attrs={"rows": 14, "class": "input-tall", "spellcheck": "true", "data-preview": ""}),
    )


class AddressForm(forms.Form):
    """A mail address to send a link to."""

    email = forms.EmailField(
        label=_("Mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
