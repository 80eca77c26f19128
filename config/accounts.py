from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

# The unspecified address of IPv6 (RFC 4291 §2.5.2): the column wants one.
NO_ADDRESS = "::"


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by owners and operators; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def keep_no_address(instance: Any, **_kwargs: Any) -> None:
    """Before the list of sessions writes one down, however it came about: from where somebody came is not kept."""
    instance.ip = NO_ADDRESS
