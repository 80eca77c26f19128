from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from contacts.models import Jurisdiction, Organization
from policy.models import Evidence, Issue, Measure, MeasureEvent, Resource, Stance

DATE = {"type": "date"}


class IssueForm(forms.ModelForm):
    class Meta:
        model = Issue
        fields = ["title", "summary", "body"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: object, organization: Organization, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.organization = organization

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        slug = slugify(title)[:80] or "issue"
        same = Issue.objects.filter(organization=self.organization, slug=slug).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("You have an issue with this title already."))
        self.instance.slug = slug
        return title


class MeasureForm(forms.ModelForm):
    class Meta:
        model = Measure
        fields = ["issue", "jurisdiction", "kind", "identifier", "title", "summary", "url", "position", "reasons", "vote_on"]
        widgets = {"vote_on": forms.DateInput(attrs=DATE, format="%Y-%m-%d"), "summary": forms.Textarea(attrs={"rows": 3}), "reasons": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: object, organization: Organization, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.organization = organization
        self.fields["issue"].queryset = Issue.objects.filter(organization=organization)  # type: ignore[attr-defined]
        self.fields["jurisdiction"].queryset = Jurisdiction.objects.order_by("level", "name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        same = Measure.objects.filter(
            organization=self.organization,
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
        widgets = {"on": forms.DateInput(attrs=DATE)}


class EvidenceForm(forms.ModelForm):
    class Meta:
        model = Evidence
        fields = ["claim", "figure", "unit", "source_title", "source_url", "published_on", "retrieved_on", "is_example"]
        widgets = {"published_on": forms.DateInput(attrs=DATE), "retrieved_on": forms.DateInput(attrs=DATE)}


class ResourceForm(forms.ModelForm):
    class Meta:
        model = Resource
        fields = ["kind", "name", "description", "phone", "website", "hours", "languages", "verified_on"]
        widgets = {"verified_on": forms.DateInput(attrs=DATE)}

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if not data.get("phone") and not data.get("website"):
            self.add_error("phone", _("Give a phone number or a website."))
        return data


class StanceForm(forms.ModelForm):
    class Meta:
        model = Stance
        fields = ["measure", "level", "on", "evidence", "source_url"]
        widgets = {"on": forms.DateInput(attrs=DATE)}

    def __init__(self, *args: object, organization: Organization, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["measure"].queryset = Measure.objects.filter(organization=organization)  # type: ignore[attr-defined]
