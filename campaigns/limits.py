"""How often one may sign, by network address, neighbourhood, campaign and opened page."""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest
from redis import Redis
from redis.commands.core import Script
from redis.exceptions import RedisError

from contacts.addresses import signer_hash
from contacts.lookups import looked_up


@dataclass(frozen=True)
class Limit:
    """At most `most` in any window of `seconds`."""

    most: int
    seconds: int


# A key, and how often it may be counted.
Counted = list[tuple[str, Limit]]

MINUTE, DAY = 60, 86400
# Burst and sustained. Many people share one address at schools and offices, so the sustained limits are wide;
# the caps on mail are what protects inboxes.
ADDRESS = [Limit(10, 60), Limit(100, DAY)]
NEIGHBOURHOOD = [Limit(40, 60), Limit(600, DAY)]
# The same over all campaigns of the installation, so that a flood can't be spread over them.
ADDRESS_ANYWHERE = [Limit(30, 60), Limit(300, DAY)]
# What is kept for a person to look at; a flood beyond it leaves nothing behind.
HELD = Limit(2_000, DAY)
# One opened page: somebody mends a slip a few times, a program sends it for ever.
ONE_FORM = Limit(5, DAY)

_OWN_MEMORY = LocMemCache("limits", {"OPTIONS": {"MAX_ENTRIES": 50_000}})

UNKNOWN = "0.0.0.0"  # noqa: S104  # not an address to bind to: a name for "unknown"
# Some proxies write the port too: 192.0.2.1:4711, [2001:db8::1]:4711.
_WITH_PORT = re.compile(r"\[(?P<six>[0-9A-Fa-f:.]+)\](:\d+)?|(?P<four>\d+\.\d+\.\d+\.\d+):\d+")


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
    return str(_parsed(peer))


def _parsed(text: str) -> IPv4Address | IPv6Address:
    """An address in its one spelling: without port and zone, IPv4 in IPv6 as IPv4."""
    match = _WITH_PORT.fullmatch(text)
    if match:
        text = match["six"] or match["four"]
    try:
        address = ip_address(text.split("%", 1)[0])
    except ValueError:
        return ip_address(UNKNOWN)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def neighbourhood(address: str) -> str:
    """The /24 or /48 an address lies in."""
    return str(ip_network(f"{address}/{24 if ip_address(address).version == 4 else 48}", strict=False))


def may_sign(address: str, campaign_id: object) -> bool:
    """Count one signature from an address; False when it is one too many. Only keyed hashes are kept."""
    return all(_count(_of_place(address, campaign_id)))


def may_send(address: str, campaign_id: object, nonce: str) -> tuple[bool, bool]:
    """Count one sending of an opened page, and of what it asks for as a signature from an address.

    Gives whether the page was not sent too often, and whether the address has not asked too often.
    """
    counted = [(f"form:{nonce}", ONE_FORM), *_of_place(address, campaign_id)]
    page, *place = _count(counted, first_decides=True)
    return page, all(place)


def _of_place(address: str, campaign_id: object) -> Counted:
    here = signer_hash(address)
    counted = [
        (f"sign:{campaign_id}:{here}", ADDRESS),
        (f"sign:{campaign_id}:{signer_hash(neighbourhood(address))}", NEIGHBOURHOOD),
        (f"sign:{campaign_id}", [Limit(settings.SIGNING_MOST_A_MINUTE, MINUTE)]),
        (f"sign:{here}", ADDRESS_ANYWHERE),
    ]
    return [(f"{key}:{limit.seconds}", limit) for key, limits in counted for limit in limits]


def may_hold(campaign_id: object) -> bool:
    """Count one signature that a person should look at; False when there are more than anybody will."""
    return all(_count([(f"held:{campaign_id}", HELD)]))


def signed_this_minute(campaign_id: object) -> int:
    """How many signatures were sent to a campaign in the minute that is counted now; up to a second ago."""
    key = f"sign:{campaign_id}:{MINUTE}"
    return looked_up(("counted", key), lambda: _counted(key), seconds=1)


def _counted(key: str) -> int:
    own = int(_OWN_MEMORY.get(key, 0))
    with suppress(RedisError):
        return max(own, int(cache.get(key, 0)))
    return own


def _count(counted: Counted, *, first_decides: bool = False) -> list[bool]:
    """Count one more under every key; whether each is within its limit.

    All are counted, even when one is over: otherwise a flood would be cheap for the others. Where the first decides
    and is over, it alone is.
    """
    if not settings.REDIS_URL:
        return _count_in(cache, counted, first_decides)
    try:
        return _count_in_redis(counted, first_decides)
    except RedisError:
        # Without Redis, or where it forbids scripts, the limits neither vanish nor take the pages with them: each
        # process counts for itself.
        return _count_in(_OWN_MEMORY, counted, first_decides)


# One more under each key, whose window (ARGV, seconds) begins with the first; gives the counts. The last of ARGV is how
# many of the first are too many for the others to be counted, or 0.
_COUNT = """
local counts = {}
for n, key in ipairs(KEYS) do
  counts[n] = redis.call('INCR', key)
  if counts[n] == 1 then redis.call('EXPIRE', key, ARGV[n]) end
  local most = tonumber(ARGV[#KEYS + 1])
  if n == 1 and most > 0 and counts[n] > most then break end
end
return counts
"""


def _count_in_redis(counted: Counted, first_decides: bool) -> list[bool]:
    """All keys in one command: asked one by one, they would take longer than the signature itself."""
    counts: list[int] = _counting(settings.CACHES["default"]["LOCATION"])(
        keys=[cache.make_key(key) for key, _limit in counted],
        args=[*(limit.seconds for _key, limit in counted), counted[0][1].most if first_decides else 0],
    )
    return [count <= limit.most for count, (_key, limit) in zip(counts, counted, strict=False)]


@lru_cache(maxsize=1)
def _counting(address: str) -> Script:
    redis = Redis.from_url(address, socket_timeout=2, socket_connect_timeout=2)
    return redis.register_script(_COUNT)


def _count_in(store: BaseCache, counted: Counted, first_decides: bool) -> list[bool]:
    (key, limit), *others = counted
    first = _count_one(store, key, limit)
    if first_decides and not first:
        return [first]
    return [first, *(_count_one(store, key, limit) for key, limit in others)]


def _count_one(store: BaseCache, key: str, limit: Limit) -> bool:
    store.add(key, 0, limit.seconds)
    try:
        return bool(store.incr(key) <= limit.most)
    except ValueError:  # the window ended between the two calls
        store.set(key, 1, limit.seconds)
        return True
