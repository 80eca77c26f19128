"""What one person reads of a campaign and of its news."""

from dataclasses import dataclass

from policy.words import Passage, Words


@dataclass(frozen=True)
class CampaignWords(Words):
    ask: Passage
    why: Passage
    call_script: Passage
    outcome_text: Passage

    @property
    def notice(self) -> str:
        return self.only_in(self.ask, self.why, self.outcome_text)


@dataclass(frozen=True)
class UpdateWords(Words):
    text: Passage
