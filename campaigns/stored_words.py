"""Texts that the machine stored, in the language of whoever reads them. What is stored stays: it is the record."""

import re
from collections.abc import Mapping

from django.db.models import Q, TextChoices
from django.utils.translation import gettext

_VARIES = re.compile(r"%\\\((\w+)\\\)s")


def _plain(text: str) -> str:
    """Small letters, and spaces that people type: French sets others before its colons."""
    return " ".join(text.split()).casefold()


class StoredWords:
    """Words for stored texts, from a table of stored text to message.

    A stored text with parts that vary stands in the table as `%(name)s letters`, and its message may use the same
    names. What is one of the `choices` under its name is said by its label.
    """

    def __init__(self, table: Mapping[str, str], choices: Mapping[str, type[TextChoices]]) -> None:
        self._table = table
        self._choices = choices
        self._patterns = [
            (re.compile(_VARIES.sub(r"(?P<\1>.+)", re.escape(stored)), re.DOTALL), words)
            for stored, words in table.items()
            if "%(" in stored
        ]

    def find(self, stored: str) -> str | None:
        """The words for a stored text; None when nobody has given it any."""
        if stored in self._table:
            return gettext(self._table[stored])
        for pattern, words in self._patterns:
            if found := pattern.fullmatch(stored):
                parts = {name: self._said(name, part) for name, part in found.groupdict().items()}
                return gettext(words) % parts
        return None

    def saying(self, words: str, field: str) -> Q:
        """Rows whose field is shown in words that hold these, whatever their capitals."""
        asked = _plain(words)
        found = [stored for stored, said in self._table.items() if asked in _plain(gettext(said))]
        whole = Q(**{f"{field}__in": [stored for stored in found if "%(" not in stored]})
        for stored in found:
            if "%(" in stored:
                whole |= Q(**{f"{field}__startswith": stored.partition("%(")[0]})
        return whole

    def _said(self, name: str, part: str) -> str:
        choices = self._choices.get(name)
        return str(choices(part).label) if choices is not None and part in choices.values else part
