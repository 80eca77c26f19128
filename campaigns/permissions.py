"""Who may do what in an organisation. Deny first: no role, no organisation; no right, no page."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from campaigns.delivery.hours import zone_or_utc
from contacts.models import Organization, Role, RoleName, User

_R = RoleName
# The whole matrix: what a person wants to do -> the roles that may.
ALLOWED: dict[str, set[str]] = {
    "look": {
        _R.OWNER,
        _R.ORGANIZER,
        _R.STAFF,
        _R.REVIEWER,
    },  # home, campaigns and drives in numbers, policy, legislators
    "stances": {_R.OWNER, _R.ORGANIZER, _R.STAFF},  # record where a legislator stands
    "replies": {_R.OWNER, _R.ORGANIZER, _R.STAFF},  # read what offices answered, and say what it means
    "briefs": {_R.OWNER, _R.ORGANIZER, _R.STAFF},
    "policy": {_R.OWNER, _R.ORGANIZER},  # issues, measures, evidence, helplines
    "campaigns": {_R.OWNER, _R.ORGANIZER},  # campaigns, targets, letter versions, drives
    "people": {_R.OWNER, _R.ORGANIZER},  # supporters by name, and the letters they wrote
    "check_in": {
        _R.OWNER,
        _R.ORGANIZER,
        _R.STAFF,
    },  # see who comes to an event, and tick them off at the door
    "export": {_R.OWNER, _R.ORGANIZER},  # take supporters' data out of the console
    "stories": {_R.REVIEWER},  # read stories before they are public, and decide about them; owners don't
    "brakes": {_R.OWNER, _R.ORGANIZER, _R.STAFF},  # let a channel go on that paused itself
    "stop": {_R.OWNER},  # stop all sending on this installation
    "partners": {_R.OWNER},  # sign for the organisation: invite partners, end a partnership, leave one
    "settings": {_R.OWNER},  # the organisation's data, members, API tokens, audit log
}


class ConsoleRequest(HttpRequest):
    """The request of a signed-in person who has a role in the organisation asked for."""

    user: User
    roles: frozenset[str]


View = Callable[..., HttpResponseBase]


def roles_of(user: User, organization: Organization) -> frozenset[str]:
    """The roles a person has in an organisation."""
    return frozenset(Role.objects.filter(user=user, organization=organization).values_list("name", flat=True))


def may(roles: frozenset[str], right: str) -> bool:
    return bool(roles & ALLOWED[right])


def rights_of(roles: frozenset[str]) -> dict[str, bool]:
    """Every right with whether these roles give it; templates show what is possible by it."""
    return {right: may(roles, right) for right in ALLOWED}


def who_may(right: str) -> str:
    """A sentence that names the roles with a right."""
    names = [str(role.label).lower() for role in RoleName if role in ALLOWED[right]]
    return _(
        "This is for people with the role %(roles)s. An owner of your organisation can give it to you."
    ) % {"roles": get_text_list(names, _("or"))}


def console(right: str, *, for_partners: bool = False) -> Callable[[View], View]:
    """Give a view its organisation, for signed-in people with the right; strangers to it find nothing (404).

    So do people of an organisation that is only a partner in others' campaigns, except where a page is `for_partners`:
    whoever accepted an invitation did not get a place to run campaigns from. Inside the view, moments are read and
    shown on the organisation's own clock.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def respond(request: ConsoleRequest, org: str, **kwargs: Any) -> HttpResponseBase:
            organization = Organization.objects.filter(slug=org).first()
            request.roles = roles_of(request.user, organization) if organization else frozenset()
            if organization is None or not request.roles:
                raise Http404
            if organization.is_partner_only and not for_partners:
                raise Http404
            if not may(request.roles, right):
                raise PermissionDenied(who_may(right))
            with timezone.override(zone_of(organization)):
                response = view(request, organization, **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        return respond

    return decorate


def has_second_factor(user: User) -> bool:
    """Whether an app or a passkey stands behind the password. Recovery codes alone are for the day one is lost."""
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))


def second_factor_needed(request: HttpRequest) -> HttpResponse | None:
    """The way to set a second factor up, for somebody who takes data out of a production site without one."""
    if not settings.PRODUCTION or not isinstance(request.user, User) or has_second_factor(request.user):
        return None
    messages.warning(request, _("Set up a second factor first: what leaves here needs one."))
    return redirect("mfa_index")


def zone_of(organization: Organization) -> ZoneInfo:
    """The organisation's time zone; UTC when what was entered is none."""
    return zone_or_utc(organization.time_zone)
