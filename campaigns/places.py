"""Which divisions a signer lives in, as far as a campaign's targets need to know; asks instead of guessing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from campaigns.actions.pledges import Matched
from campaigns.models import Campaign, RuleKind, TargetRule
from contacts.lookups import looked_up
from contacts.matching import CHOSEN, POSTAL_CODE, ChamberMatch, Match, match_postal_code
from contacts.models import Chamber

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Question:
    """Several divisions are possible for a chamber: which is it? `name` is the form field."""

    match: ChamberMatch

    @property
    def name(self) -> str:
        return f"place-{self.match.chamber.pk}"

    def takes(self, answer: str) -> bool:
        """Whether this is an answer: one of the places, or that the signer does not know."""
        return answer == UNKNOWN or answer in {
            str(candidate.division.pk) for candidate in self.match.candidates
        }


@dataclass(frozen=True)
class Places:
    """What is known of a signer's divisions, and what has to be asked."""

    match: Match
    needed: bool
    certain: tuple[Matched, ...]
    questions: tuple[Question, ...]

    def answered(self, answers: Mapping[str, str]) -> list[Matched] | None:
        """All divisions with the answers taken in; None while a question is open. "Unknown" is an answer."""
        chosen = []
        for question in self.questions:
            answer = answers.get(question.name, "")
            if not question.takes(answer):
                return None
            if answer != UNKNOWN:
                chosen.append(Matched(UUID(answer), CHOSEN))
        return [*self.certain, *chosen]


def places(campaign: Campaign, country: str, postal_code: str, on: date) -> Places:
    """Match a postal code for the chambers a campaign's rules need; some seconds old where many ask."""
    key = ("places", campaign.pk, country, postal_code, on)
    return looked_up(key, lambda: _matched(campaign, country, postal_code, on))


def _matched(campaign: Campaign, country: str, postal_code: str, on: date) -> Places:
    rules = TargetRule.objects.filter(
        group__campaign=campaign, kind=RuleKind.MY_REPRESENTATIVES, chamber__isnull=False
    ).select_related("chamber")
    chambers: dict[UUID, Chamber] = {
        rule.chamber.pk: rule.chamber for rule in rules if rule.chamber is not None
    }
    match = match_postal_code(country, postal_code, on, chambers.values() if chambers else None)
    open_matches = [m for m in match.chambers if m.is_ambiguous] if chambers else []
    # Chambers with the same possible places are settled by one answer.
    distinct = {frozenset(c.division.pk for c in m.candidates): m for m in reversed(open_matches)}
    questions = [Question(m) for m in reversed(distinct.values()) if not _implied(m, open_matches)]
    certain = {
        m.candidates[0].division.pk: Matched(m.candidates[0].division.pk, POSTAL_CODE)
        for m in match.chambers
        if not m.is_ambiguous
    }
    return Places(match, bool(chambers), tuple(certain.values()), tuple(questions))


def _implied(match: ChamberMatch, others: list[ChamberMatch]) -> bool:
    """Whether another chamber's answer settles this one: its places lie in this one's places."""
    here = {candidate.division.pk for candidate in match.candidates}
    return any(
        other is not match
        and {c.division.pk for c in other.candidates} != here
        and all({c.division.pk, c.division.parent_id} & here for c in other.candidates)
        for other in others
    )
