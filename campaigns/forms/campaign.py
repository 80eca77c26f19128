from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.errors import UnknownMergeField
from campaigns.letters.compose import check
from campaigns.models import Campaign, CampaignOutcome, LetterVersion, RuleKind, TargetGroup, TargetRule
from contacts.models import Chamber, ChamberKind, Organization, Post
from policy.models import Issue, Measure


class CampaignForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = Campaign
        fields = ["issue", "measure", "title", "ask", "why", "slug", "goal", "language", "ask_street", "allow_households", "editing_minutes"]

    def __init__(self, *args: object, organization: Organization, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.organization = organization
        self.fields["issue"].queryset = Issue.objects.filter(organization=organization)  # type: ignore[attr-defined]
        self.fields["measure"].queryset = Measure.objects.filter(organization=organization)  # type: ignore[attr-defined]
        self.fields["slug"].help_text = _("Lower-case letters, digits and hyphens; part of the page's address.")

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        same = Campaign.objects.filter(organization=self.organization, slug=slug).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("Another campaign of yours has this address."))
        return slug


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What came of it"), choices=CampaignOutcome.choices, required=False)
    outcome_text = forms.CharField(
        label=_("What changed"), required=False, help_text=_("Markdown; shown on the page."), widget=forms.Textarea(attrs={"rows": 4})
    )


class TargetGroupForm(forms.ModelForm):
    class Meta:
        model = TargetGroup
        fields = ["name", "order", "is_fallback"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = TargetGroup.objects.filter(campaign=self.instance.campaign, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("Another group has this name."))
        return name


class TargetRuleForm(forms.ModelForm):
    class Meta:
        model = TargetRule
        fields = ["kind", "chamber", "post", "exclude"]

    def __init__(self, *args: object, campaign: Campaign, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        chambers = Chamber.objects.filter(ended_on__isnull=True).select_related("jurisdiction")
        posts = Post.objects.order_by("label")
        if campaign.measure:
            chambers = chambers.filter(jurisdiction=campaign.measure.jurisdiction_id)
            posts = posts.filter(chamber__jurisdiction=campaign.measure.jurisdiction_id)
        self.fields["chamber"].queryset = chambers.order_by("kind", "name")  # type: ignore[attr-defined]
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]
        self.fields["chamber"].required = self.fields["post"].required = False
        self.campaign = campaign

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, chamber, post = data.get("kind"), data.get("chamber"), data.get("post")
        if kind == RuleKind.FIXED:
            data["chamber"] = None
            if post is None:
                self.add_error("post", _("Choose the post."))
        else:
            data["post"] = None
            if chamber is None:
                self.add_error("chamber", _("Choose the chamber or committee."))
            elif (kind == RuleKind.COMMITTEE) != (chamber.kind == ChamberKind.COMMITTEE):
                self.add_error("chamber", _("This rule needs a committee.") if kind == RuleKind.COMMITTEE else _("This rule needs a chamber, not a committee."))
        if kind == RuleKind.UNDECIDED and self.campaign.measure is None:
            self.add_error("kind", _("Stances are about a measure, and this campaign has none."))
        return data


class LetterVersionForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = LetterVersion
        fields = ["language", "subject", "salutation", "opening", "talking_points", "closing"]

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        same = LetterVersion.objects.filter(group=self.instance.group, language=language).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("This group has a letter in that language already."))
        return language

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for field in ("subject", "salutation", "opening", "talking_points", "closing"):
            try:
                check(str(data.get(field, "")), office_fields=field in {"subject", "salutation"})
            except UnknownMergeField as fact:
                self.add_error(field, str(fact.message))
        return data
