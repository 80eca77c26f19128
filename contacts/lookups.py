"""What was found a moment ago, kept in this process for KEPT_SECONDS: very many people ask the same at once.

Objects are kept themselves, not copies of them: whoever is given one changes nothing of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.conf import settings

_MOST = 5_000
_kept: dict[Hashable, tuple[float, Any]] = {}

T = TypeVar("T")


def looked_up(
    key: Hashable,
    find: Callable[[], T],
    *,
    seconds: float | None = None,
    worth: Callable[[T], bool] = lambda _found: True,
) -> T:
    """What `find` gives, at most `seconds` old (KEPT_SECONDS); what is not `worth` it is found anew each time."""
    there = _kept.get(key)
    if there is not None and there[0] > time.monotonic():
        return there[1]  # type: ignore[no-any-return]
    found = find()
    longest: float = settings.KEPT_SECONDS
    lasts = longest if seconds is None else min(seconds, longest)
    if lasts and worth(found):
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[key] = time.monotonic() + lasts, found
    return found


def forget(key: Hashable = None) -> None:
    """Look one thing up anew, or everything."""
    if key is None:
        _kept.clear()
    else:
        _kept.pop(key, None)
