"""Public pages as they were some seconds ago, for visitors who would be shown the same: signed out, in one language.

The middleware stands outermost: while a campaign is in the news its page is made once in some seconds and costs a look
into a dictionary otherwise. What is each visitor's own (the form's token, a puzzle) is written in when a page is handed
out. ADR 10.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[[HttpRequest], HttpResponse]
# What stands in a page where something of each visitor's own goes; nobody outside the process can write one.
Own = dict[str, Callable[[], str]]
_MOST_PAGES = 512


def a_place() -> str:
    """A word that stands for something of each visitor's own."""
    return f"own-{secrets.token_hex(16)}"


@dataclass(frozen=True)
class _Page:
    until: float
    headers: list[tuple[str, str]]
    content: bytes
    own: Own
    shown: Callable[[HttpRequest], None]


def may_keep(request: HttpRequest) -> bool:
    """Whether the middleware takes what `keep` says of this request's response."""
    return getattr(request, "may_keep", False)


def keep(
    request: HttpRequest,
    response: HttpResponse,
    own: Own | None = None,
    shown: Callable[[HttpRequest], None] = lambda _request: None,
) -> None:
    """Show this page to the visitors of the next seconds too; `shown` is told of each of them, this one among them."""
    if may_keep(request):
        response._kept = own or {}, shown  # type: ignore[attr-defined]
    else:
        shown(request)


def kept_pages(get_response: View) -> View:
    """Answer from what is kept, or keep what a view says may be."""
    pages: dict[tuple[str, ...], _Page] = {}

    def respond(request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return get_response(request)
        page = pages.get(key)
        if page is None or page.until < time.monotonic():
            request.may_keep = True  # type: ignore[attr-defined]
            response = get_response(request)
            kept = getattr(response, "_kept", None)
            if kept is None:
                return response
            until = time.monotonic() + settings.KEPT_SECONDS
            page = _Page(until, list(response.items()), response.content, *kept)
            if not response.cookies:
                if len(pages) >= _MOST_PAGES:
                    pages.clear()
                pages[key] = page
            page.shown(request)
            filled = _filled(page)
            filled.cookies = response.cookies  # of this one visitor; such a page was not kept
            return filled
        page.shown(request)
        return _filled(page)

    return respond


def _key(request: HttpRequest) -> tuple[str, ...] | None:
    """What visitors must have in common; None for those who get a page of their own."""
    meta = request.META
    cookies = meta.get("HTTP_COOKIE", "")
    if (
        request.method != "GET"
        or not settings.KEPT_SECONDS
        or settings.SESSION_COOKIE_NAME in cookies
        or "messages" in cookies
    ):
        return None
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "") if cookies else ""
    named = ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_ACCEPT_LANGUAGE", "QUERY_STRING")
    return (request.scheme or "", request.path, language, *(meta.get(name, "") for name in named))


def _filled(page: _Page) -> HttpResponse:
    content = page.content
    for place, value in page.own.items():
        content = content.replace(place.encode(), value().encode())
    response = HttpResponse(content)
    for name, value_ in page.headers:
        response.headers[name] = value_
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(content))
    return response
