"""How often one network address, its neighbourhood or one campaign may be signed from; and whose address it is."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from contacts.addresses import signer_hash


@dataclass(frozen=True)
class Limit:
    """At most `most` in any window of `seconds`."""

    most: int
    seconds: int


# Burst and sustained, per address, per neighbourhood (/24, /48) and per campaign. Many people share one
# address at schools and offices, so the sustained limits are wide; the mail caps are what protects inboxes.
ADDRESS = [Limit(10, 60), Limit(100, 86400)]
NEIGHBOURHOOD = [Limit(40, 60), Limit(600, 86400)]
CAMPAIGN = [Limit(3000, 60)]


def client_address(request: HttpRequest) -> str:
    """The network address that reached the outermost proxy of ours.

    Proxies append what they saw, so it stands TRUSTED_PROXY_COUNT hops from the right. What a client wrote
    itself stands further left and is never read.
    """
    trusted = settings.TRUSTED_PROXY_COUNT
    peer = request.META.get("REMOTE_ADDR", "")
    if trusted:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= trusted:
            peer = hops[-trusted]
    try:
        return str(ip_address(peer))
    except ValueError:
        return "0.0.0.0"  # noqa: S104  # not an address to bind to: a name for "unknown"


def neighbourhood(address: str) -> str:
    """The /24 or /48 an address lies in."""
    return str(ip_network(f"{address}/{24 if ip_address(address).version == 4 else 48}", strict=False))


def may_sign(address: str, campaign_id: object) -> bool:
    """Count one signature from an address; False when it is one too many. Addresses are counted as keyed hashes."""
    counted = [
        (f"sign:{campaign_id}:{signer_hash(address)}", ADDRESS),
        (f"sign:{campaign_id}:{signer_hash(neighbourhood(address))}", NEIGHBOURHOOD),
        (f"sign:{campaign_id}", CAMPAIGN),
    ]
    # All are counted, even when the first is over: otherwise a flood would be cheap for the others.
    return all([_count(f"{key}:{limit.seconds}", limit) for key, limits in counted for limit in limits])


def _count(key: str, limit: Limit) -> bool:
    cache.add(key, 0, limit.seconds)
    try:
        return cache.incr(key) <= limit.most
    except ValueError:  # the window ended between the two calls
        cache.set(key, 1, limit.seconds)
        return True
