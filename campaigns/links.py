"""Supporters' signed links: nothing secret is stored, and a reissue makes older links worthless.

A token is the pledge's id and an HMAC over id, purpose and a counter of that purpose kept on the pledge.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import uuid
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet, UUIDField
from django.utils.translation import gettext_lazy as _

from campaigns.errors import ActionRefused, LinkSpent
from campaigns.models import Pledge
from contacts.statements import Given, Prepared

_Row = TypeVar("_Row", bound=Model)

_REMEMBERED = 50  # how many older links of a pledge are still known as its own
_MAC_BYTES = 16  # 128 bits: beyond guessing, and the link still fits on one line of a mail


class BadLink(ActionRefused):
    message = _("This link is not complete. Please copy all of it from the mail.")


def mac(key: str, row_id: uuid.UUID, purpose: str, counter: int) -> bytes:
    """The proof of one link: of a row, a purpose and the counter of that purpose."""
    derived = hashlib.sha256(b"outspoken.link." + key.encode()).digest()
    return hmac.new(derived, f"{row_id.hex}.{purpose}.{counter}".encode(), hashlib.sha256).digest()[
        :_MAC_BYTES
    ]


def token_for(row_id: uuid.UUID, purpose: str, counter: int) -> str:
    """A row's id and the proof, as it stands in an address."""
    proof = mac(settings.SECRET_KEY, row_id, purpose, counter)
    return base64.urlsafe_b64encode(row_id.bytes + proof).rstrip(b"=").decode()


def _token(pledge: Pledge, purpose: str, counter: int) -> str:
    return token_for(pledge.pk, purpose, counter)


def parts(token: str) -> tuple[uuid.UUID, bytes]:
    """The row a token names and its proof, not yet looked at. Raises BadLink."""
    try:
        data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        raise BadLink from None
    if len(data) != 16 + _MAC_BYTES:
        raise BadLink
    return uuid.UUID(bytes=data[:16]), data[16:]


def pledges_of_links() -> QuerySet[Pledge]:
    """Pledges with all that a page behind their links needs."""
    return Pledge.objects.select_related("campaign__organization", "campaign__measure", "supporter")


def _pledge(pledge_id: uuid.UUID) -> Pledge | None:
    return pledges_of_links().filter(pk=pledge_id).first()


def is_proof(given: bytes, row_id: uuid.UUID, purpose: str, counter: int) -> bool:
    """Whether a link's proof is that of a row, a purpose and a counter."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(mac(key, row_id, purpose, counter), given) for key in keys)


# Held until the transaction ends.
_HELD = Prepared(lambda: Pledge.objects.select_for_update(no_key=True).filter(pk=Given("pk", UUIDField())))


def _hold(pledge_id: uuid.UUID) -> Pledge | None:
    return next(iter(_HELD.objects(pk=pledge_id)), None)


def _read(token: str, purpose: str, find: Callable[[uuid.UUID], Pledge | None] = _pledge) -> Pledge:
    pledge_id, given = parts(token)
    pledge = find(pledge_id)
    # The same work without a pledge, so that timing tells nothing.
    is_good = is_proof(given, pledge_id, purpose, getattr(pledge, f"{purpose}_counter", 0))
    if pledge is None or not is_good:
        raise LinkSpent
    return pledge


def read_spent(token: str) -> Pledge | None:
    """The pledge of a link that was good once; None for one that never was.

    It opens nothing: it lets a page say what became of the pledge, and mail its owner a fresh link.
    """
    try:
        pledge_id, given = parts(token)
    except BadLink:
        return None
    pledge = _pledge(pledge_id)
    if pledge is None:
        return None
    for purpose in ("confirm", "manage"):
        newest: int = getattr(pledge, f"{purpose}_counter")
        if any(
            is_proof(given, pledge_id, purpose, n) for n in range(newest, max(-1, newest - _REMEMBERED), -1)
        ):
            return pledge
    return None


def confirm_token(pledge: Pledge) -> str:
    """The token that confirms a pledge, once."""
    return _token(pledge, "confirm", pledge.confirm_counter)


def manage_token(pledge: Pledge) -> str:
    """The token of the supporter's own page, good until a new one is asked for."""
    return _token(pledge, "manage", pledge.manage_counter)


def unsubscribe_token(row: Model, purpose: str) -> str:
    """The token that ends mails of one purpose and opens nothing else; it works for as long as the row is kept."""
    return token_for(row.pk, f"unsubscribe.{purpose}", 0)


def read_unsubscribe(token: str, purpose: str, rows: QuerySet[_Row]) -> _Row:
    """The one of these rows whose mails of a purpose a link ends. Raises BadLink or LinkSpent."""
    row_id, given = parts(token)
    row = rows.filter(pk=row_id).first()
    if not is_proof(given, row_id, f"unsubscribe.{purpose}", 0) or row is None:
        raise LinkSpent
    return row


def read_confirm(token: str) -> Pledge:
    """The pledge a confirmation link is for. Raises BadLink or LinkSpent."""
    return _read(token, "confirm")


def hold_confirm(token: str) -> Pledge:
    """The same, locked so that nobody else can use the link meanwhile. Raises BadLink or LinkSpent."""
    return _read(token, "confirm", _hold)


def read_manage(token: str) -> Pledge:
    """The pledge a supporter's page is for. Raises BadLink or LinkSpent."""
    return _read(token, "manage")
