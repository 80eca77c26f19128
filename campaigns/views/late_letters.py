"""What a supporter typed for letters that can't be changed any more: shown to them, so that no word is lost."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

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
    found = []
    for name, typed in posted.items():
        prefix = name.removesuffix(_BODY)
        version = as_id(prefix.removeprefix(NAMED))
        if prefix == name or prefix in known or version is None:
            continue
        body = typed.replace("\r\n", "\n").strip()
        subject = " ".join(posted.get(f"{prefix}-subject", "").split())
        letters = pledge.letters.filter(version=version).select_related("post", "legislator")
        others = {one.addressee for one in letters if one.body != body or subject not in {"", one.subject}}
        if others and (body or subject):
            found.append(LateWords(", ".join(sorted(others)), subject, body))
    return found
