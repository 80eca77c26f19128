"""Addresses of ours that name a letter: where its reply and its bounce come back to.

The part after the + is the letter's id and an HMAC over id and purpose, so that nobody can make one up, and an
address for replies can't pass for one for bounces. Lower-case base32: some systems fold the case of addresses.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

_MAC_BYTES = 10  # 80 bits; with "bounce+" the local part has 49 of the 64 characters RFC 5321 allows
PURPOSES = ("reply", "bounce")


def _mac(key: str, letter_id: UUID, purpose: str) -> bytes:
    derived = hashlib.sha256(b"outspoken.inbound." + key.encode()).digest()
    return hmac.new(derived, f"{purpose}.{letter_id.hex}".encode(), hashlib.sha256).digest()[:_MAC_BYTES]


def _address(letter_id: UUID, purpose: str) -> str:
    token = _text(letter_id.bytes + _mac(settings.SECRET_KEY, letter_id, purpose))
    return f"{purpose}+{token}@{settings.INBOUND_DOMAIN}"


def _text(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()


def answers_by_us() -> bool:
    """Whether offices are asked to answer to us, who pass it on; else they answer to supporters themselves."""
    return bool(settings.INBOUND_DOMAIN) and settings.INBOUND_REPLIES == "us"


def reply_address(letter_id: UUID) -> str:
    """Where an answer to a letter comes back to us; empty when replies go to supporters themselves."""
    return _address(letter_id, "reply") if answers_by_us() else ""


def return_path(letter_id: UUID, mail_domain: str) -> str:
    """The envelope sender of a letter: names it, so that any bounce does (VERP), once mail can come in."""
    return _address(letter_id, "bounce") if settings.INBOUND_DOMAIN else f"letters@{mail_domain}"


def named_letter(address: str) -> tuple[str, UUID] | None:
    """The purpose and the letter an address of ours names; None for any that we did not make."""
    local, _at, domain = address.strip().lower().rpartition("@")
    purpose, _plus, token = local.partition("+")
    if not settings.INBOUND_DOMAIN or domain != settings.INBOUND_DOMAIN or purpose not in PURPOSES:
        return None
    try:
        data = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        return None
    if len(data) != 16 + _MAC_BYTES or _text(data) != token:
        return None
    letter_id = UUID(bytes=data[:16])
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    # Every key is tried, so that timing tells nothing.
    proofs = [hmac.compare_digest(_mac(key, letter_id, purpose), data[16:]) for key in keys]
    return (purpose, letter_id) if any(proofs) else None


def first_named(addresses: Iterable[str]) -> tuple[str, UUID] | None:
    """The first letter that one of the addresses names."""
    return next((named for address in addresses if (named := named_letter(address))), None)
