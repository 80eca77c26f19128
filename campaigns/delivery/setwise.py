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
) -> None:
    """UPDATE with other values for each row: first those of the fields `changed`, then those of `found_by`."""
    fields: list[Any] = [model._meta.get_field(name) for name in (*changed, *found_by)]
    quoted = connection.ops.quote_name
    places = [f"{quoted(field.column)} = %s" for field in fields]
    changes, conditions = ", ".join(places[: len(changed)]), " AND ".join(places[len(changed) :])
    adapted = [
        [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quoted(model._meta.db_table)} SET {changes} WHERE {conditions}",  # noqa: S608
            adapted,
        )
