from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

# The unspecified address of IPv6 (RFC 4291 §2.5.2): the column wants one.
NO_ADDRESS = "::"


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by owners and operators; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        # Meanwhile the list of sessions writes down who signed in from where, and no address is kept here.
        request.keeps_no_address = True  # type: ignore[attr-defined]
        try:
            response: HttpResponse = super().post_login(request, user, **kwargs)
            return response
        finally:
            request.keeps_no_address = False  # type: ignore[attr-defined]

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's address for limits on trying; while a session is written down, none."""
        if getattr(request, "keeps_no_address", False):
            return NO_ADDRESS
        return str(super().get_client_ip(request))
