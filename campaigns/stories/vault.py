"""Sealing: a key for each story, wrapped by the installation's key. AES-256-GCM (NIST SP 800-38D) for both.

What was sealed for one story, part and revision opens for no other, so rows that were swapped fail instead of lying.
"""

import hashlib
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class Unreadable(Exception):
    """The key is not here, or what it should open was changed."""


def is_ready() -> bool:
    """Whether stories can be kept at all: production has no key by default."""
    return bool(settings.STORY_KEYS)


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def seal(key: bytes, content: bytes, about: str) -> bytes:
    """`content` sealed; it opens only with the same words about it."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """What was sealed. Raises Unreadable."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
    except (InvalidTag, ValueError):
        raise Unreadable(about) from None


def wrap(key: bytes, story_id: UUID) -> tuple[bytes, str]:
    """A story's key as it is stored, and the name of the installation's key that wrapped it."""
    own = _own_key(settings.STORY_KEYS[0])
    return seal(own, key, f"key:{story_id}"), _name(own)


def unwrap(wrapped: bytes, wrapped_by: str, story_id: UUID) -> bytes:
    """A story's key. Raises Unreadable when none of STORY_KEYS wrapped it."""
    for own in map(_own_key, settings.STORY_KEYS):
        if _name(own) == wrapped_by:
            return unseal(own, wrapped, f"key:{story_id}")
    raise Unreadable(f"key:{story_id}")


def current_name() -> str:
    """The name of the key that wraps now; empty without one."""
    return _name(_own_key(settings.STORY_KEYS[0])) if settings.STORY_KEYS else ""


def _own_key(text: str) -> bytes:
    return hashlib.sha256(b"outspoken.story-key." + text.encode()).digest()


def _name(own: bytes) -> str:
    return hashlib.sha256(b"outspoken.story-key-name." + own).hexdigest()[:16]
