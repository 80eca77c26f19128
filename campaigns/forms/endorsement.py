"""What is entered of an organisation that supports a campaign: by itself, or by people who work here."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from campaigns.actions.endorsements import Contact, Shown, fingerprint
from campaigns.doubts import is_disposable
from campaigns.endorsement_rows import MOST_BYTES, MOST_ROWS, Found, read
from campaigns.forms.entered import clean_name, clean_words
from campaigns.forms.letter import MailField
from campaigns.forms.rows import RowsForm
from campaigns.forms.stamped import StampedForm, honey
from campaigns.models import Endorsement
from campaigns.models.endorsement import name_key
from policy.actions.logos import MOST_BYTES as MOST_LOGO_BYTES
from policy.actions.logos import drawn_anew
from policy.errors import LogoRefused


class EndorsementFields(forms.Form):
    """What is shown of it."""

    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    website = forms.URLField(
        label=_("Website"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url", "placeholder": "https://"}),
    )
    place = forms.CharField(
        label=_("Place"),
        max_length=120,
        required=False,
        help_text=_("A town or region, where it is at home."),
    )
    statement = forms.CharField(
        label=_("Why you support it, in a sentence"),
        max_length=280,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG or JPEG, up to 1 MB. It is drawn anew on white, and shown beside the name."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    drop_logo = forms.BooleanField(label=_("Take the logo out"), required=False)

    def __init__(self, *args: Any, endorsement: Endorsement | None = None, **kwargs: Any) -> None:
        if endorsement is not None:
            names = ("name", "website", "place", "statement")
            kwargs["initial"] = {name: getattr(endorsement, name) for name in names}
        super().__init__(*args, **kwargs)
        if endorsement is None or not endorsement.logo_hash:
            del self.fields["drop_logo"]

    def clean_name(self) -> str:
        name = clean_words(self.cleaned_data["name"], 120)
        if not name_key(name):
            raise forms.ValidationError(_("Please write its name with letters."))
        return name

    def clean_place(self) -> str:
        return clean_words(self.cleaned_data["place"], 120)

    def clean_statement(self) -> str:
        return clean_words(self.cleaned_data["statement"], 280)

    def clean_website(self) -> str:
        website: str = self.cleaned_data["website"]
        if website and not website.lower().startswith(("https://", "http://")):
            raise forms.ValidationError(_("It has to begin with https:// or http://."))
        return website

    def clean_logo(self) -> bytes | None:
        """The logo drawn anew, as PNG; None without one."""
        file = self.cleaned_data["logo"]
        if not file:
            return None
        if file.size > MOST_LOGO_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        try:
            return drawn_anew(file.read())
        except LogoRefused as fact:
            raise forms.ValidationError(str(fact)) from None

    def shown(self) -> Shown:
        data = self.cleaned_data
        names = ("name", "website", "place", "statement", "logo")
        return Shown(**{name: data[name] for name in names}, drop_logo=data.get("drop_logo", False))


class EndorsementEditForm(EndorsementFields):
    """The same from somebody who works here, with what they saw when they opened it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, endorsement: Endorsement, **kwargs: Any) -> None:
        super().__init__(*args, endorsement=endorsement, **kwargs)
        self.fields["seen"].initial = fingerprint(endorsement)

    def keep_beside(self, stored: Endorsement) -> None:
        """What was typed stays, with what somebody else made of it meanwhile beside it; sent again, it stands."""
        self.add_error(
            None,
            _t(
                "Somebody changed it meanwhile. What you typed is still here, and what it says now stands beside it. "
                "Save again to put yours in its place; a picture has to be chosen again."
            ),
        )
        for name in ("name", "website", "place", "statement"):
            if (now := getattr(stored, name)) != self.cleaned_data.get(name):
                self[name].help_text = _t("It says now: %(text)s") % {"text": now or "–"}
        self.data = {name: self.data[name] for name in self.data} | {"seen": fingerprint(stored)}


class EndorseForm(EndorsementFields, StampedForm):
    """The same from anybody, with who asks."""

    contact_name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("Only the organisation that runs this campaign sees it, and your address."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = MailField(
        label=_("Your mail address there"),
        max_length=254,
        help_text=_("We send one mail to confirm, and one when it was looked at."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    may_speak = forms.BooleanField(label=_("I may speak for this organisation in this."))
    # Websites are asked for.
    trap = "fax"
    fax = honey()

    def clean_name(self) -> str:
        """Anybody can have a mail sent with this name in it, to anybody: it may not lead anywhere."""
        name = super().clean_name()
        plain = unicodedata.normalize("NFKC", name).casefold()
        if any(sign in plain for sign in ("://", "www.", "@")):
            raise forms.ValidationError(_("Please write a name, not an address."))
        return name

    def clean_contact_name(self) -> str:
        return clean_name(self.cleaned_data["contact_name"])

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if is_disposable(email):
            raise forms.ValidationError(
                _("Please give an address that lasts: its mails are how you change it.")
            )
        return email

    def contact(self) -> Contact:
        data = self.cleaned_data
        return Contact(data["contact_name"], data["email"], get_language() or self.owner.language)


class ReasonForm(forms.Form):
    """Why it is not shown: in the mail to its person, word for word."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("Its person is sent these words."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_reason(self) -> str:
        return clean_words(self.cleaned_data["reason"], 300)


class EndorsementImportForm(RowsForm[Found]):
    file = forms.FileField(label=_("File"), help_text=_("A table (.csv)."))
    most_bytes = MOST_BYTES

    def rows_of(self, data: bytes, name: str) -> Found:
        return read(data, name, MOST_ROWS)
