from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.errors import UnknownMergeField
from campaigns.forms.layout import SHORT
from campaigns.forms.offers import offer
from campaigns.letters.compose import check, cited_in, fields_for
from campaigns.letters.first_words import first_words
from campaigns.models import Campaign, LetterVersion, RuleKind, TargetGroup, TargetRule
from contacts.models import Chamber, ChamberKind, Post


class TargetGroupForm(forms.ModelForm):
    class Meta:
        model = TargetGroup
        fields = ["name", "order", "is_fallback"]
        labels = {"order": _("Place in the order")}
        help_texts = {
            "order": _(
                "Somebody whom several groups name gets the letter of the group with the lowest number."
            )
        }

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = TargetGroup.objects.filter(campaign=self.instance.campaign, name=name)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another group has this name."))
        return name


class ChamberChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.jurisdiction.name})" if obj.jurisdiction.name not in obj.name else obj.name


class TargetRuleForm(forms.ModelForm):
    """One kind of rule, with only the choices that this kind has."""

    chamber = ChamberChoice(label=_("Chamber"), queryset=Chamber.objects.none(), empty_label=_("Choose"))
    post = forms.ModelChoiceField(label=_("Post"), queryset=Post.objects.none(), empty_label=_("Choose"))

    class Meta:
        model = TargetRule
        fields = ["kind", "chamber", "post", "exclude"]
        widgets = {"kind": forms.HiddenInput}

    def __init__(self, *args: Any, campaign: Campaign, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, prefix=kind, initial={"kind": kind})  # type: ignore[misc]
        self.kind = kind
        self.campaign = campaign
        self.fields["kind"].disabled = True
        chambers = Chamber.objects.filter(ended_on__isnull=True).select_related("jurisdiction")
        posts = Post.objects.order_by("label")
        if campaign.measure:
            chambers = chambers.filter(jurisdiction=campaign.measure.jurisdiction_id)
            posts = posts.filter(chamber__jurisdiction=campaign.measure.jurisdiction_id)
        else:
            country = campaign.organization.country
            chambers = chambers.filter(jurisdiction__division__country=country)
            posts = posts.filter(division__country=country)
        if kind == RuleKind.FIXED:
            del self.fields["chamber"]
            offer(self, "post", posts)
            return
        del self.fields["post"]
        committees = chambers.filter(kind=ChamberKind.COMMITTEE)
        wanted = committees if kind == RuleKind.COMMITTEE else chambers.exclude(kind=ChamberKind.COMMITTEE)
        offer(self, "chamber", wanted.order_by("jurisdiction__name", "name"))
        if kind == RuleKind.COMMITTEE:
            self.fields["chamber"].label = _("Committee")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.kind == RuleKind.UNDECIDED and self.campaign.measure is None:
            self.add_error("chamber", _("Stances are about a measure, and this campaign has none."))
        same = self.instance.group.rules.filter(
            kind=self.kind,
            chamber=data.get("chamber"),
            post=data.get("post"),
            exclude=data.get("exclude", False),
        )
        if not self.errors and same.exists():
            raise forms.ValidationError(_("This rule is there already."))
        return data


class SubjectTrialForm(forms.Form):
    """A second subject of a letter, and who gets it."""

    subject = forms.CharField(
        label=_("Second subject"),
        max_length=140,
        help_text=_(
            "Everything else of the letter stays the same. The fields of the first subject may stand in it."
        ),
    )
    share = forms.IntegerField(
        label=_("Share of people who get it, in percent"),
        min_value=0,
        max_value=100,
        help_text=_("50 compares best. 0 ends the trial with the first subject, 100 with the second."),
        widget=forms.NumberInput(attrs={"class": "input-short"}),
    )

    def clean_subject(self) -> str:
        subject: str = " ".join(self.cleaned_data["subject"].split())
        try:
            check(subject, office_fields=True)
        except UnknownMergeField as fact:
            raise forms.ValidationError(str(fact.message)) from None
        return subject


class LetterVersionForm(forms.ModelForm):
    _TEXTS = ("subject", "salutation", "opening", "talking_points", "closing")

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = LetterVersion
        fields = ["language", "subject", "salutation", "opening", "talking_points", "closing"]
        widgets = {
            "opening": forms.Textarea(attrs={"rows": 9}),
            "talking_points": forms.Textarea(attrs={"rows": 5}),
            "closing": forms.Textarea(attrs=SHORT),
        }
        help_texts = {
            "opening": _("What the letter says. Supporters may change it."),
            "closing": _("The last sentence. Name and address follow by themselves."),
        }

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        same = LetterVersion.objects.filter(group=self.instance.group, language=language)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This group has a letter in that language already."))
        return language

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._follow_language(data)
        offered = fields_for(self.instance.group.campaign)
        # All that is wrong is told at once: an error takes its field out of the data.
        texts = {name: str(data.get(name, "")) for name in self._TEXTS}
        for field, text in texts.items():
            is_line = field in {"subject", "salutation"}
            try:
                check(text, office_fields=is_line, offered=offered)
            except UnknownMergeField as fact:
                self.add_error(field, str(fact.message))
        self._cite(texts, data.get("language") or self.instance.language)
        return data

    def _follow_language(self, data: dict[str, Any]) -> None:
        """What a new letter begins with and nobody has touched goes along with the language that is chosen."""
        if self.instance._state.adding and "language" in data and "language" in self.changed_data:
            words = first_words(self.instance.group.campaign, data["language"])
            data.update({name: text for name, text in words.items() if name not in self.changed_data})

    def _cite(self, texts: dict[str, str], language: str) -> None:
        """What the texts cite, for the preview; each unknown name is an error of its field."""
        organization = self.instance.group.campaign.organization
        cited: dict[str, str] = {}
        for field in ("opening", "talking_points", "closing"):
            try:
                cited |= cited_in(organization, language, texts[field])
            except UnknownMergeField as fact:
                self.add_error(field, str(fact.message))
        self.instance.cited = cited
