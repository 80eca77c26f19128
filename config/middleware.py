from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from campaigns.permissions import has_second_factor
from contacts.models import RoleName, User

View = Callable[[HttpRequest], HttpResponse]


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
