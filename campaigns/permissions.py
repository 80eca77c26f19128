"""Who may do what in an organisation. Deny first: no role, no organisation; no right, no page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from contacts.models import Organization, Role, RoleName

_R = RoleName
# The whole matrix: what a person wants to do -> the roles that may.
ALLOWED: dict[str, set[str]] = {
    "look": {_R.OWNER, _R.ORGANIZER, _R.STAFF, _R.REVIEWER},
    "briefs": {_R.OWNER, _R.ORGANIZER, _R.STAFF},
    "policy": {_R.OWNER, _R.ORGANIZER, _R.STAFF},
    "campaigns": {_R.OWNER, _R.ORGANIZER},
    "settings": {_R.OWNER},
}

View = Callable[..., HttpResponse]


def roles_of(user: object, organization: Organization) -> set[str]:
    """The roles a person has in an organisation."""
    return set(Role.objects.filter(user=user, organization=organization).values_list("name", flat=True))  # type: ignore[misc]


def may(roles: set[str], right: str) -> bool:
    return bool(roles & ALLOWED[right])


def console(right: str) -> Callable[[View], View]:
    """Give a view its organisation, for signed-in people with the right; strangers to it find nothing (404)."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def respond(request: HttpRequest, org: str, **kwargs: Any) -> HttpResponse:
            organization = Organization.objects.filter(slug=org, roles__user=request.user).distinct().first()  # type: ignore[misc]
            if organization is None:
                raise Http404
            roles = roles_of(request.user, organization)
            if not may(roles, right):
                raise PermissionDenied
            request.roles = roles  # type: ignore[attr-defined]
            response = view(request, organization, **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        return respond

    return decorate
