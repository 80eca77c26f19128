"""DKIM signatures (RFC 6376): an office's server can tell that a letter comes from the organisation's domain.

Written out here, on `cryptography`'s RSA: the letter is signed once, when its bytes are fixed, and the libraries
that sign mail do their arithmetic in Python, 40 times slower. The tests have another implementation check it.
"""

import base64
import hashlib
import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from campaigns.channels.base import Unfit

# Each is named twice, so that nobody can add a second one to a signed letter (RFC 6376 §8.15).
SIGNED = (
    "from",
    "reply-to",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
)
BITS = 2048

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_SPACE = re.compile(rb"[ \t]+")
_FOLD = re.compile(rb"\r\n(?=[ \t])")


class BadKey(Unfit):
    """A key file that holds no usable RSA key, or a domain that can have none; its message says which."""


def signed(message: bytes, domain: str, at: datetime) -> bytes:
    """The message with a signature in front, where there is a key for the domain; else the message as it is."""
    key = key_of(domain)
    return message if key is None else sign(message, domain, settings.DKIM_SELECTOR, key, at)


def sign(message: bytes, domain: str, selector: str, key: rsa.RSAPrivateKey, at: datetime) -> bytes:
    """The message (CRLF line ends) with a DKIM-Signature in front: rsa-sha256, relaxed/relaxed."""
    head, _empty, body = message.partition(b"\r\n\r\n")
    fields = {}
    for line in _FOLD.sub(b"", head).split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        fields[name.strip().lower().decode("ascii")] = _relaxed(value)
    names = [name for name in SIGNED if name in fields]
    digest = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode("ascii")
    start = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\r\n s={selector}; t={int(at.timestamp())};\r\n"
        f" h={_folded(':'.join(names + names), ':')};\r\n bh={digest};\r\n b="
    )
    own = _relaxed(start.replace("\r\n", "").encode("ascii"))
    hashed = b"".join(b"%s:%s\r\n" % (name.encode("ascii"), fields[name]) for name in names)
    proof = key.sign(hashed + b"dkim-signature:" + own, padding.PKCS1v15(), SHA256())
    text = base64.b64encode(proof).decode("ascii")
    wrapped = "\r\n ".join(text[start : start + 72] for start in range(0, len(text), 72))
    return f"DKIM-Signature: {start}\r\n {wrapped}\r\n".encode("ascii") + message


def key_of(domain: str) -> rsa.RSAPrivateKey | None:
    """The domain's private key from the folder of keys; None where there is none. Raises BadKey."""
    if not settings.DKIM_KEYS or not _DOMAIN.fullmatch(domain):
        return None
    path = key_path(domain)
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(path, changed)


def key_path(domain: str) -> Path:
    """Where a domain's key lies. A domain is letters, digits, dots and hyphens: no path leads out of the folder."""
    if not _DOMAIN.fullmatch(domain):
        raise BadKey(f"{domain!r} is not a domain")
    return Path(settings.DKIM_KEYS) / f"{domain}.pem"


def bad_keys() -> list[str]:
    """What is wrong with each key in the folder that can't be used."""
    wrong = []
    for path in sorted(Path(settings.DKIM_KEYS).glob("*.pem")) if settings.DKIM_KEYS else []:
        try:
            key_of(path.stem)
        except BadKey as fault:
            wrong.append(str(fault))
    return wrong


def make_key(domain: str) -> rsa.RSAPrivateKey:
    """A new key for a domain, in a file that only this user can read. Raises FileExistsError."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    path = key_path(domain)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def record(key: rsa.RSAPrivateKey) -> str:
    """The TXT record that publishes a key (RFC 6376 §3.6.1)."""
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode('ascii')}"


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> rsa.RSAPrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, OSError) as fault:
        raise BadKey(f"{path} holds no private key that can be read") from fault
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 1024:
        raise BadKey(f"{path} holds no RSA key of 1024 bits or more")
    return key


def _relaxed(value: bytes) -> bytes:
    """A field's value as RFC 6376 §3.4.2 has it: unfolded, runs of spaces as one, none at the ends."""
    return _SPACE.sub(b" ", value).strip()


def _relaxed_body(body: bytes) -> bytes:
    """The body as RFC 6376 §3.4.4 has it: no spaces at the ends of lines, no empty lines at the end."""
    lines = [_SPACE.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def _folded(text: str, mark: str) -> str:
    """`text` on lines of at most 72 characters, cut after `mark`."""
    lines = [""]
    for piece in text.split(mark):
        joined = f"{lines[-1]}{mark}{piece}" if lines[-1] else piece
        if len(joined) <= 72:
            lines[-1] = joined
        else:
            lines[-1] += mark
            lines.append(piece)
    return "\r\n ".join(lines)
