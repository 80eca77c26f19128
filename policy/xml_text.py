"""Text as an XML file can carry it."""

import re

# Everything but the characters of XML 1.0, section 2.2.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def carriable(text: str) -> str:
    """A text without the control characters that no XML file, and so no feed, can carry."""
    return _UNFIT.sub("", text)
