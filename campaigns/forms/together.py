from collections.abc import Iterable, Sequence
from copy import copy

from django import forms


class Together:
    """Several forms of a page as one: for its title, and for one summary of all that is to be mended.

    Each comes with what it is about, which stands before the names of its fields; empty where that is clear.
    """

    def __init__(self, named: Iterable[tuple[str, forms.BaseForm]]) -> None:
        self._named: Sequence[tuple[str, forms.BaseForm]] = list(named)

    @property
    def errors(self) -> bool:
        return any([form.errors for _name, form in self._named])  # noqa: C419  # every form is asked

    def non_field_errors(self) -> list[object]:
        return [error for _name, form in self._named for error in form.non_field_errors()]

    def hidden_fields(self) -> list[forms.BoundField]:
        return [field for _name, form in self._named for field in form.hidden_fields()]

    def visible_fields(self) -> list[forms.BoundField]:
        return [_of(name, field) for name, form in self._named for field in form.visible_fields()]


def _of(name: str, field: forms.BoundField) -> forms.BoundField:
    if not name:
        return field
    named = copy(field)
    named.label = f"{name}, {field.label}"
    return named
