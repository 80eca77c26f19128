from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from campaigns.permissions import has_second_factor
from contacts.models import RoleName, User

View = Callable[[HttpRequest], HttpResponse]
# What views and django-csp's decorators leave on a response that has a policy of its own.
_OWN_POLICY = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")


class ContentSecurityPolicy(CSPMiddleware):
    """django-csp, which puts each response's policy together anew; the one that almost all have is kept."""

    def __init__(self, get_response: View) -> None:
        super().__init__(get_response)
        self.shared = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        has_own = HEADER in response or hasattr(request, "_csp_nonce")
        if has_own or any(hasattr(response, name) for name in _OWN_POLICY):
            return super().process_response(request, response)
        response[HEADER] = self.shared
        return response


def permissions_policy(get_response: View) -> View:
    """Ask browsers to keep camera, microphone and the like from every page."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response

    return respond


def second_factor(get_response: View) -> View:
    """In production, owners and operators set up a second factor before anything else opens to them."""

    def respond(request: HttpRequest) -> HttpResponse:
        if settings.PRODUCTION and isinstance(request.user, User) and _lacks_one(request.path, request.user):
            return redirect("mfa_index")
        return get_response(request)

    return respond


def _lacks_one(path: str, user: User) -> bool:
    if path.startswith(f"/{settings.ADMIN_PATH}"):
        return not has_second_factor(user)
    if not path.startswith("/console/"):
        return False
    return user.roles.filter(name=RoleName.OWNER).exists() and not has_second_factor(user)
