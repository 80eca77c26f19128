"""Two subjects of one letter, tried against each other: who writes under which follows from their pledge alone.

The last four digits of a pledge's id, which is random, say it: whoever they are asked for, whenever, in Python or in
SQL, the answer is the same, and nothing has to be drawn or kept beside the letter.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.models import LetterVersion, SubjectArm

_DIGITS = 4
# What no digits come after: everybody.
_ALL = "g"


def limit(share: int) -> str:
    """Digits below this get the second subject, as `share` of a hundred do."""
    return _ALL if share >= 100 else f"{share * 16**_DIGITS // 100:0{_DIGITS}x}"


def arm_of(version: LetterVersion, pledge_id: UUID) -> int | None:
    """Under which subject a pledge's letters go from now on; None when the version has one subject."""
    if not version.second_share:
        return None
    is_second = pledge_id.hex[-_DIGITS:] < limit(version.second_share)
    return SubjectArm.SECOND if is_second else SubjectArm.FIRST


def digits_of(column: str, vendor: str) -> str:
    """The same digits of a pledge's id in SQL."""
    if vendor == "postgresql":
        return f'right({column}::text, {_DIGITS}) COLLATE "C"'
    return f"substr({column}, -{_DIGITS})"


def comparison(version: LetterVersion) -> list[str]:
    """What is or was compared, as the audit log keeps it: both subjects, from when and, where it ended, until when."""
    moments = [version.compared_from, version.compared_until]
    return [version.compared_subject, version.second_subject, *(at.isoformat() for at in moments if at)]


def begin_anew(version: LetterVersion, was: LetterVersion | None, at: datetime) -> dict[str, Any]:
    """A first subject that changed while it is tried is another: what is compared begins here.

    Gives what the audit log keeps of it.
    """
    if was is None or was.subject == version.subject or not version.is_tried:
        return {}
    was.compared_until = at
    version.compared_from, version.compared_until, version.compared_subject = at, None, version.subject
    return {"ended": comparison(was), "begun": comparison(version)}
