"""The language of the pages, chosen at the foot of each or asked for by an address; else the browser's own."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from campaigns.reading import ASKS, also_read, asked_language
from campaigns.same_origin import came_from_elsewhere
from contacts.models import User
from policy.words import ALSO_READ

_A_YEAR = 365 * 24 * 3600
# Public addresses that take what is sent and are opened by nobody, each with the steps up to the page of its form.
SENT_TO = {
    "sign": 1,
    "sign-with": 1,
    "event-register": 1,
    "registration-move": 2,
    "endorsement-own-move": 2,
    "story-data": 1,
    "fresh-link": 1,
    "preview-letter": 1,
    "send-letters": 1,
    "return-letter": 3,
}


def readers_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Show a page in the language its address asks for; texts that lack it, in one that the browser names."""

    def respond(request: HttpRequest) -> HttpResponse:
        asked = asked_language(request)
        if asked:
            translation.activate(
                asked
            )  # the middleware before this one activates another with the next request
            request.LANGUAGE_CODE = asked
        before = ALSO_READ.set(also_read(request))
        try:
            return get_response(request)
        finally:
            ALSO_READ.reset(before)

    return respond


@csrf_exempt
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep a language in a cookie, the only thing it says, and go back to where it was chosen.

    The form is on pages that are the same for everybody, so it has no token of Django's.
    """
    if came_from_elsewhere(request, may_hide=True):
        raise PermissionDenied
    back = request.POST.get("next", "/")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = HttpResponseRedirect(_without_language(back))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=_A_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        # Mails to who works here come in it too, from no browser and with no cookie.
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=language)
    return response


def page_address(request: HttpRequest) -> str:
    """Where the page that answers a request is opened again, for one that shows what was sent: the page of its form."""
    found = request.resolver_match
    up = SENT_TO.get(found.url_name or "", 0) if found is not None else 0
    if request.method in {"GET", "HEAD"} or not up:
        return request.get_full_path()
    return "/".join(request.path.split("/")[: -up - 1]) + "/"


def _without_language(address: str) -> str:
    """An address that asks for no language: the one that was just chosen holds."""
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != ASKS]
    return urlunsplit(parts._replace(query=urlencode(query)))
