"""PostgreSQL plans by what it believes of its tables; an import must not be held up by what it believed before."""

import pytest
from django.db import connection, transaction

from contacts.models import ContactPoint, Division, Membership, Office, PostalArea
from tests.contacts.importing import changes, run, set_day

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


class Undone(Exception):
    pass


def believed_rows(model):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        return cursor.fetchone()[0]


def import_congress(public_data):
    legislators = run("import_legislators", "us-congress", public_data / "us-congress")
    return legislators, run("import_districts", "us-zip", public_data / "us-zip")


@pytest.mark.timeout(120)
def test_an_import_after_an_undone_one_is_not_planned_for_empty_tables(public_data):
    set_day()
    with pytest.raises(Undone), transaction.atomic():
        import_congress(public_data)
        raise Undone
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert believed_rows(Office) == 0
    legislators, districts = import_congress(public_data)
    assert (legislators["offices"], districts["zip_areas"]) == (1848, 33774)
    assert believed_rows(Office) > 1000 and believed_rows(PostalArea) > 30000
    assert min(believed_rows(model) for model in (ContactPoint, Division, Membership)) > 100
    assert changes(run("import_legislators", "us-congress", public_data / "us-congress")) == (0, 0, 0)
