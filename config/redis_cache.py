from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis


class _OneClient(RedisCacheClient):
    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        if not hasattr(self, "_made"):
            self._made: Redis = super().get_client(key, write=write)
        return self._made


class OneClientRedisCache(RedisCache):
    """Django's cache in one Redis; Django makes a client for each call, which takes longer than what is asked."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _OneClient
