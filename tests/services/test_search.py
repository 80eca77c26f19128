"""PostgreSQL answers a search from its indexes: the query says word for word what each index holds."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policy.search import KINDS, search
from tests import factories as make

pytestmark = [pytest.mark.services, pytest.mark.django_db]


def test_every_kind_is_looked_up_in_its_index():
    organization = make.OrganizationFactory()
    with CaptureQueriesContext(connection) as asked:
        search(organization, "beds -north")
    looked = [query["sql"] for query in asked if "to_tsquery" in query["sql"]]
    assert len(looked) == len(KINDS)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for kind, sql in zip(KINDS, looked, strict=True):
            # With so few rows the organisation's own index would do; it is the words' index that is asked about.
            cursor.execute("EXPLAIN " + re.sub(r"organization_id = '[^ ]* AND", "", sql))
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert f"{kind.table}_words" in plan, plan
