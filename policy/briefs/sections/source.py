"""Where figures come from, and the rule that none is printed without."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from policy.errors import FigureWithoutSource


@dataclass(frozen=True)
class Source:
    """Where figures come from. Sections name it by `key`; readers see a number."""

    key: str
    title: str
    url: str
    published_on: date | None = None
    retrieved_on: date | None = None
    is_example: bool = False
    age: str = ""  # in words, when it is older than the organisation lets a figure grow


def required(source: str, what: str) -> str:
    """The key of a source; raises FigureWithoutSource when there is none for what is printed."""
    if not source:
        raise FigureWithoutSource(
            _("“%(what)s” is printed with a figure and has no source.") % {"what": what}
        )
    return source
