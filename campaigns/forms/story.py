"""What somebody enters to tell a story, to change it, and to say who may read it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import formats
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.forms.entered import clean_name, clean_postal_code, clean_words
from campaigns.forms.letter import LongText, MailField
from campaigns.forms.offers import offer
from campaigns.stories import pictures
from campaigns.stories.consents import BRIEFS, WHERE, YEARS, Agreed, in_years
from campaigns.stories.content import NAMED, NOTES, Words
from contacts.clock import today
from contacts.models import Organization
from policy.models import Issue

LEAST, MOST = 40, 6000
LENGTH = format_lazy(_("At least {least} characters, about a sentence."), least=LEAST)
# Django fills in the numbers.
TOO_SHORT = _("Please write a little more: at least %(limit_value)d characters. You have %(show_value)d.")


class StoryFields(forms.Form):
    """The story itself."""

    text = LongText(
        label=_("Your story"),
        min_length=LEAST,
        max_length=MOST,
        help_text=format_lazy(
            "{} {}",
            _(
                "What happened, what helped or was missing, and what should change. "
                "Say only what you are glad to have said: no need for names, dates or how somebody was hurt."
            ),
            LENGTH,
        ),
        error_messages={"min_length": TOO_SHORT},
        widget=forms.Textarea(
            attrs={"rows": 12, "class": "input-tall", "spellcheck": "true", "autocomplete": "off"}
        ),
    )
    notes = forms.MultipleChoiceField(
        label=_("It speaks of"),
        choices=list(NOTES.items()),
        required=False,
        help_text=_("Readers see this first, and choose whether they read on."),
        widget=forms.CheckboxSelectMultiple,
    )
    picture = forms.FileField(
        label=_("A picture"),
        required=False,
        help_text=_(
            "JPEG, PNG or WebP, up to 8 MB. Place, time and camera are taken out of it. No faces of others."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    picture_alt = forms.CharField(
        label=_("What the picture shows"),
        max_length=200,
        required=False,
        help_text=_("For readers who can’t see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    shown_as = forms.ChoiceField(
        label=_("How you want to be named"),
        choices=list(NAMED.items()),
        initial="nobody",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        required=False,
        help_text=_("Your own or another. Leave it empty if no name is to be shown."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        return clean_name(name) if name else ""

    def clean_picture_alt(self) -> str:
        return clean_words(self.cleaned_data["picture_alt"], 200)

    def clean_picture(self) -> bytes | None:
        """The picture drawn anew, as JPEG; None without one."""
        file = self.cleaned_data["picture"]
        if not file:
            return None
        if file.size > pictures.MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 8 MB."))
        try:
            return pictures.drawn_anew(file.read())
        except pictures.PictureRefused as fact:
            raise forms.ValidationError(str(fact.message)) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (
            data.get("shown_as") in {"name", "initials"}
            and not data.get("name")
            and "name" not in self.errors
        ):
            self.add_error("name", _("Write the name to show, or choose “No name”."))
        if data.get("picture") and not data.get("picture_alt") and "picture_alt" not in self.errors:
            self.add_error("picture_alt", _("Say in a few words what the picture shows."))
        return data

    def words(self, **more: Any) -> Words:
        """What is to be sealed."""
        data = self.cleaned_data
        names = ("text", "notes", "picture_alt", "shown_as", "name")
        return Words(**{name: data[name] for name in names}, **more)


class AgreeFields(forms.Form):
    """Who may read it, and until when."""

    where = forms.ChoiceField(
        label=_("Where may people read it?"),
        choices=list(WHERE.items()),
        initial="unnamed",
        widget=forms.RadioSelect,
    )
    in_briefs = forms.BooleanField(label=BRIEFS, required=False)
    years = forms.ChoiceField(
        label=_("For how long?"),
        choices=list(YEARS.items()),
        initial="2",
        help_text=_("Then it is deleted. You can take it back at any time before."),
        widget=forms.RadioSelect,
    )

    def agreed(self, source: str) -> Agreed:
        """What was agreed to, from today on."""
        data = self.cleaned_data
        until = in_years(today(), int(data["years"]))
        return Agreed(data["where"], data["in_briefs"], until, get_language() or "en", source)


class AgreeForm(AgreeFields):
    """The same for a story that was told: its end stays unless another is chosen."""

    def __init__(self, *args: Any, until: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.until = until
        keep = _("As it is: until %(day)s") % {"day": date_words(until)}
        offer(self, "years", choices=YEARS.items(), empty=keep)
        self.fields["years"].required = False
        self.fields["years"].initial = ""

    def agreed(self, source: str) -> Agreed:
        data = self.cleaned_data
        until = in_years(today(), int(data["years"])) if data["years"] else self.until
        return Agreed(data["where"], data["in_briefs"], until, get_language() or "en", source)


def date_words(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


class StoryForm(StoryFields, AgreeFields):
    """All that is asked when somebody tells a story."""

    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=12,
        required=False,
        help_text=_("Only your state or region is shown, so that legislators see it is from there."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "class": "input-short"}),
    )
    issue = forms.ChoiceField(label=_("What it is about"), required=False)
    email = MailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("For the link to confirm, change and take back your story. It is shown to nobody."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(
        self, *args: Any, organization: Organization, issues: Iterable[Issue] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        found = [(str(issue.pk), issue.title) for issue in issues]
        if found:
            offer(self, "issue", choices=found, empty=_("Something else"))
        else:
            del self.fields["issue"]

    def clean_postal_code(self) -> str:
        code = self.cleaned_data["postal_code"]
        return clean_postal_code(self.organization.country, code) if code else ""


class ChangeForm(StoryFields):
    """A story written anew; its picture stays unless another is chosen or it is taken out."""

    drop_picture = forms.BooleanField(label=_("Take the picture out"), required=False)
