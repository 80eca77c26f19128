from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import escape
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaigns import sources
from campaigns.actions.pledges import ConsentShown
from campaigns.delivery.addressees import demanded
from campaigns.doubts import is_rushed, puzzle
from campaigns.forms.consents import CONSENTS, SEND_UNTOUCHED, consent_words, consents_shown
from campaigns.forms.entered import TITLES, clean_postal_code, clean_words, full_name
from campaigns.forms.letter import LongText, MailField
from campaigns.forms.offers import offer
from campaigns.forms.partner_boxes import box, name_of, privacy_link
from campaigns.forms.stamped import StampedForm, honey, quickly_made
from campaigns.kept_pages import Own, a_place
from campaigns.models import Campaign, Partnership
from campaigns.partners_now import partners_of
from contacts.models import Purpose

# The box of each consent.
BOXES = {Purpose.CONTACT: "contact", Purpose.NAME: "show_name", Purpose.STORY: "quote"}


@quickly_made
class PledgeForm(StampedForm):
    """What a supporter enters to sign."""

    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = MailField(
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
    title = forms.ChoiceField(
        label=pgettext_lazy("before a person's name", "Title"),
        choices=TITLES,
        required=False,
        help_text=_("Some offices ask for one."),
        widget=forms.Select(attrs={"autocomplete": "honorific-prefix", "class": "input-short"}),
    )
    street = forms.CharField(
        label=_("Street and number"),
        max_length=160,
        help_text=_("Offices want to know that you live there."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    comment = LongText(
        label=_("Why does it matter to you?"),
        max_length=1000,
        required=False,
        help_text=_("A sentence of your own, if you like."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    send_untouched = forms.BooleanField(
        label=SEND_UNTOUCHED,
        required=False,
        help_text=_("You can still edit it after you confirm. A letter in your own words counts for more."),
    )
    contact = forms.BooleanField(label=CONSENTS[Purpose.CONTACT], required=False)
    show_name = forms.BooleanField(label=CONSENTS[Purpose.NAME], required=False)
    quote = forms.BooleanField(label=CONSENTS[Purpose.STORY], required=False)
    old_enough = forms.BooleanField()
    sign_anyway = forms.BooleanField(
        label=_("My postal code is right. Sign without a letter."), required=False
    )
    # The one it was shown in: what is agreed to is kept in the words that were read, whatever was chosen since.
    language = forms.CharField(widget=forms.HiddenInput, required=False, initial=get_language)
    source = forms.CharField(widget=forms.HiddenInput, required=False)
    proof = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    website = honey()

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        embedded: bool = False,
        host: str = "",
        partner: Partnership | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, owner=campaign, **kwargs)
        self.campaign = campaign
        # By whose page it is signed; that partner's box comes first.
        self.partner = partner
        self.partners = sorted(
            (one for one in partners_of(campaign) if one.sees_supporters),
            key=lambda one: partner is None or one.pk != partner.pk,
        )
        for one in self.partners:
            self.fields[name_of(one)] = box(one)
        if self.partners:
            self.fields["contact"].label = consent_words(campaign, Purpose.CONTACT)
            self.fields["contact"].help_text = privacy_link(campaign.organization)
        # Whether it stands inside another site's page, and inside whose.
        self.is_embedded, self.host = embedded, host
        # While very many sign, browsers work out a proof; empty when none is asked for.
        self.puzzle = puzzle() if is_rushed(campaign) else ""
        if campaign.minimum_age:
            self.fields["old_enough"].label = _("I am at least %(age)s years old.") % {
                "age": campaign.minimum_age
            }
        else:
            del self.fields["old_enough"]
        # What an office demands is asked here: without it nothing could be sent there.
        needed = demanded(campaign)
        if not campaign.ask_street and not needed:
            del self.fields["title"], self.fields["street"]
        if "prefix" in needed:
            self.fields["title"].required = True
            offer(self, "title", choices=TITLES[1:], empty=_("Please choose"))
            self.fields["title"].help_text = _("Your representative’s office takes no letter without one.")
        if "city" in needed:
            self.fields["city"].required = True

    def who_may_write(self) -> list[forms.BoundField]:
        """A box for each partner that asks, and one for the campaign's own organisation; nothing where none asks."""
        boxes = [self[name_of(one)] for one in self.partners]
        if not boxes:
            return []
        first = 1 if self.partner is not None and self.partner.pk == self.partners[0].pk else 0
        return [*boxes[:first], self["contact"], *boxes[first:]]

    @property
    def was_asked_proof(self) -> bool:
        """Whether the page that was sent asked for a proof, found or not."""
        return "proof" in self.data

    def clean_name(self) -> str:
        return full_name(
            self.cleaned_data["name"], both="title" in self.fields and self.fields["title"].required
        )

    def clean_city(self) -> str:
        return clean_words(self.cleaned_data["city"], 80)

    def clean_street(self) -> str:
        return clean_words(self.cleaned_data["street"], 160)

    def clean_source(self) -> str:
        """Where the signer came from; what is no code of ours says nothing and is dropped."""
        return sources.clean_code(self.cleaned_data["source"])

    def clean_postal_code(self) -> str:
        return clean_postal_code(self.campaign.organization.country, self.cleaned_data["postal_code"])

    def clean_language(self) -> str:
        given = self.cleaned_data["language"]
        return given if given in dict(settings.LANGUAGES) else get_language() or self.campaign.language

    def leave_open(self) -> Own:
        own = super().leave_open()
        if self.puzzle:
            self.puzzle = a_place()
            own[self.puzzle] = lambda: escape(puzzle())
        return own

    def consents(self) -> list[ConsentShown]:
        """Each consent with the words that were shown, and whether it was ticked."""
        ticked = [purpose for purpose, name in BOXES.items() if self.cleaned_data[name]]
        partners = [one for one in self.partners if self.cleaned_data[name_of(one)]]
        with override(self.cleaned_data["language"]):
            return consents_shown(self.campaign, ticked, partners)
