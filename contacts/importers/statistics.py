"""What the database believes of its tables' sizes, put right inside an import.

An import queries what it has just written before it commits. Where PostgreSQL last looked at the tables when they
were empty (after a dry run or a first start, say) it expects one row, joins row by row, and takes hours.
"""

from django.db import connection, models


def count_again(*tables: type[models.Model]) -> None:
    """Let PostgreSQL look at the tables as this transaction sees them. SQLite plans by its indexes and needs none."""
    if connection.vendor != "postgresql":
        return
    names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
