from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.importers.rows import FilesMissing
from contacts.models import Division, Organization
from contacts.named_places import places_named
from policy.actions.resource_imports import MOST_BYTES, read_resources
from policy.help import day_of
from policy.importers.resource_rows import FoundResources


class ResourceImportForm(forms.Form):
    """A file with helplines and services; what it holds is in `found` once the form is valid."""

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
    skip_bad = forms.BooleanField(
        label=_("Leave bad rows out"),
        required=False,
        help_text=_("Without it one bad row stops the whole file."),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.found = FoundResources()
        self.place: Division | None = None

    def clean_otherwise(self) -> str:
        name = " ".join(self.cleaned_data["otherwise"].split())
        named = places_named({name}, self.organization.country).get(name, []) if name else []
        if name and len(named) != 1:
            raise forms.ValidationError(_("There is no place, or more than one, of this name or id."))
        self.place = named[0] if named else None
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, source = data.get("file"), data.get("source")
        if file is None or source is None:
            return data
        try:
            content, on = file.read(MOST_BYTES + 1), day_of(self.organization)
            self.found = read_resources(source, content, file.name[:120], on)
        except FilesMissing as fault:
            self.add_error("file", str(fault))
        return data
