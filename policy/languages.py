"""Languages as people write them, with commas between: told apart by code, shown in the reader's own language."""

from collections.abc import Iterable
from functools import cache

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info


def items(text: str) -> list[str]:
    """What stands between the commas of a text."""
    return [" ".join(item.split()) for item in text.split(",") if item.strip()]


@cache
def _codes() -> dict[str, str]:
    """Codes, English names and own names of languages, each with the code."""
    found: dict[str, str] = {}
    for code, info in LANG_INFO.items():
        if "name" in info:
            for name in (code, info["name"], info["name_local"]):
                found.setdefault(str(name).casefold(), code)
    return found


def code_of(name: str) -> str:
    """The code of a language by its code or its name; empty for one that has none here."""
    return _codes().get(name.casefold(), "")


def keys_of(text: str) -> dict[str, str]:
    """The languages of a text: how they are told apart, with how they are shown."""
    found = {}
    for name in items(text):
        code = code_of(name)
        found[code or name.casefold()] = name_of(code) if code else name
    return found


def name_of(code: str) -> str:
    """A language's name in the language that is active."""
    return str(get_language_info(code)["name_translated"])


def in_words(text: str) -> str:
    """The languages of a text in the language that is active."""
    return ", ".join(keys_of(text).values())


def all_of(texts: Iterable[str]) -> dict[str, str]:
    """Every language of some texts, by name."""
    found = {key: name for text in texts for key, name in keys_of(text).items()}
    return dict(sorted(found.items(), key=lambda pair: pair[1].casefold()))
