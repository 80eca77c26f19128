"""What really arrived: the sink's log against the letters that were due, without asking the sender."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.demo.sink import Received
from campaigns.models import Drive, Letter, LetterState
from contacts.clock import today
from contacts.models import Membership


@dataclass(frozen=True)
class Verdict:
    """Letters of a drive as the receiving side saw them."""

    due: int
    accepted: int
    lost: int
    doubled: int
    uncertain: int
    # Arrived, but not as it was frozen, or elsewhere; and letters nobody owes.
    altered: int
    unexpected: int

    @property
    def is_clean(self) -> bool:
        wrong = self.lost + self.doubled + self.uncertain + self.altered + self.unexpected
        return self.due > 0 and self.accepted == self.due and wrong == 0


def due_letters(drive: Drive) -> list[Letter]:
    """Letters that have to arrive: of confirmed pledges, to seats that are held by somebody with a mail address."""
    held = Membership.objects.current(today()).filter(
        post__isnull=False,
        legislator__offices__contact_points__kind="email",
        legislator__offices__contact_points__health__in=["ok", "suspect"],
    )
    letters = Letter.objects.filter(drive=drive, is_test=False, pledge__state="confirmed")
    return list(letters.filter(post__in=held.values("post")).defer("body"))


def verdict(drive: Drive, log: Iterable[Received]) -> Verdict:
    """Compare, letter by letter."""
    letters = due_letters(drive)
    domain = drive.campaign.organization.mail_domain
    # Letters leave from the organisation's own domain; mail to supporters does not.
    arrived = [line for line in log if line.sender.endswith(f"@{domain}")]
    times = Counter(line.message_id for line in arrived)
    seen = {line.message_id: line for line in arrived}
    expected = {letter.message_id for letter in letters if letter.message_id}
    return Verdict(
        due=len(letters),
        accepted=sum(times[letter.message_id or ""] > 0 for letter in letters),
        lost=sum(times[letter.message_id or ""] == 0 for letter in letters),
        doubled=sum(times[letter.message_id or ""] > 1 for letter in letters),
        uncertain=Letter.objects.filter(drive=drive, is_test=False, state=LetterState.UNCERTAIN).count(),
        altered=sum(
            letter.message_id in seen and not _same(letter, seen[letter.message_id]) for letter in letters
        ),
        unexpected=len(set(times) - expected),
    )


def _same(letter: Letter, line: Received) -> bool:
    frozen = hashlib.sha256(bytes(letter.raw or b"")).hexdigest()
    return frozen == line.sha256 and line.recipient == letter.recipient
