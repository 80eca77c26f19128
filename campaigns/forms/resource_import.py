from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.rows import RowsForm
from contacts.models import Division, Organization
from contacts.named_places import places_named
from policy.actions.resource_imports import MOST_BYTES, read_resources
from policy.help import day_of
from policy.importers.resource_rows import FoundResources


class ResourceImportForm(RowsForm[FoundResources]):
    """A file with helplines and services."""

    field_order = ("file", "source", "otherwise", "skip_bad")
    file = forms.FileField(label=_("File"), help_text=_("A table (.csv), or services as JSON (.json)."))
    source = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[("csv", _("Table (CSV)")), ("hsds", _("Open Referral services (HSDS 3, JSON)"))],
    )
    otherwise = forms.CharField(
        label=_("Place of those whose area is not known here"),
        max_length=200,
        required=False,
        help_text=_("Its name or Open Civic Data id. When empty such rows can’t be used."),
    )
    most_bytes = MOST_BYTES

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.place: Division | None = None

    def clean_otherwise(self) -> str:
        name = " ".join(self.cleaned_data["otherwise"].split())
        named = places_named({name}, self.organization.country).get(name, []) if name else []
        if name and len(named) != 1:
            raise forms.ValidationError(_("There is no place, or more than one, of this name or id."))
        self.place = named[0] if named else None
        return name

    def rows_of(self, data: bytes, name: str) -> FoundResources:
        source = self.cleaned_data.get("source")
        return read_resources(source, data, name, day_of(self.organization)) if source else FoundResources()
