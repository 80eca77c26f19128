"""Mail addresses as identities: one canonical form per mailbox, and keyed hashes where the address must not be kept."""

import hashlib
import hmac
import re
import unicodedata

from django.conf import settings
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

# Mailboxes that several addresses reach. Source: the providers' own help pages.
# domain -> (canonical domain, dots are ignored, what follows this sign is ignored)
PROVIDERS: dict[str, tuple[str, bool, str]] = {
    "gmail.com": ("gmail.com", True, "+"),
    "googlemail.com": ("gmail.com", True, "+"),
    "outlook.com": ("outlook.com", False, "+"),
    "hotmail.com": ("hotmail.com", False, "+"),
    "live.com": ("live.com", False, "+"),
    "icloud.com": ("icloud.com", False, "+"),
    "me.com": ("icloud.com", False, "+"),
    "mac.com": ("icloud.com", False, "+"),
    "fastmail.com": ("fastmail.com", False, "+"),
    "protonmail.com": ("proton.me", True, "+"),
    "proton.me": ("proton.me", True, "+"),
    "pm.me": ("proton.me", True, "+"),
    "yahoo.com": ("yahoo.com", False, "-"),
}


# An address without anything that needs a thorough look. What it matches, the thorough look leaves as it is, at
# thirty times the cost: a list of a hundred thousand people would spend more time on this than on all the rest.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+(?P<top>[A-Za-z]{{2,63}}))")
# The last labels of names that are set apart (RFC 6761): the thorough look says which of them may be used.
_SET_APART = {name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES} | {"test"}


class BadAddress(ValueError):
    """The text is not a mail address; its message says what is wrong with it."""


def canonical_email(email: str) -> str:
    """The form that is the same for every spelling of one mailbox.

    NFKC, lower case, the domain in IDNA ASCII, and the provider's own rules for dots and tags.
    Raises BadAddress.
    """
    folded = unicodedata.normalize("NFKC", email.strip())
    local, domain = _plain_parts(folded) or _parts(folded)
    canonical_domain, dots_ignored, tag = PROVIDERS.get(domain, (domain, False, "+"))
    bare = local.split(tag, 1)[0]
    if bare:  # "+x@example.org" has nothing before its tag: the whole is its name
        local = bare
    if dots_ignored:
        local = local.replace(".", "") or local
    return f"{local}@{canonical_domain}"


def _plain_parts(email: str) -> tuple[str, str] | None:
    """Local part and domain of a plain address in small letters; None for one that needs a thorough look."""
    match = _PLAIN.fullmatch(email)
    if match is None or len(email) > 254 or len(match["local"]) > 64 or "--" in match["domain"]:
        return None
    return None if match["top"].lower() in _SET_APART else (match["local"].lower(), match["domain"].lower())


def _parts(email: str) -> tuple[str, str]:
    try:
        # Names such as example.org are refused by default because they can't receive mail; they can sign here.
        parsed = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as fault:
        raise BadAddress(str(fault)) from None
    return parsed.local_part.casefold(), (parsed.ascii_domain or parsed.domain).lower()


def name_key(name: str) -> str:
    """A name without case, accents and extra spaces, to tell two people at one address apart."""
    plain = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())[:80]


def _keyed(purpose: str, text: str) -> str:
    # The oldest key: who asked never to be written to, and whose story this is, is still found after it was changed.
    oldest = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS][-1]
    key = hashlib.sha256(f"outspoken.{purpose}".encode() + oldest.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def address_hash(canonical: str) -> str:
    """A keyed hash of a canonical mail address, for caps and suppressions."""
    return _keyed("address", canonical)


def signer_hash(network_address: str) -> str:
    """A keyed hash of a network address; the address itself is never kept."""
    return _keyed("signer", network_address)
