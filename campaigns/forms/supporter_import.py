from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.actions.supporter_imports import Agreement
from contacts.clock import today
from contacts.importers.supporters_csv import FIELDS
from contacts.models import Purpose


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("List"), help_text=_("A table (.csv) whose first line names the columns, at most 100 MB.")
    )


class PlanForm(forms.Form):
    """What each column of a list means, and what its people agreed to."""

    replaces = forms.BooleanField(
        label=_("Where we know something else, believe the list"),
        required=False,
        help_text=_("Otherwise the list only fills what is empty: what people told us themselves stays."),
    )
    tags = forms.CharField(
        label=_("Tags for everybody in the list"),
        max_length=200,
        required=False,
        help_text=_("With commas between them."),
        widget=forms.TextInput(attrs={"list": "tags"}),
    )
    purposes = forms.MultipleChoiceField(
        label=_("What they agreed to"),
        choices=[(Purpose.CONTACT, Purpose.CONTACT.label), (Purpose.NAME, Purpose.NAME.label)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose nothing when you can’t show it: they are imported, and get no mail of yours."),
    )
    source = forms.CharField(
        label=_("Where they agreed"),
        max_length=90,
        required=False,
        help_text=_("Such as: sign-up sheet at the summer fair, Larkhaven."),
    )
    on = forms.DateField(
        label=_("When they agreed"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("For a longer time, its last day."),
    )
    text = forms.CharField(
        label=_("The words they agreed to"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As they stood on the sheet or page."),
    )

    def __init__(
        self, data: Any, *, headings: Sequence[str], columns: Sequence[str], said: dict[str, Any]
    ) -> None:
        """`said` is what was said of this list before, when somebody comes back to change it."""
        super().__init__(data, initial=said)
        self._columns = [f"column{n}" for n in range(len(headings))]
        choices = [("", _("Not used")), *FIELDS.items()]
        for name, heading, chosen in zip(self._columns, headings, columns, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=heading or _("Column without a name"), choices=choices, required=False, initial=chosen
            )

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self._columns]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in ("tags", "replaces")]

    @property
    def agreement_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("purposes", "source", "on", "text")]

    def clean_tags(self) -> list[str]:
        names = [" ".join(name.split()) for name in str(self.cleaned_data["tags"]).split(",")]
        if any(len(name) > 40 for name in names):
            raise forms.ValidationError(_("A tag has at most forty characters."))
        return list(dict.fromkeys(name for name in names if name))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [data.get(name, "") for name in self._columns]
        for name, meant in zip(self._columns, chosen, strict=True):
            if meant and chosen.count(meant) > 1:
                self.add_error(name, _("Two columns can’t mean the same."))
        if "email" not in chosen:
            self.add_error(None, _("Say which column has the mail address: people are known by it."))
        if not {"name", "given_name", "family_name"} & set(chosen):
            self.add_error(None, _("Say which column has the name."))
        if data.get("purposes"):
            for name in ("source", "on", "text"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Without this nobody could show that they agreed."))
            if data.get("on") and data["on"] > today():
                self.add_error("on", _("This day is yet to come."))
        elif "agreed" in chosen:
            self.add_error("purposes", _("A column says who agreed. Say to what."))
        return data

    def chosen(self) -> list[str]:
        return [self.cleaned_data[name] for name in self._columns]

    def agreement(self) -> Agreement | None:
        data = self.cleaned_data
        if not data["purposes"]:
            return None
        return Agreement(data["purposes"], data["source"], data["on"], data["text"])
