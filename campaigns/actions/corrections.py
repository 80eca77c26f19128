"""A mistake found in a suggested text while letters with it are waiting."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.delivery.setwise import update_each
from campaigns.errors import ActionRefused
from campaigns.letters.compose import check_version
from campaigns.letters.correct import (
    CORRECTED,
    LEFT_ALONE,
    Corrected,
    Passage,
    corrected,
    likeness,
    passages,
    template_of,
    unfrozen,
)
from campaigns.letters.subjects import begin_anew
from campaigns.models import Letter, LetterChange, LetterVersion
from campaigns.reports import by_way, in_groups
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User

_TEXTS = ("language", "subject", "salutation", "opening", "talking_points", "closing")
_PORTION = 500


@dataclass(frozen=True)
class Effect:
    """What a correction does to letters, tests left out: how many get the new text and how many do not, and why."""

    passages: list[Passage]
    untouched: int
    reworded: int
    left: int
    # Letters whose bytes are fixed, by the groups of `reports`.
    fixed: dict[str, int]

    @property
    def corrected(self) -> int:
        return self.untouched + self.reworded

    @property
    def waiting(self) -> int:
        """Letters that are not fixed yet."""
        return self.corrected + self.left


def fingerprint(version: LetterVersion) -> str:
    """Tells whether somebody changed a version since it was looked at."""
    seen = (*_TEXTS, "second_subject", "second_share")
    texts = "\0".join(str(getattr(version, name)).replace("\r\n", "\n") for name in seen)
    return hashlib.sha256(texts.encode()).hexdigest()


def reaches_letters(version: LetterVersion) -> bool:
    """Whether what a version now says differs from what is stored in a way that letters not yet fixed would show."""
    stored = LetterVersion.objects.filter(pk=version.pk).first()
    if stored is None or not unfrozen(version).exists():
        return False
    shown = ("subject", "salutation")
    return template_of(stored) != template_of(version) or any(
        getattr(stored, name) != getattr(version, name) for name in shown
    )


def effect_of(version: LetterVersion) -> Effect:
    """What correcting letters to this text (not stored yet) would do; nothing is changed."""
    stored = LetterVersion.objects.get(pk=version.pk)
    changed = passages(template_of(stored), template_of(version))
    counted: Counter[str] = Counter()
    letters = _with_writers(unfrozen(version).filter(is_test=False))
    for letter in letters.iterator(chunk_size=_PORTION):
        counted[_verdict(corrected(letter, stored, version, changed))] += 1
    return _effect(version, changed, counted)


@transaction.atomic
def correct_version(*, version: LetterVersion, seen: str, actor: User | None) -> Effect:
    """Store a version's new text and give it to all its letters that are not fixed yet; says what became of each.

    `seen` is the fingerprint of the text that the person saw before they changed it. Each letter that gets the
    text, or keeps its own words, has a row of history that says so. Letters are locked as freezing locks them, and
    the version for those that are being written: what is frozen is the text from before or the one from after.
    Raises ActionRefused and UnknownMergeField.
    """
    check_version(version)
    # A whole lock: letters that are being written hold the version by its key.
    stored = LetterVersion.objects.select_for_update().get(pk=version.pk)
    if fingerprint(stored) != seen:
        raise ActionRefused(_("Somebody else changed this letter meanwhile. Look at it again."))
    trial = begin_anew(version, stored, now())
    version.save()
    changed = passages(template_of(stored), template_of(version))
    at, counted = now(), Counter[str]()
    ids = list(unfrozen(version).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _PORTION):
        part = unfrozen(version).filter(pk__in=ids[start : start + _PORTION])
        found = part.order_by("pk").select_for_update(of=("self",), no_key=True)
        counted += _correct(list(_with_writers(found)), stored, version, changed, at, actor)
    effect = _effect(version, changed, counted)
    record(
        organization=version.group.campaign.organization,
        actor=actor,
        verb="correct letters",
        obj=version,
        corrected=effect.corrected,
        with_own_words=effect.reworded,
        left=effect.left,
        fixed_before=sum(effect.fixed.values()),
        **trial,
    )
    return effect


def _correct(
    letters: Sequence[Letter],
    was: LetterVersion,
    version: LetterVersion,
    changed: Sequence[Passage],
    at: datetime,
    actor: User | None,
) -> Counter[str]:
    """Correct locked letters; gives what became of how many that count."""
    counted: Counter[str] = Counter()
    rows, history = [], []
    for letter in letters:
        after = corrected(letter, was, version, changed)
        if not letter.is_test:
            counted[_verdict(after)] += 1
        body, share = (after.body, after.similarity) if after else (letter.body, likeness(letter, version))
        rows.append([body, share, letter.pk])
        if changed:
            reason = CORRECTED if after else LEFT_ALONE
            history.append(
                LetterChange(
                    letter=letter,
                    from_state=letter.state,
                    to_state=letter.state,
                    reason=reason,
                    actor=actor,
                    at=at,
                )
            )
    update_each(Letter, ["body", "similarity"], ["id"], rows)
    LetterChange.objects.bulk_create(history)
    return counted


def _verdict(after: Corrected | None) -> str:
    if after is None:
        return "left"
    return "reworded" if after.has_own_words else "untouched"


def _effect(version: LetterVersion, changed: list[Passage], counted: Counter[str]) -> Effect:
    fixed = Letter.objects.counted().filter(version=version, message_id__isnull=False)
    groups = {group: n for group, n in in_groups(by_way(fixed)).items() if n and group != "stopped"}
    return Effect(changed, counted["untouched"], counted["reworded"], counted["left"], groups)


def _with_writers(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    return letters.select_related("pledge__campaign__organization", "pledge__campaign__measure")
