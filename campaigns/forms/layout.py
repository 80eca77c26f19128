"""A form's fields under headings, so that a long form reads as a few short ones."""

from typing import ClassVar

from django.forms import BoundField


class InSections:
    """Mix into a form; `layout` names every field once, under the heading it stands below."""

    layout: ClassVar[list[tuple[object, list[str]]]] = []

    @property
    def sections(self) -> list[tuple[object, list[BoundField]]]:
        """Headings with their fields, in order, for a template."""
        return [(heading, [self[name] for name in names]) for heading, names in self.layout]  # type: ignore[index]


DATE = {"type": "date"}
SHORT = {"rows": 3}
