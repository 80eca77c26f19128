"""What each pledge and letter adds to which number, as SQL: for triggers that keep tallies, and for counting anew.

Both come from the same text, so that they can't count differently. Django changes a table on SQLite by making another
in its place, whose triggers are gone; so there they are taken away before migrations and made again after them.
PostgreSQL's are made by the last migration that changes what is counted.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connections

from campaigns.models.letter import Letter
from contacts.sqlite import columns_of

PLEDGE, LETTER, RESIDENCE = "campaigns_pledge", "campaigns_letter", "contacts_residence"
_INTO = "INSERT INTO campaigns_tally (owner, kind, key, n, is_folded)"
# Columns whose change changes a number.
COLUMNS = {
    PLEDGE: ("campaign_id", "supporter_id", "state", "is_test", "confirmed_at", "city", "postal_code"),
    LETTER: ("drive_id", "post_id", "channel", "state", "is_test", "sent_at", "send_after"),
    RESIDENCE: ("supporter_id", "division_id"),
}
# Quarters of an hour: every time zone there is begins its days with one.
_SLOT = {
    "postgresql": "to_char(date_bin('15 minutes', p.confirmed_at, timestamptz '2000-01-01 00:00+00')"
    " AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')",
    "sqlite": "substr(p.confirmed_at, 1, 14) || substr('0' || (substr(p.confirmed_at, 15, 2) / 15 * 15), -2)",
}
_HOUR = {
    "postgresql": "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')",
    "sqlite": "substr({}, 1, 13)",
}
_HEX = {"postgresql": "replace({}::text, '-', '')", "sqlite": "{}"}
_COUNTED = "p.state = 'confirmed' AND NOT p.is_test"


def _one_of(states: Iterable[object]) -> str:
    return ", ".join(f"'{state}'" for state in map(str, states))


_REACHED = f"l.state IN ({_one_of(Letter.ACCEPTED)}) AND l.channel <> 'link' AND NOT l.is_test"
# What people carry keeps no hours.
_MAILED = "NOT l.is_test AND l.channel NOT IN ('print', 'link')"
_AHEAD = f"l.state IN ({_one_of([*Letter.WAITING, *Letter.LEAVING])}) AND l.send_after IS NOT NULL"


def rows(vendor: str, table: str, source: str, n: int) -> str:
    """A query for owner, kind, key and n: what the rows of `table` that stand in `source` add `n` times."""
    division, post = _HEX[vendor].format("r.division_id"), _HEX[vendor].format("l.post_id")
    sent, ahead = _HOUR[vendor].format("l.sent_at"), _HOUR[vendor].format("l.send_after")
    if table == LETTER:
        return f"""SELECT l.drive_id AS owner, 'letters' AS kind, l.channel || ' ' || l.state AS key, {n} AS n
    FROM {source} l WHERE NOT l.is_test
  UNION ALL SELECT l.drive_id, 'seats', {post}, {n} FROM {source} l WHERE NOT l.is_test
  UNION ALL SELECT l.drive_id, 'offices', {post}, {n} FROM {source} l WHERE {_REACHED}
  UNION ALL SELECT l.drive_id, 'hours', 'sent ' || {sent}, {n}
    FROM {source} l WHERE {_MAILED} AND l.sent_at IS NOT NULL
  UNION ALL SELECT l.drive_id, 'hours', 'ahead ' || {ahead}, {n} FROM {source} l WHERE {_MAILED} AND {_AHEAD}"""
    if table == RESIDENCE:
        return f"""SELECT p.campaign_id AS owner, 'divisions' AS kind, {division} AS key, {n} AS n
    FROM {source} r JOIN {PLEDGE} p ON p.supporter_id = r.supporter_id WHERE {_COUNTED}"""
    return f"""SELECT p.campaign_id AS owner, 'pledges' AS kind, p.state AS key, {n} AS n
    FROM {source} p WHERE NOT p.is_test
  UNION ALL SELECT p.campaign_id, 'signed', {_SLOT[vendor]}, {n} FROM {source} p WHERE {_COUNTED}
  UNION ALL SELECT p.campaign_id, 'towns', COALESCE(NULLIF(TRIM(p.city), ''), p.postal_code), {n}
    FROM {source} p WHERE {_COUNTED}
  UNION ALL SELECT p.campaign_id, 'divisions', {division}, {n}
    FROM {source} p JOIN {RESIDENCE} r ON r.supporter_id = p.supporter_id WHERE {_COUNTED}"""


def differences(vendor: str) -> str:
    """A query for owner, kind, key and n: how much too little the tallies say, everything counted in one snapshot.

    Views are not among them: nothing is left of a view but its stroke.
    """
    return f"""SELECT owner, kind, key, SUM(n) AS n FROM (
  {rows(vendor, PLEDGE, PLEDGE, 1)}
  UNION ALL {rows(vendor, LETTER, LETTER, 1)}
  UNION ALL SELECT owner, kind, key, -n FROM campaigns_tally WHERE kind <> 'views') every
