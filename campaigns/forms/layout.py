"""A form's fields under headings, so that a long form reads as a few short ones."""

from typing import ClassVar

from django.forms import BoundField, DateInput, DateTimeInput, Field

# Headings, each with the rows of fields below it; "a b" puts two fields beside each other.
Layout = list[tuple[object, list[str]]]


class InSections:
    """Mix into a form; `layout` names every field once, under the heading it stands below."""

    layout: ClassVar[Layout] = []

    @property
    def sections(self) -> list[tuple[object, list[list[BoundField]]]]:
        """Headings with their rows of fields, in order, for a template; what the form leaves out is skipped."""
        fields: dict[str, Field] = self.fields  # type: ignore[attr-defined]
        found = []
        for heading, rows in self.layout:
            shown = [[self[name] for name in row.split() if name in fields] for row in rows]  # type: ignore[index]
            if any(shown):
                found.append((heading, [row for row in shown if row]))
        return found

    @classmethod
    def in_layout(cls) -> set[str]:
        """The fields that the layout names."""
        return {name for _heading, rows in cls.layout for row in rows for name in row.split()}


SHORT = {"rows": 3}


def day() -> DateInput:
    """A date as browsers ask for one."""
    return DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def moment() -> DateTimeInput:
    """A day and an hour as browsers ask for them."""
    return DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
