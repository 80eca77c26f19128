"""What is asked to invite a partner, to become one, and of one."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from campaigns.actions.partner_invitations import NewOrganization, Offer
from campaigns.forms.layout import InSections, Layout, day
from campaigns.models import Campaign, PartnerInvitation, Partnership
from contacts.addresses import BadAddress, canonical_email
from contacts.models import Organization

_UNTIL = {
    "until": _(
        "The last day, to its end on your organisation’s clock. Both sides get a mail a week before. Empty: until one "
        "of both ends it."
    )
}
_OFFERED = ("role", "sees_supporters", "until", "terms")


def default_terms(campaign: Campaign) -> str:
    """A text to begin with, in the language that is set; whoever invites changes it as they need."""
    names = {"lead": campaign.organization.name, "title": campaign.title}
    return (
        _t(
            "1. %(lead)s runs the campaign “%(title)s” and answers for its text, its letters and its data. "
            "The partner passes it on under its own name, on a page of its own.\n\n"
            "2. Everybody who signs is counted once, by whichever page they came. The partner sees the joint numbers "
            "and how many came by its page.\n\n"
            "3. Supporters say for each organisation whether it may write to them. Where these terms show the partner "
            "supporters, it sees those who chose it, with name, mail address and postal code, and nobody else. A "
            "letter is delivered whatever they choose.\n\n"
            "4. The partner writes to those people about this campaign and others like it, gives their data to nobody, "
            "keeps it safe, and stops at once when somebody says so. For what it does with the data it answers itself, "
            "under its own privacy notice.\n\n"
            "5. Neither side speaks in the other’s name without asking.\n\n"
            "6. Either side may end this at any time, without a reason. The partner’s access ends with the same "
            "moment. What it exported before, it deletes within 30 days unless the person agreed to more."
        )
        % names
    )


class OfferForm(InSections, forms.ModelForm):
    """The terms of an invitation."""

    layout: ClassVar[Layout] = [
        (_("Its part"), ["role", "sees_supporters", "until"]),
        (_("What is signed off"), ["terms"]),
    ]

    class Meta:
        model = PartnerInvitation
        fields = list(_OFFERED)
        widgets = {"until": day(), "terms": forms.Textarea(attrs={"rows": 18})}
        labels = {"sees_supporters": _("It sees the supporters who chose it")}
        help_texts = _UNTIL

    def offer(self) -> Offer:
        return Offer(**{name: self.cleaned_data[name] for name in _OFFERED})


class InviteForm(OfferForm):
    """Whom to ask, and to which terms."""

    layout: ClassVar[Layout] = [
        (_("Whom you invite"), ["organization_name", "email language"]),
        *OfferForm.layout,
    ]
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    class Meta(OfferForm.Meta):
        fields = ["organization_name", "email", "language", *_OFFERED]
        help_texts = {
            **_UNTIL,
            "email": _("Of somebody who may sign for it. The link in the mail opens the terms."),
        }

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        try:
            canonical_email(email)
        except BadAddress:
            raise forms.ValidationError(_("This is no mail address that can be written to.")) from None
        return email


class EndForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("The partner’s owners get it by mail."),
    )


class NewOrganizationForm(forms.Form):
    """The partner's organisation as it is made by accepting."""

    name = forms.CharField(label=_("Name of your organisation"), max_length=120)
    email = forms.EmailField(
        label=_("Public mail address"), max_length=254, help_text=_("Supporters see it and may answer to it.")
    )
    website = forms.URLField(label=_("Website"), max_length=200, assume_scheme="https")
    privacy_url = forms.URLField(
        label=_("Address of your privacy notice"),
        max_length=200,
        assume_scheme="https",
        help_text=_("Supporters are shown it before they choose you."),
    )
    owner_name = forms.CharField(
        label=_("Your own name"), max_length=120, help_text=_("It stands under the terms.")
    )
    agreed = forms.BooleanField(label=_("I may sign for this organisation, and I accept the terms above."))

    def new(self) -> NewOrganization:
        return NewOrganization(**{n: v for n, v in self.cleaned_data.items() if n != "agreed"})


class JoinForm(forms.Form):
    """Which of the organisations that somebody owns takes part."""

    organization = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organization.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label=_("I may sign for this organisation, and I accept the terms above."))

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organization"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # declared above
        field.queryset = organizations
        if len(organizations) == 1:
            field.initial = organizations[0]


class WelcomeForm(forms.ModelForm):
    class Meta:
        model = Partnership
        fields = ["welcome"]
        widgets = {"welcome": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "welcome": _(
                "Shown on your page of the campaign, above the form. Plain text, 600 characters at most."
            )
        }
