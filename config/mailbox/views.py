from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.mailbox import store


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The newest mails; on the embedded size only."""
    _embedded_only()
    recipient = request.GET.get("to", "")[:254]
    return render(
        request, "mailbox/index.html", {"mails": store.newest(100, recipient), "recipient": recipient}
    )


@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # its types forget views with arguments
@never_cache
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One mail: its text, its HTML in a frame that can do nothing, and its source."""
    _embedded_only()
    mail = store.read(key)
    source = store.raw(key)
    if mail is None or source is None:
        raise Http404
    return render(
        request,
        "mailbox/show.html",
        {
            "key": key,
            "mail": mail,
            "text": store.part(mail, "plain"),
            "has_html": bool(store.part(mail, "html")),
            "source": source.decode("utf-8", "replace"),
        },
    )


@csp_replace(  # type: ignore[arg-type]  # its types forget views with arguments
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "img-src": ["data:"],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
)
@never_cache
@require_safe
def html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML part alone, for the frame: no scripts, no requests, its own styles only."""
    _embedded_only()
    mail = store.read(key)
    if mail is None:
        raise Http404
    response = HttpResponse(store.part(mail, "html"))
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _embedded_only() -> None:
    if not settings.EMBEDDED:
        raise Http404
