"""A form's fields under headings, so that a long form reads as a few short ones."""

from typing import ClassVar

from django.forms import BoundField, DateInput

# Headings, each with the rows of fields below it; "a b" puts two fields beside each other.
Layout = list[tuple[object, list[str]]]


class InSections:
    """Mix into a form; `layout` names every field once, under the heading it stands below."""

    layout: ClassVar[Layout] = []

    @property
    def sections(self) -> list[tuple[object, list[list[BoundField]]]]:
        """Headings with their rows of fields, in order, for a template."""
        return [
            (heading, [[self[name] for name in row.split()] for row in rows])  # type: ignore[index]
            for heading, rows in self.layout
        ]


SHORT = {"rows": 3}


def day() -> DateInput:
    """A date as browsers ask for one."""
    return DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
