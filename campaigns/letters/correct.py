"""A mistake in a suggested text, mended in letters that were written with it and are not frozen yet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from django.db.models import QuerySet, UUIDField

from campaigns.letters.compose import is_suggested, merge, possible_values, suggested_body, writer_values
from campaigns.letters.similarity import similarity
from campaigns.models import Letter, LetterState, LetterVersion, Pledge
from contacts.statements import Given, Prepared

_VERSION = Prepared(lambda: LetterVersion.objects.filter(pk=Given("pk", UUIDField())), hold_keys=True)

# Rows of history say these; pages put them into the reader's words.
CORRECTED = "a mistake in the suggested text was corrected"
LEFT_ALONE = "the suggested text was corrected; this letter has its writer's own words and stays as it is"

# A sentence with its closing quotes, or what stands alone on a line.
_SENTENCE = re.compile(r"[^\n]+?(?:[.!?…]+[\"”’»)\]]*(?=\s|$)|(?=\n|$))")


class Passage(NamedTuple):
    """Sentences of a suggested text that changed, before and after; fields are not filled in."""

    before: str
    after: str


@dataclass(frozen=True)
class Corrected:
    """What a letter becomes; `has_own_words` when its writer had changed the text."""

    body: str
    similarity: float
    has_own_words: bool


def unfrozen(version: LetterVersion) -> QuerySet[Letter]:
    """Letters of a version whose text can still change: nobody has fixed their bytes."""
    states = [LetterState.DRAFT, LetterState.READY, LetterState.HELD]
    return Letter.objects.filter(version=version, state__in=states, message_id__isnull=True)


def template_of(version: LetterVersion) -> str:
    """All that a version suggests, with its fields not filled in."""
    return _plain(suggested_body(version, {}))


def passages(before: str, after: str) -> list[Passage]:
    """The sentences in which two texts differ. What was only added or taken out comes with a sentence beside it."""
    old, new = _spans(before), _spans(after)
    words = [before[a:b] for a, b in old], [after[a:b] for a, b in new]
    runs: list[tuple[int, int, int, int]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if tag == "replace" and i2 - i1 == j2 - j1:
            runs += [(i1 + n, i1 + n + 1, j1 + n, j1 + n + 1) for n in range(i2 - i1)]
            continue
        if i1 == i2 or j1 == j2:
            back = min(i1, j1, 1)
            i1, j1 = i1 - back, j1 - back
            if not back:
                i2, j2 = min(i2 + 1, len(old)), min(j2 + 1, len(new))
        if runs and i1 < runs[-1][1]:
            i1, _i2, j1, _j2 = runs.pop()
        runs.append((i1, i2, j1, j2))
    return [Passage(_cut(before, old[i1:i2]), _cut(after, new[j1:j2])) for i1, i2, j1, j2 in runs]


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order, without the space around them."""
    plain = _plain(text)
    return [plain[a:b] for a, b in _spans(plain)]


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text begin and end, without the space around them."""
    found = []
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        if sentence:
            begins = match.start() + match[0].index(sentence)
            found.append((begins, begins + len(sentence)))
    return found


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    return text[spans[0][0] : spans[-1][1]] if spans else ""


def corrected(
    letter: Letter, was: LetterVersion, now: LetterVersion, changed: Sequence[Passage]
) -> Corrected | None:
    """What a letter written with `was` becomes with `now`; None when it has to stay as it is.

    A text that nobody touched becomes the new one. In one with own words the changed sentences are replaced, if
    every one of them stands in it once and word for word: half a correction would be none.
    """
    choices = possible_values(letter.pledge, letter.pledge.campaign, now.language)
    values = choices[0]
    suggested = suggested_body(now, values)
    body = _plain(letter.body)
    if is_suggested(body, was, choices):
        return Corrected(suggested, 1.0, has_own_words=False)
    for passage in changed:
        before, after = merge(passage.before, values), merge(passage.after, values)
        places = (
            [m.start() for m in re.finditer(rf"(?<!\S){re.escape(before)}(?!\S)", body)] if before else []
        )
        if len(places) != 1:
            return None
        body = f"{body[: places[0]]}{after}{body[places[0] + len(before) :]}"
    return Corrected(body, similarity(body, suggested), has_own_words=True)


def likeness(letter: Letter, version: LetterVersion) -> float:
    """How much of a letter is what the version suggests."""
    choices = possible_values(letter.pledge, letter.pledge.campaign, version.language)
    return max(similarity(letter.body, suggested_body(version, values)) for values in choices)


def follow_corrections(letters: Sequence[Letter]) -> None:
    """Give letters that were just stored the text that their version has by now.

    A correction waits for letters that are being stored, and these for it, by the version's row, which is held here
    (their foreign key would hold it only as the transaction ends): what stands in the database after they are stored
    is what they should have been written with.
    """
    versions = {pk: _VERSION.objects(pk=pk)[0] for pk in {letter.version_id for letter in letters}}
    late = [x for x in letters if _texts(x.version) != _texts(versions[x.version_id])]
    for letter in late:
        pledge: Pledge = letter.pledge
        letter.version = versions[letter.version_id]
        values = writer_values(pledge, pledge.campaign, letter.version.language)
        letter.body = suggested_body(letter.version, values)
    if late:
        Letter.objects.bulk_update(late, ["body"], batch_size=500)


def _texts(version: LetterVersion) -> tuple[object, ...]:
    """All that the body of a letter is made of."""
    return version.opening, version.closing, version.cited


def _plain(text: str) -> str:
    """Browsers send each line break as two characters."""
    return text.replace("\r\n", "\n")
