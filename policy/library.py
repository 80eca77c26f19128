"""What an organisation wrote once and shows in many places, with how much of it is written in another language."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from contacts.models import Organization
from policy.models import Evidence, Issue, Measure, Myth, Translated


@dataclass(frozen=True)
class Progress:
    """How many texts of some rows are written in a language, as their originals are today.

    Texts that are the same everywhere are not counted; one that somebody wrote makes its row `older` when it is.
    """

    count: int
    written: int
    without: tuple[str, ...]
    older: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return self.written == self.count and not self.older


def rows_of(organization: Organization, issue: Issue, measures: Iterable[Measure]) -> list[Translated]:
    """Measures, an issue, and its evidence and myths: all that its pages and letters show; two queries."""
    issue.organization = organization
    found: list[Translated] = [*measures, issue]
    # A row that is saved would ask for its owner once more.
    for item in issue.evidence.all():
        item.organization = organization
        found.append(item)
    for measure in measures:
        measure.organization = organization
    return [*found, *issue.myths.all()]


def named(row: Translated) -> str:
    """What a row is told by among others, with what it is."""
    if isinstance(row, Measure):
        return _("Measure %(name)s") % {"name": row.identifier}
    if isinstance(row, Evidence):
        return _("Figure “%(name)s”") % {"name": row.said}
    if isinstance(row, Myth):
        return _("Myth “%(name)s”") % {"name": row.myth}
    return _("Issue “%(name)s”") % {"name": row}


def progress(rows: Iterable[Translated], language: str) -> Progress:
    """How far some rows are written in a language; no query."""
    count = written = 0
    without, older = [], []
    for row in rows:
        names = [name for name in row.to_translate if name not in row.AS_PUBLISHED]
        translation = row.texts_in(language)
        lacks, behind = translation.missing, translation.older
        count += len(names)
        written += len(names) - len(lacks) - len([name for name in behind if name in names])
        if lacks:
            without.append(named(row))
        if behind:
            older.append(named(row))
    return Progress(count, written, tuple(without), tuple(older))
