"""Many rows in one statement, made and changed inside the database. Django's ORM has no word for these two."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Value


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


def update_each(
    model: type[models.Model],
    changed: Sequence[str],
    found_by: Sequence[str],
    rows: Sequence[Sequence[object]],
    **columns: object,
) -> None:
    """UPDATE … FROM (VALUES …): other values for each row, first those of the fields `changed`, then those of
    `found_by`, which tell the rows. `columns` are the same for all.
    """
    if not rows:
        return
    fields: list[Any] = [model._meta.get_field(name) for name in (*changed, *found_by)]
    same: list[Any] = [model._meta.get_field(name) for name in columns]
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    # PostgreSQL takes a column's type from the first row; SQLite, which keeps what it is given, would change it.
    is_typed = connection.vendor == "postgresql"
    typed = [f"CAST(%s AS {field.cast_db_type(connection)})" if is_typed else "%s" for field in fields]
    first, other = f"({', '.join(typed)})", f"({', '.join(['%s'] * len(fields))})"
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
    values = ", ".join([first] + [other] * (len(rows) - 1))
    params = [
        field.get_db_prep_save(value, connection)
        for row in rows
        for field, value in zip(fields, row, strict=True)
    ]
    params += [
        field.get_db_prep_save(value, connection) for field, value in zip(same, columns.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH new ({names}) AS (VALUES {values}) UPDATE {table} SET {', '.join(sets)} "  # noqa: S608
            f"FROM new WHERE {' AND '.join(conditions)}",
            params,
        )
