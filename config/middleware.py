from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from contacts.models import RoleName

View = Callable[[HttpRequest], HttpResponse]


def permissions_policy(get_response: View) -> View:
    """Ask browsers to keep camera, microphone and the like from every page."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        return response

    return respond


def owners_need_a_second_factor(get_response: View) -> View:
    """In production, an owner without a second factor gets no console page before setting one up."""

    def respond(request: HttpRequest) -> HttpResponse:
        if settings.PRODUCTION and request.path.startswith("/console/") and request.user.is_authenticated:
            is_owner = request.user.roles.filter(name=RoleName.OWNER).exists()
            if is_owner and not is_mfa_enabled(request.user):
                return redirect("mfa_index")
        return get_response(request)

    return respond
