"""Sites that may show our forms inside their pages, as browsers name them."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_AT_HOME = {"localhost", "127.0.0.1"}


class BadOrigin(ValueError):
    """The text names no site that could embed; it is the text itself."""


def origin_of(text: str) -> str:
    """The origin of a site's address: https://www.example.org. Raises BadOrigin.

    Only https, because anybody on the way could change a page that comes without; and http for this machine itself.
    """
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise BadOrigin(text) from None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _AT_HOME)
    if (
        not is_safe
        or not _HOST.fullmatch(host)
        or parts.username
        or ("." not in host and host not in _AT_HOME)
    ):
        raise BadOrigin(text)
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def origins_of(lines: str) -> list[str]:
    """The origins of addresses, one a line, each once, in order. Raises BadOrigin naming the first that is none."""
    return unique(origin_of(line) for line in lines.splitlines() if line.strip())


def unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
