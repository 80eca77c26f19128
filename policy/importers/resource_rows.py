"""What every reader of helplines and services gives: plain rows, checked cell by cell."""

import re
from dataclasses import dataclass, field
from typing import Any

from contacts.importers.rows import BadRow
from contacts.importers.values import BadValue, link, shown, text
from policy.numbers import can_be_dialled
from policy.opening import Span

# Column sizes of the model.
NAME, DESCRIPTION, NUMBER, WORDS, ADDRESS, NOTE, ELIGIBILITY, KEY = 120, 600, 40, 60, 240, 240, 300, 120
_URL = 200
_HTML = re.compile(r"<[A-Za-z!/?]")


@dataclass
class ResourceRow:
    """A resource. `values` are fields of the model that the file speaks of; the others stay as they are.

    `place` is an Open Civic Data id or a name, empty for everywhere, None where the file does not say. `spans` is None
    where it says nothing of the hours.
    """

    where: str
    name: str
    external_id: str = ""
    place: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    spans: list[Span] | None = None


@dataclass
class FoundResources:
    """What a file holds, and what can't be used with where it stands."""

    rows: list[ResourceRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


def words(parent: dict[str, Any], name: str, most: int, needed: bool = False) -> str:
    """A text of one line without HTML. Raises BadValue."""
    value = text(parent, name, most, needed)
    if _HTML.search(value):
        raise BadValue(f"{name} has HTML in it: {shown(value)}")
    return value


def web(parent: dict[str, Any], name: str, most: int = _URL) -> str:
    """An address that pages may link to, at most `most` characters. Raises BadValue."""
    value = link(parent, name)
    if value and not value.lower().startswith(("https://", "http://")):
        raise BadValue(f"{name}: {shown(value)} does not begin with https:// or http://")
    if len(value) > most:
        raise BadValue(f"{name} has more than {most} characters")
    return value


def phone(parent: dict[str, Any], name: str) -> str:
    """One number that a phone can dial. Raises BadValue."""
    value = text(parent, name, NUMBER)
    if value and not can_be_dialled(value):
        raise BadValue(f"{name}: {shown(value)} is not one number in digits")
    return value
