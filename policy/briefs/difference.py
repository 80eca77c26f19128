"""Which facts differ between two versions of a brief, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from policy.words import labelled

# What names an item of a section, in this order; the rest of the item is what it says.
NAMES = ("label", "name", "place", "heading", "key", "claim", "on")
# These follow from other facts, or are how it is set and not what it says.
LEFT_OUT = {
    *("facts_at", "paper", "emphasis", "key", "consent", "value"),
    *("source", "also", "beside_source", "target_source", "is_ahead", "is_example", "counts"),
    *("mention", "mentions", "sign", "count", "parties", "middle", "needed_label"),
    *("is_states", "has_table", "falls_short", "code", "in_tile"),
}
SHOWN = 12


@dataclass(frozen=True)
class Change:
    """One fact: where it stands, what it was, and what it is; empty where there was or is none."""

    where: str
    before: str
    after: str


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """The facts that differ between two stored contents, at most SHOWN, in the order of the newer one."""
    old, new = _facts(before), _facts(after)
    order = [*new, *(where for where in old if where not in new)]
    found = [
        Change(where, old.get(where, ""), new.get(where, ""))
        for where in order
        if old.get(where) != new.get(where)
    ]
    return found[:SHOWN]


def _facts(content: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    found[_("Headline")] = str(content.get("title", ""))
    found[_("Test")] = _("Yes") if content.get("is_test") else _("No")
    _walk(content.get("sender", {}), _("Organisation"), found)
    for section in content.get("sections", []):
        _walk(section, section.get("heading") or section.get("name") or section.get("kind", ""), found)
    name = _("Source")
    for source in content.get("sources", []):
        _walk(source, labelled(name, source.get("title", "")), found)
    return found


def _walk(value: Any, where: str, found: dict[str, str]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in LEFT_OUT and not (key in {"value", "count"} and isinstance(item, str)):
                continue
            if isinstance(item, dict | list):
                _walk(item, where, found)
            elif item not in (None, "") and key not in {"kind", "heading"}:
                _put(found, where, str(item))
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                name = next((str(item[key]) for key in NAMES if item.get(key)), "")
                _walk(item, labelled(where, name) if name else where, found)
            elif isinstance(item, list):
                _put(found, labelled(where, item[0]) if item else where, ", ".join(map(str, item)))
            else:
                _put(found, where, str(item))


def _put(found: dict[str, str], where: str, words: str) -> None:
    """What belongs together stands together; long prose is cut."""
    words = words if len(words) <= 160 else words[:159] + "…"
    found[where] = f"{found[where]}; {words}" if where in found else words
