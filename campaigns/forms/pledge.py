import re
import secrets
import unicodedata
from datetime import timedelta
from functools import partial

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.html import escape
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from campaigns.actions.pledges import ConsentShown
from campaigns.delivery.addressees import demanded
from campaigns.doubts import is_rushed, puzzle
from campaigns.forms.letter import LongText, MailField
from campaigns.forms.offers import offer
from campaigns.forms.partner_boxes import box, chosen, name_of, privacy_link, writes
from campaigns.kept_pages import Own, a_place
from campaigns.models import Campaign, Event, Partnership
from campaigns.partners_now import partners_of
from contacts.clock import roughly_now
from contacts.matching import normal_code
from contacts.models import Purpose

CONSENT_VERSION = "1"
# A page sent sooner than a person can type, or a day later, is shown once more with all that was typed.
LEAST, MOST = timedelta(seconds=1.5), timedelta(hours=24)
_SALT = "outspoken.form"
_ADDRESS_IN_NAME = re.compile(r"://|www\.|@|\w\.(com|net|org|info|ru|xyz|top)\b", re.IGNORECASE)
# Persian and several Indian languages spell names with these two; other invisible characters are refused.
_JOINERS = {"\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"}

# The words a supporter sees beside each box; they are kept with the consent.
CONSENTS = {
    Purpose.CONTACT: _("You may write to me about this campaign and others like it."),
    Purpose.NAME: _("You may show my name among those who signed."),
    Purpose.STORY: _("You may quote my words, with my first name and town, in briefs to representatives."),
}


def form_token(owner: Campaign | Event) -> str:
    """A signed note of when the form was shown, so that one page can't be sent for ever."""
    return signing.dumps([str(owner.pk), roughly_now().timestamp(), secrets.token_urlsafe(12)], salt=_SALT)


def read_token(token: str, owner: Campaign | Event) -> tuple[timedelta, str]:
    """How long ago the page with a form was opened, and the page's own name; MOST for no page of this owner."""
    try:
        owner_id, shown_at, nonce = signing.loads(token, salt=_SALT)
        age = timedelta(seconds=roughly_now().timestamp() - shown_at)
    except (signing.BadSignature, ValueError, TypeError):
        return MOST, ""
    return (age if owner_id == str(owner.pk) else MOST), nonce


def clean_words(text: str, most: int) -> str:
    """One line of text as a letter or mail may carry it. Raises ValidationError."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in _JOINERS for c in text):
        raise forms.ValidationError(_("Please write letters only; there is an invisible character in it."))
    if len(text) > most:  # composing characters can make a text longer
        raise forms.ValidationError(_("Please shorten it: at most %(most)s characters.") % {"most": most})
    return text


def clean_name(name: str) -> str:
    """A name as a mail may carry it. Raises ValidationError."""
    name = clean_words(name, 80)
    if _ADDRESS_IN_NAME.search(name):
        raise forms.ValidationError(_("Please write a name, not an address."))
    if not any(c.isalpha() for c in name):
        raise forms.ValidationError(_("Please write your name with letters."))
    return name


def full_name(name: str, *, both: bool) -> str:
    """A name; where an office demands first and last, `both`. Raises ValidationError."""
    name = clean_name(name)
    if both and len(name.split()) < 2:
        raise forms.ValidationError(_("Please write first and last name: the office asks for both."))
    return name


def clean_code(country: str, code: str) -> str:
    """A postal code as it is looked up. Raises ValidationError."""
    code = normal_code(country, code)
    if not re.fullmatch(r"[0-9A-Z]{2,10}", code):
        raise forms.ValidationError(_("This is not a postal code."))
    return code


def consent_words(campaign: Campaign, purpose: Purpose) -> str:
    """What somebody agrees to, in the language spoken now; where partners ask, too, each says who writes."""
    if purpose == Purpose.CONTACT and any(one.sees_supporters for one in partners_of(campaign)):
        return writes(campaign.organization)
    return str(CONSENTS[purpose])


# What congressional forms accept (CWC), and none.
TITLES = [
    ("", _("No title")),
    ("Ms.", _("Ms.")),
    ("Mr.", _("Mr.")),
    ("Mrs.", _("Mrs.")),
    ("Miss", _("Miss")),
    ("Dr.", _("Dr.")),
]


class PledgeForm(forms.Form):
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
        label=_("Title"),
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
        label=_("Send the suggested letter if I do not change it."),
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
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    # The one it was shown in: what is agreed to is kept in the words that were read, whatever was chosen since.
    language = forms.CharField(widget=forms.HiddenInput, required=False, initial=get_language)
    source = forms.CharField(widget=forms.HiddenInput, required=False)
    proof = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    # Nobody sees this field; what fills it is no person.
    website = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: object,
        campaign: Campaign,
        embedded: bool = False,
        host: str = "",
        partner: Partnership | None = None,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
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
        self.is_robot = False
        self.nonce = ""
        # While very many sign, browsers work out a proof; empty when none is asked for.
        self.puzzle = puzzle() if is_rushed(campaign) else ""
        self.fields["token"].initial = lambda: form_token(campaign)
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
        source: str = self.cleaned_data["source"]
        return source if re.fullmatch(r"[-A-Za-z0-9_]{1,40}", source) else ""

    def clean_postal_code(self) -> str:
        return clean_code(self.campaign.organization.country, self.cleaned_data["postal_code"])

    def clean_language(self) -> str:
        given = self.cleaned_data["language"]
        return given if given in dict(settings.LANGUAGES) else get_language() or self.campaign.language

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        self.is_robot = bool(data.get("website"))
        age, self.nonce = read_token(data.get("token") or "", self.campaign)
        if age >= MOST:
            self.renew()
            raise forms.ValidationError(_("The page was open for a long time. Please send it once more."))
        if age < LEAST and not self.errors:
            raise forms.ValidationError(_("That was very quick. Please look it over and send it once more."))
        return data

    def leave_open(self) -> Own:
        """Leave out of a page what is each visitor's own, to be written in when it is handed out."""
        token, puzzle_ = a_place(), a_place()
        self.fields["token"].initial = token
        own: Own = {token: partial(form_token, self.campaign)}
        if self.puzzle:
            self.puzzle = puzzle_
            own[puzzle_] = lambda: escape(puzzle())
        return own

    def renew(self) -> None:
        """Give the page that is shown now a fresh token; what was typed stays."""
        self.data = {**dict(self.data.items()), "token": form_token(self.campaign)}

    def consents(self) -> list[ConsentShown]:
        """Each consent with the words that were shown, and whether it was ticked."""
        language = self.cleaned_data["language"]
        with override(language):
            return self._consents_in(language)

    def _consents_in(self, language: str) -> list[ConsentShown]:
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
                    purpose,
                    bool(self.cleaned_data[field]),
                    consent_words(self.campaign, purpose),
                    CONSENT_VERSION,
                    language,
                )
                for purpose, field in ticked.items()
            ),
            *chosen([one for one in self.partners if self.cleaned_data[name_of(one)]]),
        ]
