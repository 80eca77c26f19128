"""Mail addresses as identities: one canonical form per mailbox, and keyed hashes where the address must not be kept."""

import hashlib
import hmac
import unicodedata

from django.conf import settings
from email_validator import EmailNotValidError, validate_email

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


class BadAddress(ValueError):
    """The text is not a mail address; its message says what is wrong with it."""


def canonical_email(email: str) -> str:
    """The form that is the same for every spelling of one mailbox.

    NFKC, lower case, the domain in IDNA ASCII, and the provider's own rules for dots and tags.
    Raises BadAddress.
    """
    folded = unicodedata.normalize("NFKC", email.strip())
    try:
        # Names such as example.org are refused by default because they can't receive mail; they can sign here.
        parsed = validate_email(folded, check_deliverability=False, test_environment=True)
    except EmailNotValidError as fault:
        raise BadAddress(str(fault)) from None
    domain = (parsed.ascii_domain or parsed.domain).lower()
    local = parsed.local_part.casefold()
    canonical_domain, dots_ignored, tag = PROVIDERS.get(domain, (domain, False, "+"))
    bare = local.split(tag, 1)[0]
    if bare:  # "+x@example.org" has nothing before its tag: the whole is its name
        local = bare
    if dots_ignored:
        local = local.replace(".", "") or local
    return f"{local}@{canonical_domain}"


def name_key(name: str) -> str:
    """A name without case, accents and extra spaces, to tell two people at one address apart."""
    plain = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())[:80]


def _keyed(purpose: str, text: str) -> str:
    key = hashlib.sha256(f"outspoken.{purpose}".encode() + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def address_hash(canonical: str) -> str:
    """A keyed hash of a canonical mail address, for caps and suppressions."""
    return _keyed("address", canonical)


def signer_hash(network_address: str) -> str:
    """A keyed hash of a network address; the address itself is never kept."""
    return _keyed("signer", network_address)
