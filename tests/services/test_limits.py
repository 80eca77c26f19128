"""Limits are counted in Redis, for all processes together, and each window ends by itself."""

import pytest
from redis import Redis as Client

from campaigns import limits
from scripts.services import Redis

pytestmark = pytest.mark.services


@pytest.fixture
def redis(tmp_path, settings):
    server = Redis(tmp_path)
    server.start()
    settings.REDIS_URL = server.url
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": server.url}}
    yield Client.from_url(server.url)
    server.stop()


def test_a_page_is_taken_five_times_and_every_count_has_an_end(redis):
    sent = [limits.may_send(f"198.51.100.{n}", "another campaign", "page") for n in range(7)]
    assert sent == [(True, True)] * 5 + [(False, True)] * 2
    assert limits.may_send("198.51.100.8", "another campaign", "another page") == (True, True)
    # What a page is sent too often for counts against nothing else: five and five more are ten in a minute.
    sent = [limits.may_send("192.0.2.9", "a third", "worn") for _ in range(9)]
    assert sent == [(True, True)] * 5 + [(False, True)] * 4
    sent = [limits.may_send("192.0.2.9", "a third", f"page {n}") for n in range(6)]
    assert sent == [(True, True)] * 5 + [(True, False)]
    assert all(limits.may_sign("192.0.2.1", "campaign") for _ in range(10))
    assert not limits.may_sign("192.0.2.1", "campaign")
    assert not limits.may_sign("192.0.2.1", "campaign") and limits.may_sign("198.51.100.1", "campaign")
    ends = [redis.ttl(key) for key in redis.scan_iter()]
    assert len(ends) >= 9 and all(0 < seconds <= limits.DAY for seconds in ends)
