"""What was found a moment ago, kept in this process for KEPT_SECONDS: very many people ask the same at once.

Objects are kept themselves, not copies of them: whoever is given one changes nothing of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.conf import settings

# What was found in this span, and in the one before it; older ones are let go whole.
_new: dict[Hashable, tuple[float, Any]] = {}
_old: dict[Hashable, tuple[float, Any]] = {}
_ends = 0.0

T = TypeVar("T")


def looked_up(
    key: Hashable,
    find: Callable[[], T],
    *,
    seconds: float | None = None,
    worth: Callable[[T], bool] = lambda _found: True,
) -> T:
    """What `find` gives, at most `seconds` old (KEPT_SECONDS); what is not `worth` it is found anew each time."""
    there = _new.get(key) or _old.get(key)
    if there is not None and there[0] > time.monotonic():
        kept: T = there[1]
        return kept
    found = find()
    longest: float = settings.KEPT_SECONDS
    lasts = longest if seconds is None else min(seconds, longest)
    if lasts and worth(found):
        _let_go(longest)
        _new[key] = time.monotonic() + lasts, found
    return found


def _let_go(span: float) -> None:
    global _new, _old, _ends
    at = time.monotonic()
    if at > _ends:
        _new, _old, _ends = {}, _new, at + span


def forget(key: Hashable = None) -> None:
    """Look one thing up anew, or everything."""
    for span in (_new, _old):
        if key is None:
            span.clear()
        else:
            span.pop(key, None)
