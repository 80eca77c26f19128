"""Values out of published files, checked: what a column can hold, and nothing that harms a page or a mail."""

import re
import unicodedata
from datetime import date
from typing import Any

# Column sizes of the models these values go to; a test compares them.
NAME, PART, PARTY, ROLE, SHORT, LINE, URL, KEY = 160, 80, 120, 120, 60, 200, 500, 120

_HARMFUL = {"javascript", "data", "vbscript", "file", "blob", "about"}
_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class BadValue(ValueError):
    """A value can't be used; the message names the field."""


def mapping(item: Any, what: str) -> dict[str, Any]:
    """The item as a mapping. Raises BadValue."""
    if not isinstance(item, dict):
        raise BadValue(f"{what} must be a mapping of fields, not {shown(item)}")
    return item


def items(parent: dict[str, Any], field: str) -> list[Any]:
    """A field's list; empty when the field is missing. Raises BadValue."""
    found = parent.get(field)
    if found is None:
        return []
    if not isinstance(found, list):
        raise BadValue(f"{field} must be a list, not {shown(found)}")
    return found


def text(parent: dict[str, Any], field: str, most: int, needed: bool = False) -> str:
    """A field on one line, at most `most` characters; empty when it is missing. Raises BadValue."""
    found = parent.get(field)
    if found is not None and not isinstance(found, str):
        raise BadValue(f"{field} must be a text, not {shown(found)}")
    value = unicodedata.normalize("NFC", " ".join((found or "").split()))
    if needed and not value:
        raise BadValue(f"{field} is missing")
    if len(value) > most:
        raise BadValue(f"{field} has {len(value)} characters, more than {most}: {shown(value)}")
    # Half a surrogate pair, which JSON can hold, is no character that a database stores.
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in value):
        raise BadValue(f"{field} has a control character in it: {shown(value)}")
    return value


def link(parent: dict[str, Any], field: str) -> str:
    """A web address; empty when it is missing. Raises BadValue for any scheme a page must not link to.

    A scheme nobody knows is kept as published (the real files have an `hhttps://`): it is broken, not harmful.
    """
    value = text(parent, field, URL)
    scheme, separator, _ = value.lower().partition("://")
    if value and (not separator or not scheme.isalpha() or scheme in _HARMFUL):
        raise BadValue(f"{field} is no web address: {shown(value)}")
    return value


def mail(parent: dict[str, Any], field: str) -> str:
    """A mail address; empty when it is missing. Raises BadValue."""
    value = text(parent, field, 254)
    if value and not _MAIL.fullmatch(value):
        raise BadValue(f"{field} is no mail address: {shown(value)}")
    return value


def day(parent: dict[str, Any], field: str, needed: bool = False) -> date | None:
    """A date; the first day when only a year or a month is given. Raises BadValue."""
    value = text(parent, field, 40, needed)
    if not value:
        return None
    try:
        if re.fullmatch(r"\d{4}(-\d\d)?", value):
            return date.fromisoformat(f"{value}-01-01"[:10])
        return date.fromisoformat(value)
    except ValueError:
        raise BadValue(f"{field}: {shown(value)} is not a date like 2025-01-03") from None


def number(parent: dict[str, Any], field: str, most: int) -> int:
    """A whole number from 0 to `most`. Raises BadValue."""
    value = text(parent, field, 40, needed=True)
    if not re.fullmatch(r"[0-9]{1,6}", value) or int(value) > most:
        raise BadValue(f"{field}: {shown(value)} is not a number from 0 to {most}")
    return int(value)


def shown(value: Any) -> str:
    """A value for an error message, cut short."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return repr(value if value is None or len(str(value)) <= 60 else f"{str(value)[:59]}…")
