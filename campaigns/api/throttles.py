"""How often one caller may ask. Callers are counted by token, or by a keyed hash of their network address."""

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from campaigns.limits import client_address
from contacts.addresses import signer_hash
from contacts.models import ApiToken

if TYPE_CHECKING:  # as in tokens: the settings may name this module while that one is being read
    from rest_framework.views import APIView


class CallerThrottle(SimpleRateThrottle):
    """A rate for one scope of the API, as the settings name it."""

    def get_rate(self) -> str:
        rate: str = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"][self.scope]  # type: ignore[index]
        return rate

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        if isinstance(request.auth, ApiToken):
            return f"api:{self.scope}:token:{request.auth.pk}"
        return f"api:{self.scope}:{signer_hash(client_address(request._request))}"


class ReadThrottle(CallerThrottle):
    scope = "read"


class SignThrottle(CallerThrottle):
    scope = "sign"


class ManageThrottle(CallerThrottle):
    scope = "manage"
