from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import CharField, Field, Model
from django.utils.translation import gettext_lazy as _

from campaigns.errors import UnknownMergeField
from campaigns.letters.compose import check
from campaigns.models import Campaign, CampaignTranslation, CampaignUpdate, UpdateTranslation
from policy.models import Translated
from policy.words import MadeFrom
from policy.xml_text import carriable

# As tall as such a text usually is, in lines.
_ROWS = {"ask": 3, "why": 14, "text": 14, "claim": 3, "fact": 3, "body": 10}
_SHORT = {"identifier", "figure", "unit"}
_OF_A_LINE, _OF_A_TEXT = 2, 8


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
        original: Campaign | CampaignUpdate | Translated,
        translation: MadeFrom | None,
        language: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.original = original
        self._older = translation.older if translation else []
        columns = _columns(original)
        published = original.AS_PUBLISHED if isinstance(original, Translated) else ()
        self._names = [name for name in columns if getattr(original, name)]
        # A headline, an ask and a claim are one line each.
        self._lines = {name for name, column in columns.items() if isinstance(column, CharField)}
        for name in self._names:
            column = columns[name]
            rows = _ROWS.get(name, _OF_A_LINE if name in self._lines else _OF_A_TEXT)
            area = forms.Textarea(attrs={"rows": rows, "lang": language})
            self.fields[name] = forms.CharField(
                label=str(column.verbose_name).capitalize(),
                max_length=column.max_length or 20_000,
                required=not column.blank and not isinstance(original, Translated),
                widget=forms.TextInput(attrs={"lang": language}) if name in _SHORT else area,
                initial=translation.said(name) if translation else "",
                help_text=_("Empty: as it was published.") if name in published else "",
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
            data[name] = carriable(" ".join(text.split()) if name in self._lines else text)
        data.setdefault("still_right", True)
        return data

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by name."""
        return {name: self.cleaned_data[name] for name in self._names}

    @property
    def says_something(self) -> bool:
        """Whether anything was written or looked at again."""
        same = all(self.cleaned_data[name] == self.fields[name].initial for name in self._names)
        return not same or bool(self._older and self.cleaned_data["still_right"])

    def clean_call_script(self) -> str:
        script: str = self.cleaned_data["call_script"].replace("\r\n", "\n")
        try:
            check(script, office_fields=True)
        except UnknownMergeField as fact:
            raise forms.ValidationError(str(fact.message)) from None
        return script


def _columns(original: Campaign | CampaignUpdate | Translated) -> dict[str, Field[Any, Any]]:
    """The columns of the texts that another language has words for, of the row that keeps them."""
    keeps: type[Model] = type(original)
    if not isinstance(original, Translated):
        keeps = CampaignTranslation if isinstance(original, Campaign) else UpdateTranslation
    columns = {column.name: column for column in keeps._meta.concrete_fields}
    return {name: columns[name] for name in original.to_translate}
