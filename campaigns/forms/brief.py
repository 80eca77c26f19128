from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.forms.offers import offer
from campaigns.models import Campaign
from campaigns.sections import targets
from contacts.models import Legislator, Organization
from policy.models import BriefKind, BriefWording

# Not a kind of brief: a leave-behind for each legislator the campaign writes to, made as one job.
FOR_ALL = "for_all"

# A brief has words in each of them; its facts are in it where they are translated, else as they were recorded.
BRIEF_LANGUAGES = settings.LANGUAGES


class BriefForm(forms.Form):
    """Which brief: kind, campaign, language, paper; for a leave-behind then also for whom.

    The list of legislators is the chosen campaign's own, so it appears once the campaign is known.
    """

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            *BriefKind.of_campaigns(),
            (FOR_ALL, _("A leave-behind for everybody the campaign writes to")),
        ],
        widget=forms.RadioSelect,
    )
    campaign = forms.ModelChoiceField(label=_("Campaign"), queryset=Campaign.objects.none())
    language = forms.ChoiceField(label=_("Language"), choices=BRIEF_LANGUAGES)
    paper = forms.ChoiceField(
        label=_("Paper"), choices=[("letter", pgettext_lazy("paper", "Letter")), ("a4", _("A4"))]
    )
    legislator = forms.ModelChoiceField(
        label=_("For whom"),
        queryset=Legislator.objects.none(),
        required=False,
        help_text=_("Everybody this campaign writes to."),
    )

    def __init__(self, *args: Any, organization: Organization, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaigns = Campaign.objects.of(organization).select_related("organization", "issue", "measure")
        offer(self, "campaign", campaigns)
        self.asks_for_legislator = False
        campaign = self._chosen() if self._asks_for_a_seat() else None
        if campaign is None:
            del self.fields["legislator"]
        else:
            self._offer_legislators(campaign, on)

    def _asks_for_a_seat(self) -> bool:
        kind = self.data.get("kind")
        return kind in BriefKind.values and BriefKind(kind).is_of_a_seat

    def _chosen(self) -> Campaign | None:
        try:
            chosen: Campaign | None = self.fields["campaign"].clean(self.data.get("campaign"))
        except forms.ValidationError:
            return None
        return chosen

    def _offer_legislators(self, campaign: Campaign, on: date) -> None:
        held = [(post, seat) for post, seat in targets(campaign, on) if seat is not None]
        field = self.fields["legislator"]
        people = Legislator.objects.filter(pk__in={seat.legislator_id for _post, seat in held})
        labels = {seat.legislator_id: f"{seat.legislator.name}, {post.label}" for post, seat in held}
        offer(self, "legislator", people)
        field.label_from_instance = lambda person: labels[person.pk]  # type: ignore[attr-defined]
        field.required = True
        self.asks_for_legislator = "legislator" not in self.data

    def is_only_a_question(self) -> bool:
        """Whether the form was sent before the list was there: no mistake, only the next question."""
        if self.asks_for_legislator:
            self.errors.pop("legislator", None)
        return self.asks_for_legislator


class YearForm(forms.Form):
    """Of which year a report is made, in which language, on which paper."""

    year = forms.TypedChoiceField(
        label=_("Year"), coerce=int, help_text=_("Only what happened in it is counted, on your own clock.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    paper = forms.ChoiceField(
        label=_("Paper"), choices=[("letter", pgettext_lazy("paper", "Letter")), ("a4", _("A4"))]
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "year", choices=[(year, str(year)) for year in years])


class WordingForm(forms.ModelForm):
    """What a person writes for the briefs of a campaign in one language."""

    class Meta:
        model = BriefWording
        fields = ("summary", "points")
        help_texts = {
            "summary": _("Two or three sentences at the top of issue briefs and leave-behinds. Markdown."),
            "points": _("A list for the meeting, such as “- One number to call”. Markdown, no pictures."),
        }
        widgets = {"summary": forms.Textarea({"rows": 4}), "points": forms.Textarea({"rows": 10})}


class HandOverForm(forms.Form):
    """To whom a copy of a brief was given, and when."""

    to_whom = forms.CharField(
        label=_("To whom"),
        max_length=160,
        help_text=_("A person or an office. Only your organisation sees it."),
    )
    on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}))
