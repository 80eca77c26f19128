"""Triggers that keep a table append-only, for migrations: what was recorded of a measure stays while it stands.

SQLite loses triggers when a later migration rebuilds the table: put them there again (a test notices).
"""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# A row may go only after its measure went, in the same transaction: nobody takes one line out of a history.
_SQLITE = [
    """CREATE TRIGGER {table}_stays BEFORE UPDATE OF {columns} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""",
    """CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
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
    """Refuse updates of `columns` and deletions in `table`, whose rows have a `measure_id`."""
    statements = _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE
    for statement in statements:
        editor.execute(
            statement.format(table=table, columns=", ".join(f'"{name}"' for name in columns)), None
        )


def allow_changes(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Take the triggers off again."""
    on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
    editor.execute(f"DROP TRIGGER {table}_stays{on}", None)
    editor.execute(f"DROP TRIGGER {table}_kept{on}", None)
    if on:
        editor.execute(f"DROP FUNCTION {table}_append_only()", None)
