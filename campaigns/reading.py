"""Which languages somebody reads: the one an address asks for, and what their browser says."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

# Names a language in an address that is passed on; it goes before the browser's and the chosen one.
ASKS = "lang"


def asked_language(request: HttpRequest) -> str:
    """The language that the address asks for; empty where it asks for none, or for one that is not offered."""
    language = request.GET.get(ASKS, "")
    return language if language in dict(settings.LANGUAGES) else ""


def also_read(request: HttpRequest) -> tuple[str, ...]:
    """The languages that a browser says its owner reads, best first, as far as they are offered here."""
    found = []
    for code, _weight in parse_accept_lang_header(request.headers.get("accept-language", "")):
        try:
            found.append(get_supported_language_variant(code))
        except LookupError:
            continue
    return tuple(found)


def asking(request: HttpRequest) -> str:
    """The end of an address that keeps the language this one asks for."""
    language = asked_language(request)
    return f"?{ASKS}={language}" if language else ""
