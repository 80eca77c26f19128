"""Triggers that keep tables append-only: what was recorded of a measure stays while it stands.

Django changes a table on SQLite by making another in its place; a table's triggers go with it, and those that name it
stand in the way. So there they are taken away before migrations and made again after them. PostgreSQL's are made once,
by the migration.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from contacts.sqlite import columns_of

# Everything but the author, whose account may go.
TABLES = {
    "policy_measureevent": (
        "id",
        "measure_id",
        "kind",
        "on",
        "chamber_id",
        "note",
        "source_url",
        "strikes_id",
        "reason",
        "recorded_at",
    ),
    "policy_measureposition": ("id", "measure_id", "position", "reasons", "on", "recorded_at"),
}
# A row may go only after its measure went, in the same transaction: nobody takes one line out of a history.
_SQLITE = [
    """CREATE TRIGGER IF NOT EXISTS {table}_stays BEFORE UPDATE OF {columns} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS {table}_kept BEFORE DELETE ON {table}
WHEN EXISTS (SELECT 1 FROM policy_measure WHERE id = OLD.measure_id)
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""",
]
_POSTGRESQL = [
    """CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM policy_measure WHERE id = OLD.measure_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$""",
    """CREATE TRIGGER {table}_stays BEFORE UPDATE OF {columns} ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_append_only()""",
    """CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_append_only()""",
]


def forbid_changes(editor: BaseDatabaseSchemaEditor, table: str, columns: Sequence[str]) -> None:
    """On PostgreSQL, refuse updates of `columns` and deletions in `table`, whose rows have a `measure_id`."""
    if editor.connection.vendor == "postgresql":
        for statement in _POSTGRESQL:
            editor.execute(_filled(statement, table, columns), None)


def allow_changes(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Take PostgreSQL's triggers off again."""
    if editor.connection.vendor == "postgresql":
        for name in ("stays", "kept"):
            editor.execute(f"DROP TRIGGER {table}_{name} ON {table}", None)
        editor.execute(f"DROP FUNCTION {table}_append_only()", None)


def take_away(using: str, **_signal: Any) -> None:
    """Before migrations on SQLite: no trigger may stand in their way."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in TABLES:
                for name in ("stays", "kept"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")


def keep(using: str, **_signal: Any) -> None:
    """After migrations on SQLite: the triggers are there, where the tables are."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table, columns in TABLES.items():
            # Less where the database was migrated to a state that did not know them yet.
            if columns_of(cursor, table) >= set(columns):
                for statement in _SQLITE:
                    cursor.execute(_filled(statement, table, columns))


def _filled(statement: str, table: str, columns: Sequence[str]) -> str:
    return statement.format(table=table, columns=", ".join(f'"{name}"' for name in columns))
