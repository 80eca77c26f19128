"""Texts in the language of whoever reads them: a translation where there is one, else the original, which says so."""

from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Self

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

# Languages that the person of this request reads besides the one that pages are shown to them in, best first.
ALSO_READ: ContextVar[tuple[str, ...]] = ContextVar("also_read", default=())


def reading() -> list[str]:
    """The languages of whoever this is written for, best first."""
    return list(dict.fromkeys([get_language() or "", *ALSO_READ.get()]))


def digest(text: str) -> str:
    """Tells whether an original was changed since it was translated."""
    return sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:16]


def name_of(language: str) -> str:
    """What a language is called in the one that is active, within a sentence."""
    name = str(get_language_info(language)["name_translated"])
    # Django's names stand alone, and of our languages only English writes them large within a sentence.
    return name if (get_language() or "en").startswith("en") else name.lower()


def labelled(label: object, value: object) -> str:
    """A value after what it is, with the colon as the active language sets it: French keeps a space before it."""
    colon = _(":")
    return f"{label}{colon} {value}"


def short_day(day: date) -> str:
    """A day of a chart or a tile, without its year: 27 Nov, 1er juil."""
    return date_format(day, _("j M"))


class Passage(str):
    """A text that knows its language."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> Self:
        passage = super().__new__(cls, text)
        passage.language = language
        return passage

    @property
    def is_foreign(self) -> bool:
        """Whether the page around it is in another language."""
        return bool(self) and self.language != get_language()

    @property
    def lang(self) -> SafeString:
        """Attributes of the element it stands in; empty where the page is in its language."""
        if not self.is_foreign:
            return SafeString("")
        way = "rtl" if get_language_info(self.language)["bidi"] else "ltr"
        return format_html(' lang="{}" dir="{}"', self.language, way)


@dataclass(frozen=True)
class Words:
    """What one person reads, each part in the first of their languages that it is written in."""

    title: Passage

    @property
    def language(self) -> str:
        """The language of its headline, which the whole is known by."""
        return self.title.language

    def only_in(self, *parts: Passage) -> str:
        """A sentence about what is not in the language of the page; empty where everything is."""
        # Bare figures and percent signs are at home in every language.
        said = [part for part in (self.title, *parts) if any(map(str.isalpha, part))]
        if said and all(part.is_foreign for part in said):
            return _("This is written in %(language)s; there is no translation yet.") % {
                "language": name_of(self.language)
            }
        return partly_in(*said)


def names_of(*parts: Passage) -> set[str]:
    """What the languages are called that parts of a page are in, and the page is not."""
    return {name_of(part.language) for part in parts if part.is_foreign}


def partly_in(*parts: Passage) -> str:
    """A sentence about the parts that are not in the language of the page; empty where all are."""
    foreign = sorted(names_of(*parts))
    return _("Part of this is only in %(language)s.") % {"language": ", ".join(foreign)} if foreign else ""


class MadeFrom:
    """Texts in one language, each with a digest of the original that it was made from."""

    made_from: dict[str, str]

    @property
    def original(self) -> Any:
        """A row that names what is translated of it in `to_translate`."""
        raise NotImplementedError

    def said(self, name: str) -> str:
        return str(getattr(self, name))

    def put(self, name: str, text: str) -> None:
        setattr(self, name, text)

    def is_of_today(self, name: str) -> bool:
        """Whether a text was made from what the original says now."""
        return self.made_from.get(name) == digest(getattr(self.original, name))

    @property
    def older(self) -> list[str]:
        """Names of the texts whose original was changed after they were translated."""
        return [
            name
            for name in self.original.to_translate
            if self.said(name) and getattr(self.original, name) and not self.is_of_today(name)
        ]

    @property
    def missing(self) -> list[str]:
        """Names of the texts that the original has and this has not."""
        original = self.original
        return [name for name in original.to_translate if getattr(original, name) and not self.said(name)]


def passages(
    original: Mapping[str, str],
    own: str,
    translations: Mapping[str, Mapping[str, str]],
    languages: Iterable[str],
) -> dict[str, Passage]:
    """Each text of an original in the first of the languages that has it. What the original lacks stays empty."""
    wanted: Sequence[str] = [*languages, own]
    found = {}
    for name, text in original.items():
        choices = {language: texts[name] for language, texts in translations.items() if texts.get(name)}
        if text:
            choices[own] = text
            language = next(one for one in wanted if one in choices)
            found[name] = Passage(choices[language], language)
        else:
            found[name] = Passage("", own)
    return found
