from django import forms
from django.utils.translation import gettext_lazy as _


class StopForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("Shown on every page of the console, and kept in the log."),
    )