GROUP BY owner, kind, key HAVING SUM(n) <> 0"""


def mend(vendor: str) -> str:
    """The statement that adds what `differences` finds."""
    return f"{_INTO} SELECT owner, kind, key, n, false FROM ({differences(vendor)}) missing"


# PostgreSQL ---------------------------------------------------------------------------------------

# A district is counted by somebody's pledges and by where they live. Whoever changes one of these waits for who
# changes the other, and then sees what they did.
_LOCK = """
    PERFORM 1 FROM contacts_supporter WHERE id IN (SELECT supporter_id FROM {source}) ORDER BY id FOR NO KEY UPDATE;"""


def create_on_postgresql() -> list[str]:
    """Statements for functions and triggers, once for each statement that changes a table."""
    made = []
    for table, columns in COLUMNS.items():
        name, some = f"{table}_tally", ", ".join(("id", *columns))
        locks = {
            source: "" if table == LETTER else _LOCK.format(source=source) for source in ("gone", "come")
        }
        gone, come = rows("postgresql", table, "gone", -1), rows("postgresql", table, "come", 1)
        made.append(f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN{locks["come"]}
    {_added(come)}
  ELSIF TG_OP = 'DELETE' THEN{locks["gone"]}
    {_added(gone)}
  ELSIF EXISTS (SELECT {some} FROM come EXCEPT SELECT {some} FROM gone) THEN{locks["gone"]}{locks["come"]}
    {_added(f"{gone} UNION ALL {come}")}
  END IF;
  RETURN NULL;
END $$""")
        for event, seen in {
            "INSERT": "NEW TABLE AS come",
            "DELETE": "OLD TABLE AS gone",
            "UPDATE": "OLD TABLE AS gone NEW TABLE AS come",
        }.items():
            made.append(
                f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table} REFERENCING {seen} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )
    return made


def _added(some: str) -> str:
    return f"{_INTO} SELECT owner, kind, key, SUM(n), false FROM ({some}) every GROUP BY 1, 2, 3 HAVING SUM(n) <> 0;"


def drop_on_postgresql() -> list[str]:
    return [f"DROP FUNCTION IF EXISTS {table}_tally() CASCADE" for table in COLUMNS]


# SQLite -------------------------------------------------------------------------------------------


def _on_sqlite(table: str, columns: tuple[str, ...]) -> list[str]:
    def one(row: str, n: int) -> str:
        source = "(SELECT " + ", ".join(f"{row}.{column} AS {column}" for column in columns) + ")"
        return f"{_INTO} SELECT owner, kind, key, n, false FROM ({rows('sqlite', table, source, n)}) every;"

    gone, come = one("OLD", -1), one("NEW", 1)
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    return [
        f"CREATE TRIGGER {table}_tally_insert AFTER INSERT ON {table} BEGIN {come} END",
        f"CREATE TRIGGER {table}_tally_delete AFTER DELETE ON {table} BEGIN {gone} END",
        f"CREATE TRIGGER {table}_tally_update AFTER UPDATE OF {', '.join(columns)} ON {table} "
        f"WHEN {changed} BEGIN {gone} {come} END",
    ]


def take_away(using: str, **_signal: Any) -> None:
    """Before migrations on SQLite: no trigger may stand in their way."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in COLUMNS:
                for moment in ("insert", "delete", "update"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_tally_{moment}")


def keep(using: str, **_signal: Any) -> None:
    """After migrations on SQLite: the triggers are there, and what changed without them is counted."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    take_away(using)
    with connection.cursor() as cursor:
        for table, columns in {
            **COLUMNS,
            "campaigns_tally": ("owner", "kind", "key", "n", "is_folded"),
        }.items():
            if not columns_of(cursor, table).issuperset(columns):
                return  # migrated to a state that did not know them yet
        cursor.execute(mend("sqlite"))
        for table, columns in COLUMNS.items():
            for statement in _on_sqlite(table, columns):
                cursor.execute(statement)
