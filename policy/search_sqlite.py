"""The FTS5 table behind search on SQLite, and the triggers that keep it.

Django changes a table on SQLite by making another in its place, and a table's triggers go with it. So they are taken
away before migrations and made again after them, with the whole table written anew: some thousand rows, in a blink.
Words are folded before they are stored, by the same function as what is typed: FTS5 would fold Latin letters only.
PostgreSQL keeps expression indexes by itself; nothing here touches it.
"""

from typing import Any

from django.db import connections, transaction

from contacts.sqlite import columns_of
from policy.search import KINDS, Kind, fold

TABLE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS policy_search USING fts5("
    "title, body, kind UNINDEXED, object UNINDEXED, organization UNINDEXED, "
    "tokenize = \"unicode61 remove_diacritics 0\", prefix = '2 3')"
)
_INTO = "INSERT INTO policy_search (title, body, kind, object, organization)"


def add_function(connection: Any, **_signal: Any) -> None:
    """On each new connection to SQLite: what the triggers call."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("policy_fold", 1, fold, deterministic=True)


def take_away(using: str, **_signal: Any) -> None:
    """Before migrations: no trigger may stand in their way."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for kind in KINDS:
            for moment in ("insert", "update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS policy_search_{kind.name}_{moment}")


def keep(using: str, **_signal: Any) -> None:
    """After migrations: table and triggers are there, and the table says what the others say."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS policy_search")
        cursor.execute(TABLE)
        for kind in KINDS:
            if not columns_of(cursor, kind.table).issuperset((*kind.title, *kind.body)):
                continue  # migrated to a state that did not know them yet
            cursor.execute(f"{_INTO} SELECT {_values(kind, '')} FROM {kind.table}")  # noqa: S608
            for statement in _triggers(kind):
                cursor.execute(statement)


def _values(kind: Kind, row: str) -> str:
    organization = "NULL" if kind.is_shared else f"{row}organization_id"
    title, body = kind.words(kind.title, row), kind.words(kind.body, row)
    return f"policy_fold({title}), policy_fold({body}), '{kind.name}', {row}id, {organization}"


def _triggers(kind: Kind) -> list[str]:
    name = f"policy_search_{kind.name}"
    add = f"{_INTO} VALUES ({_values(kind, 'new.')});"
    remove = f"DELETE FROM policy_search WHERE kind = '{kind.name}' AND object = old.id;"  # noqa: S608
    columns = (*kind.title, *kind.body)
    changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
    return [
        f"CREATE TRIGGER IF NOT EXISTS {name}_insert AFTER INSERT ON {kind.table} BEGIN {add} END",
        f"CREATE TRIGGER IF NOT EXISTS {name}_delete AFTER DELETE ON {kind.table} BEGIN {remove} END",
        f"CREATE TRIGGER IF NOT EXISTS {name}_update AFTER UPDATE OF {', '.join(columns)} ON {kind.table} "
        f"WHEN {changed} BEGIN {remove} {add} END",
    ]
