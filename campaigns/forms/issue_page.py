from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offers import offer
from policy.actions.issue_pages import MOST_BYTES
from policy.models import Issue, Myth


class MythForm(forms.ModelForm):
    class Meta:
        model = Myth
        fields = ["myth", "fact", "evidence"]
        widgets = {"myth": forms.Textarea(attrs={"rows": 2}), "fact": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "myth": _("As people say it. It is marked as a myth, for readers who listen, too."),
            "fact": _("Say what is so, before anything else; don’t repeat the myth in it."),
            "evidence": _("A fact needs a source: add the evidence first if it is not here."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "evidence", self.instance.issue.evidence.all(), empty=_("Choose what shows it"))


class ShareTextForm(forms.Form):
    """What readers may pass on in one language; empty fields take it away."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    headline = forms.CharField(
        label=_("Words on the picture"),
        max_length=120,
        required=False,
        help_text=_(
            "A sentence. The picture is drawn from it, and it describes the picture to who can’t see it."
        ),
    )
    text = forms.CharField(
        label=_("Text to copy"),
        max_length=500,
        required=False,
        help_text=_(
            "The address of the page is added. Empty, with no words on the picture, takes the language away."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.issue = issue

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("headline")) != bool(data.get("text")) and not self.errors:
            self.add_error(
                "text" if data.get("headline") else "headline", _("Fill in both, or leave both empty.")
            )
        return data


class ToolkitForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    file = forms.FileField(label=_("File"), help_text=_("A PDF or a zip file, at most 5 MB."))

    def content(self) -> bytes:
        """The file that was sent, one byte more than may be kept at most."""
        return bytes(self.cleaned_data["file"].read(MOST_BYTES + 1))
