"""What somebody typed when they signed, for an hour: a slip in the address is mended without typing everything again.

It lies in the cache, under a key that only their browser has. A session would cost a row and a commit for each
signature, and would keep it for half a day.
"""

import secrets
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from redis.exceptions import RedisError

from campaigns.models import Campaign

_AN_HOUR = 3600
Visit = dict[str, Any]


def remember(response: HttpResponseBase, campaign: Campaign, visit: Visit) -> None:
    """Keep what was typed for a campaign; the response takes its key to the browser."""
    key = secrets.token_urlsafe(24)
    try:
        cache.set(_entry(campaign, key), visit, _AN_HOUR)
    except RedisError:
        return  # the signature counts all the same; only the address can't be mended on the next page
    response.set_cookie(
        _cookie(campaign),
        key,
        max_age=_AN_HOUR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def recall(request: HttpRequest, campaign: Campaign) -> Visit:
    """What this browser typed for a campaign within the hour; empty when it did not, or it was forgotten."""
    key = request.COOKIES.get(_cookie(campaign), "")
    try:
        return cache.get(_entry(campaign, key), {}) if key else {}
    except RedisError:
        return {}


def forget(request: HttpRequest, response: HttpResponseBase, campaign: Campaign) -> None:
    """Drop what was kept: the pledge is confirmed."""
    key = request.COOKIES.get(_cookie(campaign), "")
    if not key:
        return
    with suppress(RedisError):  # it ends within the hour
        cache.delete(_entry(campaign, key))
    response.delete_cookie(_cookie(campaign), samesite="Lax")


def _cookie(campaign: Campaign) -> str:
    return f"signed-{campaign.pk.hex}"


def _entry(campaign: Campaign, key: str) -> str:
    return f"signed:{campaign.pk.hex}:{key[:64]}"
