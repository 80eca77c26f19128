"""A queue of a hundred thousand letters is taken from its head; nobody reads or sorts all of it to take a window."""

import pytest
from django.db import connection, transaction

from campaigns.delivery import ledger
from campaigns.delivery.setwise import read_in_order
from contacts.clock import now

pytestmark = pytest.mark.django_db


def test_the_next_letters_are_found_by_walking_the_index_of_the_queue():
    with transaction.atomic(), read_in_order():
        plan = ledger.candidates(now())[:100].explain()
    assert "letter_queued" in plan
    assert "Sort" not in plan and "TEMP B-TREE" not in plan


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_only_while_letters_are_looked_for_nothing_is_sorted():
    with transaction.atomic(), connection.cursor() as cursor:
        with read_in_order():
            cursor.execute("SHOW enable_sort")
            assert cursor.fetchone() == ("off",)
        cursor.execute("SHOW enable_sort")
        assert cursor.fetchone() == ("on",)
