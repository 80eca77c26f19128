"""Texts in other languages: written and changed, each with what it was made from; one set of rules for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User
from policy.errors import TranslationRefused
from policy.models import TextsIn, Translated
from policy.words import MadeFrom, digest


def look_of(original: Any, translation: MadeFrom | None) -> str:
    """Changes with the original and the translation: tells whether somebody changed either since it was looked at."""
    names = original.to_translate
    told = [getattr(original, name) for name in names]
    if translation is not None:
        told += [translation.said(name) for name in names]
    return digest("\0".join(told))


def may_be(language: str, own: str) -> None:
    """Raises TranslationRefused for a language that is not offered, and for the original's own."""
    if language not in dict(settings.LANGUAGES):
        raise TranslationRefused(_("This language is not offered here."), field="language")
    if language == own:
        raise TranslationRefused(
            _("This is the original’s own language: change the original itself."), field="language"
        )


def nobody_else(seen: str, stored: str) -> None:
    """Raises TranslationRefused when what somebody saw is not what is stored. Programs saw nothing."""
    if seen and seen != stored:
        raise TranslationRefused(
            _("Somebody changed the original or this translation meanwhile. Look at both again, then save.")
        )


def fill(translation: Any, texts: dict[str, str], still_right: bool) -> None:
    """Give a translation its texts; those left as they were are of today's original only if they are `still_right`."""
    made_from, original = dict(translation.made_from), translation.original
    for name in original.to_translate:
        if name not in texts:
            continue
        if texts[name] != translation.said(name) or still_right:
            made_from[name] = digest(getattr(original, name))
        translation.put(name, texts[name])
    translation.made_from = made_from
    translation.changed_at = now()


@transaction.atomic
def save_texts(
    *,
    row: Translated,
    language: str,
    actor: User | None,
    still_right: bool = True,
    texts: dict[str, str],
    seen: str = "",
) -> TextsIn:
    """Store what a measure, an issue, a claim or a myth says in a language; what is left out stays.

    What is empty is read in the organisation's own language. `seen` is what `look_of` said of what the person saw.
    Raises TranslationRefused.
    """
    may_be(language, row.owner.language)
    locked = _locked(row)
    if locked is None:
        raise TranslationRefused(_("It was removed meanwhile."))
    translation = locked.texts_in(language)
    nobody_else(seen, look_of(locked, translation))
    fill(translation, texts, still_right)
    locked.keep(translation)
    locked.save(update_fields=["translations"])
    row.translations = locked.translations
    record(
        organization=row.owner,
        actor=actor,
        verb=f"translate {row._meta.model_name}",
        obj=row,
        language=language,
    )
    return translation


@transaction.atomic
def remove_texts(*, row: Translated, language: str, actor: User | None) -> None:
    """Take a translation away, also to a language that is no longer offered; one that is gone already stays so."""
    locked = _locked(row)
    if locked is None or language not in locked.translations:
        return
    del locked.translations[language]
    locked.save(update_fields=["translations"])
    row.translations = locked.translations
    record(
        organization=row.owner,
        actor=actor,
        verb="remove translation",
        obj=row,
        language=language,
    )


def _locked(row: Translated) -> Translated | None:
    """The row as it is stored, held until the end of the transaction; None where somebody removed it."""
    rows = type(row)._default_manager.select_for_update(no_key=True)
    found: Translated | None = rows.filter(pk=row.pk).first()
    return found


@dataclass(frozen=True)
class Change:
    """What somebody wrote of one row: `seen` and `still_right` as `save_texts` takes them."""

    row: Translated
    texts: dict[str, str]
    still_right: bool
    seen: str


@transaction.atomic
def save_all(changes: Iterable[Change], *, language: str, actor: User | None) -> None:
    """Store what several rows say in a language, all or none. Raises TranslationRefused, which names the row."""
    # Rows are locked in one order, whoever writes.
    for change in sorted(changes, key=lambda one: (one.row._meta.label, str(one.row.pk))):
        try:
            save_texts(
                row=change.row,
                language=language,
                actor=actor,
                still_right=change.still_right,
                seen=change.seen,
                texts=change.texts,
            )
        except TranslationRefused as fact:
            fact.row = change.row
            raise
