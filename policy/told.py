"""Rows of an organisation with what whoever reads now is shown of them; no query for each."""

from collections.abc import Iterable

from contacts.models import Organization
from policy.models import Evidence, Issue, Measure
from policy.words import Passage


def said_of(
    evidence: Iterable[Evidence], organization: Organization
) -> list[tuple[Evidence, dict[str, Passage]]]:
    """Evidence of an organisation, each with its words."""
    found = []
    for item in evidence:
        item.organization = organization
        found.append((item, item.words))
    return found


def issue_words(issue: Issue, organization: Organization) -> dict[str, Passage]:
    """What is read of an issue of an organisation."""
    issue.organization = organization
    return issue.words


def measure_words(measure: Measure | None, organization: Organization) -> dict[str, Passage]:
    """What is read of a measure of an organisation; empty without one."""
    if measure is None:
        return {}
    measure.organization = organization
    return measure.words
