"""A trial on servers that hold other data: a database of its own, and an empty part of Redis."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import redis
from django.db import connection

# Redis has sixteen numbered databases by default; the ordinary installation is usually in the first.
PARTS = range(15, 0, -1)


@contextmanager
def own_database(url: str, keep: bool) -> Iterator[str]:
    """The address of a fresh database on the server of `url`; dropped afterwards unless kept."""
    name = f"outspoken_demo_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    parts = urlsplit(url)
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        if not keep:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def own_part_of_redis(url: str, keep: bool) -> Iterator[dict[str, str]]:
    """Settings that name an empty numbered database of a Redis server; emptied afterwards unless kept."""
    for number in PARTS:
        client = redis.Redis.from_url(url, db=number)
        if client.dbsize() == 0:
            break
    else:
        raise RuntimeError("Redis has no empty database left for a trial")
    try:
        yield _named(url, number)
    finally:
        if not keep:
            client.flushdb()
        client.close()


def _named(url: str, number: int) -> dict[str, str]:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        # Celery's transport and redis-py spell the number of a socket's database differently.
        socket = urlunsplit(parts._replace(query=""))
        return {"REDIS_URL": f"{socket}?virtual_host={number}", "CACHE_URL": f"{socket}?db={number}"}
    numbered = urlunsplit(parts._replace(path=f"/{number}"))
    return {"REDIS_URL": numbered, "CACHE_URL": numbered}
