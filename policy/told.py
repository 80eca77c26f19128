"""Rows of an organisation with what readers are shown of them; no query for each."""

from collections.abc import Iterable, Iterator

from contacts.models import Organization
from policy.models import Evidence, Issue, Measure
from policy.words import Passage


def said_of(
    evidence: Iterable[Evidence], organization: Organization
) -> list[tuple[Evidence, dict[str, Passage]]]:
    """Evidence of an organisation, each with its words for whoever reads now."""
    return [(item, item.words) for item in _of(evidence, organization)]


def cited_of(
    evidence: Iterable[Evidence], organization: Organization, language: str
) -> list[tuple[Evidence, str]]:
    """Evidence of an organisation, each as a letter in a language cites it."""
    return [(item, item.cited_in(language)) for item in _of(evidence, organization)]


def _of(evidence: Iterable[Evidence], organization: Organization) -> Iterator[Evidence]:
    for item in evidence:
        item.organization = organization
        yield item


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
