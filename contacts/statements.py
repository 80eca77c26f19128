"""Statements of the busiest moments, put together once.

Django writes the SQL of a query anew each time it is asked, which costs several times what the database needs to answer
it. Signing and confirming ask the same few things of everybody; what they ask still stands as a query of the models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

# Rows in one statement: SQLite takes some 32,000 values.
_AT_ONCE = 200

M = TypeVar("M", bound=Model)


class Given(Expression):
    """Stands in a prepared query for a value that is given each time it is asked."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


class Prepared(Generic[M]):
    """A query with places (`Given`) for what differs; each takes one value, and no relations are followed.

    `hold_keys`: what it finds is locked as a foreign key to it locks it, which is the only lock that Django has no word
    for: nobody takes a whole lock of it until the transaction ends.
    """

    def __init__(self, query: Callable[[], QuerySet[M, Any]], *, hold_keys: bool = False) -> None:
        self._query, self._hold_keys = query, hold_keys

    @cached_property
    def _compiled(self) -> tuple[str, Sequence[Any], list[str], list[tuple[int, list[Any], Any]]]:
        query = self._query().query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        if self._hold_keys and connection.features.has_select_for_no_key_update:
            sql += " FOR KEY SHARE"
        columns = [column[0] for column in compiler.select]
        converters = [
            (at, converters, column) for at, (converters, column) in compiler.get_converters(columns).items()
        ]
        names = [column.target.attname for column in columns if hasattr(column, "target")]
        return sql, params, names, converters

    def rows(self, **given: Any) -> list[list[Any]]:
        """What the query finds, a list of values for each row."""
        sql, params, _names, converters = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, [_filled(param, given) for param in params])
            found = [list(row) for row in cursor.fetchall()]
        for row in found:
            for at, functions, column in converters:
                for function in functions:
                    row[at] = function(row[at], column, connection)
        return found

    def objects(self, **given: Any) -> list[M]:
        """What the query finds, as objects of its model."""
        rows = self.rows(**given)
        _sql, _params, names, _converters = self._compiled
        return [self._model.from_db(DEFAULT_DB_ALIAS, names, row) for row in rows]

    @cached_property
    def _model(self) -> type[M]:
        return self._query().model


def _filled(param: Any, given: dict[str, Any]) -> Any:
    if not isinstance(param, Given):
        return param
    return param.output_field.get_db_prep_value(given[param.name], connection)


def insert(rows: Sequence[Model], *, or_leave: bool = False) -> int:
    """Store new rows of one model; gives how many. `or_leave`: without those that a unique constraint knows already.

    Like bulk_create, but for few rows, and keys that the database counts are not filled in.
    """
    if not rows:
        return 0
    if len(rows) > _AT_ONCE:
        return insert(rows[:_AT_ONCE], or_leave=or_leave) + insert(rows[_AT_ONCE:], or_leave=or_leave)
    lines = [_line(row) for row in rows]
    ends = " ON CONFLICT DO NOTHING" if or_leave else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_into(type(rows[0]))} VALUES {', '.join(f'({places})' for places, _values in lines)}{ends}",
            [value for _places, values in lines for value in values],
        )
        stored: int = cursor.rowcount
    _are_stored(rows)
    return stored


def insert_with(first: Model, others: Sequence[Model]) -> bool:
    """Store a new row and what belongs to it, all or nothing; False, and nothing, when a unique constraint knows it.

    PostgreSQL takes all of it as one statement, which needs no transaction around it.
    """
    places, values = _line(first)
    sql = f"{_into(type(first))} VALUES ({places}) ON CONFLICT DO NOTHING"
    is_new = _together(sql, values, others)
    if is_new:
        _are_stored([first, *others])
    return is_new


def change_with(
    row: Model, where: Mapping[str, Any], changes: Mapping[str, Any], others: Sequence[Model]
) -> bool:
    """Change a stored row that is still as `where` says, and store what belongs to it, all or nothing.

    False, and nothing, when it no longer is. `where` and `changes`: values by names of fields. Like `insert_with`.
    """
    sets, values = _equal(type(row), changes)
    still, more = _equal(type(row), {row._meta.pk.name: row.pk, **where})
    table = connection.ops.quote_name(row._meta.db_table)
    sql = f"UPDATE {table} SET {', '.join(sets)} WHERE {' AND '.join(still)}"  # noqa: S608  # names of our own tables
    is_changed = _together(sql, values + more, others)
    if is_changed:
        _are_stored(others)
    return is_changed


def _together(sql: str, values: list[Any], others: Sequence[Model]) -> bool:
    """Do one thing to one row, and where it was done store others; whether it was."""
    if connection.vendor != "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return bool(cursor.rowcount and all(insert([other]) for other in others))
    parts = [f"done AS ({sql} RETURNING 1)"]
    for number, other in enumerate(others):
        places, more = _line(other)
        parts.append(f"also_{number} AS ({_into(type(other))} SELECT {places} FROM done)")  # noqa: S608  # as above
        values = values + more
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT EXISTS (SELECT FROM done)", values)  # noqa: S608  # as above
        is_done: bool = cursor.fetchone()[0]
    return is_done


def _equal(model: type[Model], given: Mapping[str, Any]) -> tuple[list[str], list[Any]]:
    """Each as "column = place", and what goes there."""
    known = {field.name: field for field in model._meta.concrete_fields}
    columns = [f"{connection.ops.quote_name(str(known[name].column))} = %s" for name in given]
    return columns, [known[name].get_db_prep_save(value, connection) for name, value in given.items()]


@lru_cache
def _into(model: type[Model]) -> str:
    """How an INSERT into a model's table begins."""
    name = connection.ops.quote_name
    columns = ", ".join(name(str(field.column)) for field in _stored_fields(model))
    return f"INSERT INTO {name(model._meta.db_table)} ({columns})"  # names of our own tables


@lru_cache
def _stored_fields(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]


def _line(row: Model) -> tuple[str, list[Any]]:
    """The places of a row, and what goes there. What is not there takes no place: psycopg reads a statement anew each
    time that has more than fifty."""
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for field in _stored_fields(type(row))
    ]
    places = ", ".join("NULL" if value is None else "%s" for value in values)
    return places, [value for value in values if value is not None]


def _are_stored(rows: Sequence[Model]) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
