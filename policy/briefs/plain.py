"""A document ↔ plain data for the database, and the hash that names its content."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from policy.briefs.design import fingerprint
from policy.briefs.sections import SECTIONS, Document, Mention, Section


def to_plain(value: object) -> Any:
    """Dictionaries, lists and strings that JSON can hold; sections carry their `kind`."""
    if is_dataclass(value):
        plain = {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
        kind = SECTIONS.get(getattr(value, "kind", ""))
        return {"kind": kind.kind, **plain} if kind is type(value) and kind is not None else plain
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def from_plain(plain: dict[str, Any]) -> Document:
    """The document that `to_plain` wrote down."""
    document: Document = _load(Document, plain)
    return document


def _load(kind: Any, value: Any) -> Any:
    if kind == Section:
        return _load(SECTIONS[value["kind"]], {key: item for key, item in value.items() if key != "kind"})
    if isinstance(kind, UnionType):
        if value is None:
            return None
        return _load(next(arm for arm in get_args(kind) if arm is not NoneType), value)
    if get_origin(kind) is tuple:
        return tuple(_load(get_args(kind)[0], item) for item in value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{key: _load(hints[key], item) for key, item in value.items()})  # type: ignore[operator]
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    return value


def content_hash(document: Document) -> str:
    """SHA-256 of everything that decides the bytes of the brief, as 64 hexadecimal digits."""
    canonical = json.dumps(
        {"design": fingerprint(), "document": to_plain(document)},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def same_facts(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two stored contents differ in nothing but the paper they print on."""
    return {**one, "paper": ""} == {**other, "paper": ""}


# Setting an empty cell takes as long as setting so many letters of prose.
PIECE = 8


def text_length(value: object) -> int:
    """How much there is to set: characters, and for each piece (such as a cell) what a few characters cost."""
    if isinstance(value, str):
        return len(value) + PIECE
    if isinstance(value, Mention):
        return 0  # never printed
    if isinstance(value, tuple):
        return sum(map(text_length, value))
    if is_dataclass(value):
        return sum(text_length(getattr(value, field.name)) for field in fields(value))
    return 0
