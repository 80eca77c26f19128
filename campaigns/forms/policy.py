from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import SHORT
from policy.actions.issues import issue_slug
from policy.models import Issue


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
        slug = issue_slug(title)
        same = Issue.objects.filter(organization=self.organization, slug=slug).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("You have an issue with this title already."))
        self.instance.slug = slug
        return title
