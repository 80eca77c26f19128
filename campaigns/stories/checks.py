"""What a person should look at before a story is published: details that say who somebody is, and words that could
harm who reads them. The rules are data (`rules.toml`), each with the guideline it follows; text in, findings out.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

LABELS = {
    "mail": _("A mail address"),
    "web": _("A web address or account"),
    "phone": _("A phone number"),
    "number": _("A number of a card or file"),
    "address": _("A street address"),
    "date": _("An exact date, perhaps of a birth"),
    "employer": _("Where somebody works or studies"),
    "person": _("Somebody’s name"),
    "own": _("The writer’s own name"),
    "method": _("How it was done"),
    "sensational": _("Words that dramatise or blame"),
    "stigma": _("Words that label people"),
    "helpline": _("No helpline can stand beside it"),
}


@dataclass(frozen=True)
class Source:
    """A published guideline."""

    title: str
    url: str


@dataclass(frozen=True)
class Rule:
    id: str
    check: str
    source: Source
    pattern: re.Pattern[str]
    # Words are compared without capitals and accents; patterns need both.
    is_folded: bool


@dataclass(frozen=True)
class Finding:
    """A place in a text that a person should judge; `start` and `end` are 0 for the text as a whole."""

    rule: str
    check: str
    source: Source
    start: int
    end: int
    text: str

    @property
    def label(self) -> object:
        return LABELS[self.rule]


@cache
def rules() -> tuple[Rule, ...]:
    """All rules of `rules.toml`, in its order."""
    data = tomllib.loads((Path(__file__).parent / "rules.toml").read_text())
    sources = {name: Source(**fields) for name, fields in data["sources"].items()}
    return tuple(
        Rule(
            row["id"],
            row["check"],
            sources[row["about"]],
            _of_words(row["words"]) if "words" in row else re.compile(row["pattern"]),
            "words" in row,
        )
        for row in data["rules"]
    )


def check(text: str, *, name: str = "", has_helpline: bool = True) -> list[Finding]:
    """Findings in reading order. `name` is the writer's own where it is not to be shown; lower-case beginnings count.

    The words of every language are looked for: somebody may write in another than the page's.
    `has_helpline`: whether one could stand beside the story where it is shown.
    """
    folded = _folded(text)
    found = [
        Finding(
            rule.id, rule.check, rule.source, match.start(), match.end(), text[match.start() : match.end()]
        )
        for rule in rules()
        if rule.id != "crisis"
        for match in rule.pattern.finditer(folded if rule.is_folded else text)
    ]
    found += _own_name(text, folded, name)
    crisis = next(rule for rule in rules() if rule.id == "crisis")
    if not has_helpline and crisis.pattern.search(folded):
        found.append(Finding("helpline", crisis.check, crisis.source, 0, 0, ""))
    return _without_repeats(sorted(found, key=lambda one: (one.start, -one.end)))


def _own_name(text: str, folded: str, name: str) -> Iterable[Finding]:
    """Where the writer's own name stands in a text that is to be shown without it."""
    source = next(rule.source for rule in rules() if rule.id == "person")
    parts = [re.escape(_folded(part)) for part in name.split() if len(part) > 1]
    if not parts:
        return []
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
    return [
        Finding("own", "identifying", source, m.start(), m.end(), text[m.start() : m.end()])
        for m in pattern.finditer(folded)
    ]


def _without_repeats(found: list[Finding]) -> list[Finding]:
    """Without what lies inside another finding of the same check."""
    kept: list[Finding] = []
    for one in found:
        inside = any(
            one.check == other.check and other.start <= one.start and one.end <= other.end and other.end
            for other in kept
        )
        if not inside:
            kept.append(one)
    return kept


def _of_words(words: Iterable[str]) -> re.Pattern[str]:
    parts = (
        re.escape(_folded(word.removesuffix("*"))).replace("\\ ", r"\s+")
        + (r"\w*" if word.endswith("*") else "")
        for word in words
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def _folded(text: str) -> str:
    """The text without capitals and accents, each character in its old place."""
    return "".join(_plain(c) for c in text)


@cache
def _plain(character: str) -> str:
    if character in "’‘ʼ":
        return "'"
    plain = unicodedata.normalize("NFD", character)[0].lower()
    return plain if len(plain) == 1 else character
