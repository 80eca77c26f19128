from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import DATE, SHORT, InSections, Layout
from contacts.models import Jurisdiction
from policy.models import Evidence, Issue, Measure, MeasureEvent, Resource


def _day() -> forms.DateInput:
    return forms.DateInput(attrs=DATE, format="%Y-%m-%d")


class IssueForm(forms.ModelForm):
    class Meta:
        model = Issue
        fields = ["title", "summary", "body"]
        widgets = {"summary": forms.Textarea(attrs=SHORT), "body": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = self.instance.organization

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        slug = slugify(title)[:80] or "issue"
        same = Issue.objects.filter(organization=self.organization, slug=slug).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("You have an issue with this title already."))
        self.instance.slug = slug
        return title


class MeasureForm(InSections, forms.ModelForm):
    layout: ClassVar[Layout] = [
        (_("As published"), ["jurisdiction", "kind identifier", "title", "url", "vote_on"]),
        (_("What you say about it"), ["issue", "summary", "position", "reasons"]),
    ]

    class Meta:
        model = Measure
        fields = [
            "jurisdiction",
            "kind",
            "identifier",
            "title",
            "url",
            "vote_on",
            "issue",
            "summary",
            "position",
            "reasons",
        ]
        widgets = {
            "vote_on": _day(),
            "summary": forms.Textarea(attrs=SHORT),
            "reasons": forms.Textarea(attrs=SHORT),
        }
        help_texts = {"vote_on": _("Leave it empty while no date is set.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organization = self.instance.organization
        self.fields["issue"].queryset = Issue.objects.filter(organization=organization)  # type: ignore[attr-defined]
        self.fields["issue"].empty_label = _("Choose the issue")  # type: ignore[attr-defined]
        self.fields["jurisdiction"].empty_label = _("Choose whose measure it is")  # type: ignore[attr-defined]
        self.fields["jurisdiction"].queryset = Jurisdiction.objects.order_by("level", "name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        same = Measure.objects.filter(
            organization=self.instance.organization,
            jurisdiction=data.get("jurisdiction"),
            identifier=data.get("identifier", ""),
        ).exclude(pk=self.instance.pk)
        if data.get("jurisdiction") and same.exists():
            self.add_error("identifier", _("You follow this measure already."))
        return data


class MeasureEventForm(forms.ModelForm):
    class Meta:
        model = MeasureEvent
        fields = ["kind", "on", "note", "source_url"]
        widgets = {"on": _day()}
        help_texts = {"source_url": _("The official page or record that says so.")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        same = self.instance.measure.events.filter(
            kind=data.get("kind", ""), on=data.get("on"), note=data.get("note", "")
        )
        if data.get("on") and same.exists():
            raise forms.ValidationError(_("This milestone is there already."))
        return data


class EvidenceForm(InSections, forms.ModelForm):
    layout: ClassVar[Layout] = [
        (_("The claim"), ["claim", "figure unit"]),
        (_("Its source"), ["source_title", "source_url", "published_on retrieved_on", "is_example"]),
    ]

    class Meta:
        model = Evidence
        fields = [
            "claim",
            "figure",
            "unit",
            "source_title",
            "source_url",
            "published_on",
            "retrieved_on",
            "is_example",
        ]
        widgets = {"claim": forms.Textarea(attrs={"rows": 2}), "published_on": _day(), "retrieved_on": _day()}
        help_texts = {
            "unit": _("Days, per cent, people…"),
            "is_example": _("Pages and briefs then say that it is invented."),
        }


class ResourceForm(forms.ModelForm):
    class Meta:
        model = Resource
        fields = ["kind", "name", "description", "phone", "website", "hours", "languages", "verified_on"]
        widgets = {"verified_on": _day()}
        help_texts = {"verified_on": _("When somebody last tried whether it answers.")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("phone") and not data.get("website"):
            self.add_error("phone", _("Give a phone number or a website."))
        return data
