"""What the fields of a form offer, where that depends on whose form it is."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import BaseForm


def offer(
    form: BaseForm,
    name: str,
    rows: QuerySet[Model] | None = None,
    *,
    choices: Iterable[Any] | None = None,
    empty: object = None,
) -> None:
    """Let a field take `rows`, shown as `choices` if these are given, or take `choices` alone.

    `empty` are the words for nothing chosen, which stand first.
    """
    field: Any = form.fields[name]  # Django's stubs tell fields of a form apart only where they are declared
    if rows is not None:
        field.queryset = rows
        if empty is not None:
            field.empty_label = empty
    if choices is not None:
        field.choices = [("", empty), *choices] if rows is None and empty is not None else list(choices)


def mark(form: BaseForm, name: str, words: object) -> None:
    """Say beside a field's label when it is needed, where neither "optional" nor nothing would be true."""
    field: Any = form.fields[name]
    field.mark = words
