from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.errors import UnknownMergeField
from campaigns.letters.compose import check
from campaigns.models import Campaign, CampaignTranslation, CampaignUpdate, UpdateTranslation
from policy.xml_text import carriable

# As tall as such a text usually is.
_ROWS = {"title": 2, "ask": 3, "why": 14, "text": 14, "call_script": 8, "outcome_text": 8}


@dataclass(frozen=True)
class Pair:
    """A text with the field its translation is written in."""

    original: str
    field: forms.BoundField
    is_older: bool


class TranslationForm(forms.Form):
    """The original's texts one by one; `pairs` puts each beside its translation."""

    def __init__(
        self,
        *args: Any,
        original: Campaign | CampaignUpdate,
        translation: CampaignTranslation | UpdateTranslation | None,
        language: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.original = original
        model = CampaignTranslation if isinstance(original, Campaign) else UpdateTranslation
        self._older = translation.older if translation else []
        self._names = [name for name in model.TEXTS if getattr(original, name)]
        for name in self._names:
            column = model._meta.get_field(name)
            self.fields[name] = forms.CharField(
                label=column.verbose_name.capitalize(),  # type: ignore[union-attr]
                max_length=getattr(column, "max_length", None) or 20_000,
                required=not column.blank,  # type: ignore[union-attr]
                widget=forms.Textarea(attrs={"rows": _ROWS[name], "lang": language}),
                initial=getattr(translation, name, ""),
            )
        if self._older:
            self.fields["still_right"] = forms.BooleanField(
                label=_("Texts that I leave as they are still say what the original says"), required=False
            )

    @property
    def pairs(self) -> list[Pair]:
        return [Pair(getattr(self.original, name), self[name], name in self._older) for name in self._names]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in set(self._names) & data.keys():
            text = data[name].replace("\r\n", "\n")
            # A headline and an ask are one line each.
            data[name] = carriable(" ".join(text.split()) if name in {"title", "ask"} else text)
        data.setdefault("still_right", True)
        return data

    def clean_call_script(self) -> str:
        script: str = self.cleaned_data["call_script"].replace("\r\n", "\n")
        try:
            check(script, office_fields=True)
        except UnknownMergeField as fact:
            raise forms.ValidationError(str(fact.message)) from None
        return script
