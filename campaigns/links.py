"""Supporters' signed links: nothing secret is stored, and a reissue makes older links worthless.

A token is the pledge's id and an HMAC over id, purpose and a counter of that purpose kept on the pledge.
"""

import base64
import binascii
import hashlib
import hmac
import uuid

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.errors import ActionRefused, LinkSpent
from campaigns.models import Pledge

_MAC_BYTES = 16  # 128 bits: beyond guessing, and the link still fits on one line of a mail


class BadLink(ActionRefused):
    message = _("This link is not complete. Please copy all of it from the mail.")


def _mac(key: str, pledge_id: uuid.UUID, purpose: str, counter: int) -> bytes:
    derived = hashlib.sha256(b"outspoken.link." + key.encode()).digest()
    return hmac.new(derived, f"{pledge_id.hex}.{purpose}.{counter}".encode(), hashlib.sha256).digest()[
        :_MAC_BYTES
    ]


def _token(pledge: Pledge, purpose: str, counter: int) -> str:
    mac = _mac(settings.SECRET_KEY, pledge.pk, purpose, counter)
    return base64.urlsafe_b64encode(pledge.pk.bytes + mac).rstrip(b"=").decode()


def _read(token: str, purpose: str) -> Pledge:
    try:
        data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        raise BadLink from None
    if len(data) != 16 + _MAC_BYTES:
        raise BadLink
    pledge_id = uuid.UUID(bytes=data[:16])
    pledge = (
        Pledge.objects.select_related("campaign__organization", "campaign__measure", "supporter")
        .filter(pk=pledge_id)
        .first()
    )
    counter = getattr(pledge, f"{purpose}_counter", 0)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if pledge is None:
        # The same work as for a real pledge, so that timing tells nothing.
        hmac.compare_digest(_mac(keys[0], pledge_id, purpose, 0), data[16:])
        raise LinkSpent
    if not any(hmac.compare_digest(_mac(key, pledge_id, purpose, counter), data[16:]) for key in keys):
        raise LinkSpent
    return pledge


def confirm_token(pledge: Pledge) -> str:
    """The token that confirms a pledge, once."""
    return _token(pledge, "confirm", pledge.confirm_counter)


def manage_token(pledge: Pledge) -> str:
    """The token of the supporter's own page, good until a new one is asked for."""
    return _token(pledge, "manage", pledge.manage_counter)


def read_confirm(token: str) -> Pledge:
    """The pledge a confirmation link is for. Raises BadLink or LinkSpent."""
    return _read(token, "confirm")


def read_manage(token: str) -> Pledge:
    """The pledge a supporter's page is for. Raises BadLink or LinkSpent."""
    return _read(token, "manage")
