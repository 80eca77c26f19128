from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import InSections, Layout
from campaigns.forms.offers import offer
from campaigns.forms.rows import RowsForm
from policy.importers import indicators_csv
from policy.models import Indicator, Issue


class IndicatorForm(InSections, forms.ModelForm):
    layout: ClassVar[Layout] = [
        (_("What it counts"), ["name", "unit better", "issue"]),
        (_("Its target"), ["target target_source"]),
    ]

    class Meta:
        model = Indicator
        fields = ["name", "unit", "better", "issue", "target", "target_source"]
        help_texts = {
            "name": _("E.g. Days to a first appointment."),
            "target": _("Leave it empty while nobody has set one."),
            "target_source": _("Who set it, and where it stands."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = self.instance.organization
        offer(self, "issue", Issue.objects.filter(organization=self.organization), empty=_("None"))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not self.instance._state.adding:
            return name  # files and commands go on naming it as before
        key = slugify(name)[:60] or "indicator"
        if Indicator.objects.filter(organization=self.organization, key=key).exists():
            raise forms.ValidationError(_("You have an indicator with this name already."))
        self.instance.key = key
        return name

    def clean_unit(self) -> str:
        unit: str = self.cleaned_data["unit"]
        has_figures = not self.instance._state.adding and self.instance.values_by_place.exists()
        if "unit" in self.changed_data and has_figures:
            raise forms.ValidationError(_("It has figures in the old unit. Add another indicator instead."))
        return unit

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("target") is not None and not data.get("target_source"):
            self.add_error("target_source", _("A target is a figure too: say where it comes from."))
        return data


class FiguresForm(RowsForm[indicators_csv.Values]):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns division, period, value, unit, source and, if you like, source_url."),
    )
    most_bytes = indicators_csv.MOST_BYTES

    def rows_of(self, data: bytes, name: str) -> indicators_csv.Values:
        return indicators_csv.read(data, name)
