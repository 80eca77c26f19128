"""Signed links that name a row and carry an HMAC over it and a counter kept on it.

Nothing secret is stored, and a newer link makes older ones worthless.
"""

import base64
import binascii
import uuid
from dataclasses import dataclass
from typing import TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Model, QuerySet

from campaigns.errors import LinkSpent

_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True)
class CountedLinks:
    """The links of one kind, told from all others by their salt."""

    salt: str
    counter: str = "link_counter"

    def token(self, row: Model) -> str:
        """The newest token of a row, as it stands in an address."""
        named = base64.urlsafe_b64encode(row.pk.bytes).rstrip(b"=").decode()
        return self._signer.sign(f"{named}~{getattr(row, self.counter)}")

    def read(self, token: str, rows: QuerySet[_Row]) -> _Row:
        """The one of these rows that a token names. Raises LinkSpent for one broken, or older than the newest."""
        try:
            named, _tilde, counter = self._signer.unsign(token).partition("~")
            pk = uuid.UUID(bytes=base64.urlsafe_b64decode(named + "=" * (-len(named) % 4)))
        except (BadSignature, binascii.Error, ValueError):
            raise LinkSpent from None
        found = rows.filter(pk=pk).first()
        if found is None or str(getattr(found, self.counter)) != counter:
            raise LinkSpent
        return found

    @property
    def _signer(self) -> Signer:
        return Signer(salt=self.salt, sep="~")
