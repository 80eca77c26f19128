"""What readers see of a row in other languages, kept in the row itself: whoever reads the row reads them with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from contacts.models import Organization
from policy.words import MadeFrom, Passage, passages, reading


@dataclass
class TextsIn(MadeFrom):
    """A row's texts in one language, as the row keeps them."""

    row: Translated
    language: str
    texts: dict[str, str] = field(default_factory=dict)
    made_from: dict[str, str] = field(default_factory=dict)
    changed_at: datetime | None = None

    @property
    def original(self) -> Translated:
        return self.row

    def said(self, name: str) -> str:
        return self.texts.get(name, "")

    def put(self, name: str, text: str) -> None:
        self.texts[name] = text

    @property
    def missing(self) -> list[str]:
        return [name for name in super().missing if name not in self.row.AS_PUBLISHED]


class Translated(models.Model):
    """A row whose texts may be written in other languages than its organisation's own."""

    TEXTS: ClassVar[tuple[str, ...]] = ()
    # Texts that are the same in every language, unless somebody says otherwise.
    AS_PUBLISHED: ClassVar[frozenset[str]] = frozenset()
    # Texts that state figures: when the original was corrected, readers get it until it is translated anew.
    ONLY_OF_TODAY: ClassVar[bool] = False

    # Language: {"texts": {name: text}, "made_from": {name: digest}, "changed_at": ISO 8601}
    translations = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def owner(self) -> Organization:
        """Whose it is, and whose language it is written in."""
        return self.organization  # type: ignore[attr-defined,no-any-return]

    @property
    def to_translate(self) -> tuple[str, ...]:
        """Names of its texts that another language has other words for: a bare figure and a percent sign have none."""
        return tuple(name for name in self.TEXTS if any(map(str.isalpha, getattr(self, name))))

    def texts_in(self, language: str) -> TextsIn:
        """Its translation to a language; without a word where there is none."""
        kept = self.translations.get(language)
        if kept is None:
            return TextsIn(self, language)
        at = datetime.fromisoformat(kept["changed_at"])
        return TextsIn(self, language, dict(kept["texts"]), dict(kept["made_from"]), at)

    def keep(self, translation: TextsIn) -> None:
        """Take a translation over; without a word it goes, as texts do whose original has none. The caller saves."""
        texts = {name: text for name, text in translation.texts.items() if text and name in self.to_translate}
        made_from = {name: said for name, said in translation.made_from.items() if name in texts}
        translation.texts, translation.made_from = texts, made_from
        if not texts:
            self.translations.pop(translation.language, None)
            return
        at = translation.changed_at
        kept: dict[str, Any] = {
            "texts": texts,
            "made_from": made_from,
            "changed_at": at.isoformat() if at else "",
        }
        self.translations[translation.language] = kept

    def save_original(self) -> None:
        """Store the row but for its translations, which somebody may be writing meanwhile."""
        if self._state.adding:
            self.save()
            return
        others = (column for column in self._meta.concrete_fields if not column.primary_key)
        self.save(update_fields=[column.name for column in others if column.name != "translations"])

    @property
    def words(self) -> dict[str, Passage]:
        """What is shown of it to whoever reads now."""
        return self.words_in(reading(), self.owner.language)

    def words_in(self, languages: Iterable[str], own: str) -> dict[str, Passage]:
        """Each of its texts in the first of the languages that has it, else in its owner's `own`; no query."""
        wanted = list(languages)
        original = {name: getattr(self, name) for name in self.TEXTS}
        written = {code: self.shown_in(code) for code in wanted if code in self.translations}
        words = passages(original, own, written, wanted)
        # A number as published, a bare figure and a percent sign are at home in every language.
        same = self.AS_PUBLISHED | (set(self.TEXTS) - set(self.to_translate))
        for name in same:
            if wanted and words[name] == original[name]:
                words[name] = Passage(words[name], wanted[0] or words[name].language)
        return words

    def shown_in(self, language: str) -> dict[str, str]:
        """What readers get of its texts in a language, without those that they get in another."""
        one = self.texts_in(language)
        # A number that was corrected is not the one that somebody gave in other words.
        of_today = set(self.to_translate) if self.ONLY_OF_TODAY else self.AS_PUBLISHED
        return {
            name: one.texts[name]
            for name in self.to_translate
            if name in one.texts and (name not in of_today or one.is_of_today(name))
        }
