"""Every error of the API as a problem document (RFC 9457): a type, a title, what happened, and where."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.defaults import server_error as page_of_server_error
from rest_framework import exceptions, status
from rest_framework.views import set_rollback

from campaigns.errors import ActionRefused
from policy.errors import TranslationRefused

MEDIA_TYPE = "application/problem+json"

# Types of our own, beside those that an HTTP status says all about (`about:blank`).
TYPES: dict[str, object] = {
    "invalid": _("Some fields can't be used."),
    "which-place": _("The postal code fits more than one place."),
    "unknown-postal-code": _("Nobody is known for this postal code."),
    "key-reused": _("This idempotency key was used for another request."),
    "still-working": _("The first request with this idempotency key is still being worked on."),
    "refused": _("This can't be done now."),
}
# Titles where Python's HTTPStatus has only a phrase.
TITLES: dict[int, object] = {
    400: _("The request can't be read"),
    401: _("A token is needed"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("No such format"),
    409: _("Conflict"),
    413: _("The request is too large"),
    415: _("The request is not JSON"),
    422: _("The request can't be used"),
    429: _("Too many requests"),
    500: _("Something went wrong here"),
}
WAIT_SECONDS = 60


class Problem(exceptions.APIException):
    """An answer of one of our own types; `more` adds members to the document."""

    def __init__(self, kind: str, code: int, detail: object = "", **more: object) -> None:
        super().__init__(detail=force_str(detail) or force_str(TYPES[kind]))
        self.kind = kind
        self.status_code = code
        self.more = more


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("Send at most %(most)s bytes.")


def problem_handler(fault: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The problem document for what a view raised; None (a server error) for what nobody foresaw."""
    if isinstance(fault, ActionRefused | TranslationRefused):
        fault = Problem("refused", status.HTTP_409_CONFLICT, fault.message)
    elif isinstance(fault, Http404):
        fault = exceptions.NotFound()
    elif isinstance(fault, PermissionDenied):
        fault = exceptions.PermissionDenied()
    if not isinstance(fault, exceptions.APIException):
        return None
    set_rollback()
    if isinstance(fault, exceptions.ValidationError):
        response = problem(
            fault.status_code, force_str(TYPES["invalid"]), kind="invalid", errors=list(_errors(fault.detail))
        )
    elif isinstance(fault, Problem):
        response = problem(fault.status_code, force_str(fault.detail), kind=fault.kind, **fault.more)
    else:
        response = problem(fault.status_code, force_str(fault.detail))
    return _with_headers(response, fault)


def _with_headers(response: HttpResponse, fault: exceptions.APIException) -> HttpResponse:
    challenge = getattr(fault, "auth_header", None)
    if challenge:
        response["WWW-Authenticate"] = challenge
    if isinstance(fault, exceptions.Throttled):
        wait = getattr(fault, "wait", None)
        response["Retry-After"] = str(max(1, int(wait)) if wait else WAIT_SECONDS)
    return response


def problem(code: int, detail: str, *, kind: str = "", **more: object) -> HttpResponse:
    """A problem document as a response."""
    document = {
        "type": f"{settings.SITE_URL}/api/#problem-{kind}" if kind else "about:blank",
        "title": force_str(TYPES[kind] if kind else TITLES.get(code, _("The request can't be used"))),
        "status": code,
        "detail": detail,
        **more,
    }
    return JsonResponse(document, status=code, content_type=MEDIA_TYPE)


def _errors(detail: object, path: str = "") -> "Sequence[dict[str, str]]":
    """DRF's nested errors as a flat list, each naming its place in the body as a JSON pointer."""
    if isinstance(detail, Mapping):
        found: list[dict[str, str]] = []
        for key, below in detail.items():
            name = force_str(key)
            found += _errors(below, path if name == "non_field_errors" else f"{path}/{name}")
        return found
    if isinstance(detail, list | tuple):
        found = []
        for position, below in enumerate(detail):
            is_nested = isinstance(below, Mapping | list | tuple)
            found += _errors(below, f"{path}/{position}" if is_nested else path) if below else []
        return found
    return [{"pointer": f"#{path}", "detail": force_str(detail)}]


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to what nobody foresaw: a problem document below /api/, the page elsewhere."""
    if request.path.startswith("/api/"):
        return problem(500, _t("It has been logged. Please try again later."))
    return page_of_server_error(request)
