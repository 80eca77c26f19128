"""What a supporter typed for letters that can't be changed any more: shown to them, so that no word is lost."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from campaigns.models import Pledge
from campaigns.views.console.page import as_id

# A letter's fields are named by its version.
NAMED = "letter-"
_BODY = "-body"


@dataclass(frozen=True)
class LateWords:
    """Words that came too late for the letters to these offices."""

    offices: str
    subject: str
    body: str


def late_words(pledge: Pledge, posted: Mapping[str, str], known: Collection[str]) -> list[LateWords]:
    """What was sent for letters whose fields are not among the known, where it is other than what they say."""
    late: dict[UUID, tuple[str, str]] = {}
    for name, typed in posted.items():
        prefix = name.removesuffix(_BODY)
        version = as_id(prefix.removeprefix(NAMED))
        if prefix == name or prefix in known or version is None:
            continue
        subject = " ".join(posted.get(f"{prefix}-subject", "").split())
        late[version] = subject, typed.replace("\r\n", "\n").strip()
    others: dict[UUID, set[str]] = defaultdict(set)
    for letter in pledge.letters.filter(version__in=late).select_related("post", "legislator"):
        subject, body = late[letter.version_id]
        if letter.body != body or subject not in {"", letter.subject}:
            others[letter.version_id].add(letter.addressee)
    return [
        LateWords(", ".join(sorted(others[version])), subject, body)
        for version, (subject, body) in late.items()
        if others[version] and (body or subject)
    ]
