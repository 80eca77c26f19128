"""Near-identical letters to one office → what is common to them, once, and what each writer added."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import override

from campaigns.letters.compose import signature, suggested_body, writer_values
from campaigns.letters.correct import sentences
from campaigns.letters.similarity import NEAR_IDENTICAL
from campaigns.models import Letter, LetterVersion

# What differs from writer to writer and stands in the list of signers.
_PERSONAL = ("name", "city", "postal_code")


@dataclass(frozen=True)
class Signer:
    """One writer in a bundle; `own` are the sentences they added, in full."""

    letter: Letter
    signature: list[str]
    own: list[str]


def is_near_identical(letter: Letter) -> bool:
    """Whether a letter is the suggested text with few words added. Tests and own subjects are letters of their own."""
    return letter.similarity >= NEAR_IDENTICAL and not letter.is_test and not letter.subject


def signer_of(letter: Letter) -> Signer | None:
    """A letter as a line of a bundle; None when it goes alone: its words are the writer's own, or some were taken out.

    Its writer would sign what they did not write.
    """
    if not is_near_identical(letter):
        return None
    values = writer_values(letter.pledge, letter.pledge.campaign, letter.version.language)
    common = sentences(suggested_body(letter.version, values))
    rest = sentences(letter.body)
    own: list[str] = []
    for sentence in common:
        if sentence not in rest:
            return None
        place = rest.index(sentence)
        own += rest[:place]
        rest = rest[place + 1 :]
    lines = [line for line in signature(letter.pledge).splitlines() if line]
    return Signer(letter, lines, own + rest)


def common_text(version: LetterVersion, letter: Letter) -> str:
    """What all signers of a bundle wrote; a field that differs between them is named instead of filled."""
    values = writer_values(letter.pledge, letter.pledge.campaign, version.language)
    # In the letter's language, whoever has it set.
    with override(version.language):
        named = {"name": _t("[name]"), "city": _t("[town]"), "postal_code": _t("[postal code]")}
    return suggested_body(version, {**values, **{name: named[name] for name in _PERSONAL}})
