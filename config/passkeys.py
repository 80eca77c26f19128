from allauth.mfa.webauthn import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _


class AddPasskey(allauth_forms.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey with a name; it signs in by itself unless its owner wants it as a second factor only."""

    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    passwordless = forms.BooleanField(
        label=_("Sign in with it without a password"),
        required=False,
        initial=True,
        help_text=_("The device then asks for fingerprint, face or PIN each time. Old security keys can't."),
    )


class RenamePasskey(allauth_forms.EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    name = forms.CharField(label=_("Name"), max_length=60)
