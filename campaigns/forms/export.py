from typing import Any

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext_lazy as _

from campaigns.jobs.supporter_export import COLUMNS, DEFAULT, MOST_XLSX


class FileForm(forms.Form):
    """The kind of file that so many people are written to."""

    format = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[("csv", _("Table (CSV)")), ("xlsx", _("Spreadsheet (XLSX)"))],
        initial="csv",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, people: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_format(self) -> str:
        kind: str = self.cleaned_data["format"]
        if kind == "xlsx" and self.people > MOST_XLSX:
            raise forms.ValidationError(
                _("A spreadsheet takes %(n)s people. Choose a table.") % {"n": intcomma(MOST_XLSX)}
            )
        return kind


class ExportForm(FileForm):
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=list(COLUMNS.items()),
        initial=DEFAULT,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each agreement fills four: yes or no, when, which version of the words, how it came."),
    )
