from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.actions.letters import MAX_BODY, MAX_SUBJECT
from contacts.addresses import BadAddress, canonical_email


class LongText(forms.CharField):
    """A text of several lines. Browsers send each line break as two characters; it counts as one."""

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class MailField(forms.EmailField):
    """A mail address that we can also bring into its canonical form."""

    def clean(self, value: object) -> str:
        email: str = super().clean(value)
        if email:
            try:
                canonical_email(email)
            except BadAddress:
                raise forms.ValidationError(_("This is not a mail address we can write to.")) from None
        return email


class LetterForm(forms.Form):
    """A supporter's subject and text for the letters of one version."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=MAX_SUBJECT,
        required=False,
        help_text=_("Leave it empty to use the suggested one."),
    )
    body = LongText(
        label=_("Your letter"),
        max_length=MAX_BODY,
        help_text=_("The greeting and your name and address are added for each office."),
        widget=forms.Textarea(
            attrs={"rows": 14, "class": "input-tall", "spellcheck": "true", "data-preview": ""}
        ),
    )


class AddressForm(forms.Form):
    """A mail address to send a link to."""

    email = MailField(
        label=_("Mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
