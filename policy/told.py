"""Rows of an organisation with what readers are shown of them; no query for each."""

from collections.abc import Iterable

from contacts.models import Organization
from policy.models import Evidence, MeasureEvent, Translated
from policy.words import Passage, reading


def words_of(row: Translated | None, organization: Organization) -> dict[str, Passage]:
    """What whoever reads now is shown of a row of an organisation; empty without one."""
    return row.words_in(reading(), organization.language) if row is not None else {}


def said_of(
    evidence: Iterable[Evidence], organization: Organization
) -> list[tuple[Evidence, dict[str, Passage]]]:
    """Evidence of an organisation, each with its words for whoever reads now."""
    return [(item, words_of(item, organization)) for item in evidence]


def cited_of(
    evidence: Iterable[Evidence], organization: Organization, language: str
) -> list[tuple[Evidence, str]]:
    """Evidence of an organisation, each as a letter in a language cites it."""
    return [(item, item.cited_in(language, organization.language)) for item in evidence]


def milestones_of(
    events: Iterable[MeasureEvent], organization: Organization
) -> list[tuple[MeasureEvent, Passage]]:
    """Milestones of an organisation's measures, each with its note, which is written in one language."""
    return [(event, Passage(event.note, organization.language)) for event in events]


def claims_in(evidence: Iterable[tuple[Evidence, dict[str, Passage]]]) -> list[Passage]:
    """The claims and figures among what `said_of` found: all of it that pages show."""
    return [said[name] for _item, said in evidence for name in ("claim", "said")]
