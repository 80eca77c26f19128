"""Whether a thread has come to a lock that another holds: what a race waits for before it goes on."""

from django.db import connection


def somebody_waits():
    """How many wait for a lock in this test's own database. Other tests run beside it on the same server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # inside a transaction it would stay as first seen
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]
