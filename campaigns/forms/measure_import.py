from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offers import offer
from contacts.models import Organization
from policy.models import ImportSource, Issue


class MeasureImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("A table (.csv), or Open States bills (.json or .zip).")
    )
    source = forms.ChoiceField(label=_("Kind of file"), choices=ImportSource.choices)
    issue = forms.ModelChoiceField(
        Issue.objects.none(),
        label=_("Issue of new measures"),
        required=False,
        empty_label=_("As the table says"),
        help_text=_("Measures that you follow already keep their issue."),
    )
    only = forms.CharField(
        label=_("Only these numbers"),
        max_length=400,
        required=False,
        help_text=_("With commas between them, e.g. HB 7, SB 3. Everything in the file when empty."),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        issues = Issue.objects.filter(organization=organization)
        offer(self, "issue", issues)


class ApplyForm(forms.Form):
    skip_bad = forms.BooleanField(label=_("Leave the bad rows out"), required=False)
