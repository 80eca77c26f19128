"""Many rows in one statement, found, made and changed inside the database. Django's ORM has no word for these three.

On PostgreSQL a set travels as one array for each column. A place in the statement for each value, as Django writes
them, costs more time on our side than the database needs for the whole statement.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Value

from contacts.among import array


def insert_from(model: type[models.Model], rows: models.QuerySet[Any], **columns: Any) -> None:
    """INSERT … SELECT: a row of `model` for each of `rows`.

    `columns` gives for each field of `model` an expression over `rows` or a value, the same for all. Fields left
    out must be null or made by the database.
    """
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    expressions = [
        column if hasattr(column, "resolve_expression") else Value(column, output_field=field)
        for field, column in zip(fields, columns.values(), strict=True)
    ]
    try:
        chosen, params = rows.order_by().values_list(*expressions).query.sql_with_params()
    except EmptyResultSet:
        return
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quoted(model._meta.db_table)} ({names}) {chosen}", params)


def insert_new(
    model: type[models.Model], names: Sequence[str], columns: Sequence[Sequence[object]], **same: object
) -> int:
    """INSERT of many rows, given as one list for each of the fields `names`, in the form the driver takes; gives
    how many were new. Rows that a unique constraint knows already are left out; `same` is the same for all.

    The values are not prepared by Django's fields, which costs more than everything else.
    """
    if not columns or not columns[0]:
        return 0
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    others: list[Any] = [model._meta.get_field(name) for name in same]
    fixed = [
        field.get_db_prep_save(value, connection) for field, value in zip(others, same.values(), strict=True)
    ]
    quoted = connection.ops.quote_name
    into = ", ".join(quoted(field.column) for field in [*fields, *others])
    if connection.vendor == "postgresql":
        given = ", ".join(f"CAST(%s AS {field.cast_db_type(connection)}[])" for field in fields)
        chosen = ", ".join(["rows.*", *(f"CAST(%s AS {field.cast_db_type(connection)})" for field in others)])
        # Places are filled in the order in which they stand: the same for all, then the lists.
        params = [*fixed, *(array(column) for column in columns)]
        rows = f"SELECT {chosen} FROM unnest({given}) AS rows"  # noqa: S608
    else:
        place = f"({', '.join(['%s'] * (len(fields) + len(others)))})"
        rows = "VALUES " + ", ".join([place] * len(columns[0]))
        params = [value for row in zip(*columns, strict=True) for value in (*map(_plain, row), *fixed)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quoted(model._meta.db_table)} ({into}) {rows} ON CONFLICT DO NOTHING",
            params,
        )
        return int(cursor.rowcount)


@contextmanager
def read_in_order() -> Iterator[None]:
    """Have the first rows of an ordered query found by walking its index, not by sorting everything that matches.

    PostgreSQL takes many conditions at once to leave next to nothing, sorts that, and finds tens of thousands of rows
    to sort: two seconds for each window of a long queue. For use in a transaction, around the query's evaluation.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        yield
        cursor.execute("SET LOCAL enable_sort = on")


def _plain(value: object) -> object:
    return value.hex if isinstance(value, UUID) else value


def update_each(
    model: type[models.Model],
    changed: Sequence[str],
    found_by: Sequence[str],
    rows: Sequence[Sequence[object]],
    **columns: object,
) -> None:
    """UPDATE … FROM …: other values for each row, first those of the fields `changed`, then those of `found_by`,
    which tell the rows. `columns` are the same for all.
    """
    if not rows:
        return
    fields: list[Any] = [model._meta.get_field(name) for name in (*changed, *found_by)]
    same: list[Any] = [model._meta.get_field(name) for name in columns]
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    news = [f"new.{quoted(field.column)}" for field in fields]
    sets = [
        f"{quoted(field.column)} = {new}" for field, new in zip(fields, news[: len(changed)], strict=False)
    ]
    sets += [f"{quoted(field.column)} = %s" for field in same]
    conditions = [
        f"{table}.{quoted(field.column)} = {new}"
        for field, new in zip(fields[len(changed) :], news[len(changed) :], strict=True)
    ]
    names = ", ".join(quoted(field.column) for field in fields)
    given, params = _given(fields, rows)
    params += [
        field.get_db_prep_save(value, connection) for field, value in zip(same, columns.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH new ({names}) AS ({given}) UPDATE {table} SET {', '.join(sets)} "  # noqa: S608
            f"FROM new WHERE {' AND '.join(conditions)}",
            params,
        )


def _given(fields: Sequence[Any], rows: Sequence[Sequence[object]]) -> tuple[str, list[Any]]:
    """Rows of values as a table that a statement can read from, and its parameters."""
    columns: list[Any] = [
        [field.get_db_prep_save(value, connection) for value in values]
        for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    if connection.vendor == "postgresql":
        columns = [array(values) for values in columns]
        arrays = ", ".join(f"CAST(%s AS {field.cast_db_type(connection)}[])" for field in fields)
        return f"SELECT * FROM unnest({arrays})", columns  # noqa: S608
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(rows))
    return f"VALUES {places}", [value for row in zip(*columns, strict=True) for value in row]
