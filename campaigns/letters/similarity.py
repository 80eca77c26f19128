"""How much of a letter is the suggested text, and how much its writer's own."""

import re
from difflib import SequenceMatcher

# From here on a letter counts as the suggested text with a few words added (PRODUCT: letters).
NEAR_IDENTICAL = 0.9
_WORD = re.compile(r"\w+", re.UNICODE)


def similarity(text: str, suggested: str) -> float:
    """Share of words two texts have in common, in order: 1 is the same text, 0 nothing shared.

    Words only, without case and punctuation, so that reflowing a text is not writing one.
    """
    a, b = _WORD.findall(text.casefold()), _WORD.findall(suggested.casefold())
    if not a and not b:
        return 1.0
    # The order of arguments matters to SequenceMatcher; sorting makes the measure symmetric.
    first, second = sorted((a, b))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
