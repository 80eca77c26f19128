"""One idempotency key from many sides at once. Needs row locks that only PostgreSQL has."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from campaigns.models import IdempotencyKey, OutboxMail, Pledge
from tests.campaigns.api import sign
from tests.factories import campaign_with_targets

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def test_many_requests_with_one_key_act_once():
    campaign = campaign_with_targets()

    def call(_number):
        try:
            return sign(Client(), campaign, key="one").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(call, range(8)))
    assert 202 in codes
    assert set(codes) <= {202, 409}
    assert Pledge.objects.count() == OutboxMail.objects.count() == IdempotencyKey.objects.count() == 1
    assert sign(Client(), campaign, key="one").status_code == 202
