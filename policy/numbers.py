"""Phone numbers as people write them → what a phone dials."""

import re
from urllib.parse import quote

_NUMBER = re.compile(r"(\+?[\d\s()./\-–]*\d)\s*(?:(?:x|ext\.?|#)\s*(\d{1,6}))?", re.IGNORECASE)
_FEWEST, _MOST = 2, 15  # digits; 15 is the longest of ITU-T E.164


def _parts(number: str) -> tuple[str, str] | None:
    match = _NUMBER.fullmatch(number.strip())
    if match is None:
        return None
    digits = re.sub(r"[^\d]", "", match[1])
    if not _FEWEST <= len(digits) <= _MOST:
        return None
    return ("+" if match[1].lstrip("( ").startswith("+") else "") + digits, match[2] or ""


def can_be_dialled(number: str) -> bool:
    """Whether it is one number, in digits, perhaps with an extension."""
    return _parts(number) is not None


def tel_link(number: str) -> str:
    """A link that calls it (RFC 3966); empty where it is no single number."""
    parts = _parts(number)
    if parts is None:
        return ""
    digits, extension = parts
    return f"tel:{digits};ext={extension}" if extension else f"tel:{digits}"


def sms_link(number: str, words: str = "") -> str:
    """A link that opens a text message to it (RFC 5724); empty where it is no single number."""
    parts = _parts(number)
    if parts is None:
        return ""
    return f"sms:{parts[0]}?body={quote(words)}" if words else f"sms:{parts[0]}"
