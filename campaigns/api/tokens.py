"""Who calls the API: an organisation, by its token."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from contacts.clock import now
from contacts.models import ApiToken, User

if TYPE_CHECKING:  # the settings name this module to rest_framework.views, which is still being read then
    from rest_framework.views import APIView

# "Last used" is a hint for owners; writing it with every call would make each read a write.
NOTE_USE_EVERY = timedelta(minutes=5)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer osp_…`. Only the token's hash is stored and looked up."""

    def authenticate(self, request: Request) -> tuple[User | None, ApiToken] | None:
        """The token's maker (if the account still exists) and the token; None without the header."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(_("Write “Bearer”, a space and the token."))
        token = (
            ApiToken.objects.select_related("organization", "created_by")
            .filter(token_hash=ApiToken.hash_of(parts[1].decode("latin-1")), revoked_at__isnull=True)
            .first()
        )
        if token is None:
            raise AuthenticationFailed(_("This token is not known or was revoked."))
        self._note_use(token)
        return token.created_by, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Outspoken"'

    def _note_use(self, token: ApiToken) -> None:
        at = now()
        if token.last_used_at is None or token.last_used_at < at - NOTE_USE_EVERY:
            stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - NOTE_USE_EVERY)
            ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)


class HasToken(BasePermission):
    """Only callers with an organisation's token."""

    message = _("This needs an organisation's token.")

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.auth, ApiToken)
