"""Two subjects of a letter that were tried against each other, in people: one person's letters go under one subject."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.findings.chance import difference, wilson
from campaigns.findings.letters import ANSWERED, LEFT, OWN_WORDS, letters_of
from campaigns.findings.table import Cell, Column, Kind, Table, share
from campaigns.models import Campaign, LetterVersion, SubjectArm

# Fewer people to a subject, or fewer answers to both, say nothing either way.
LEAST_PEOPLE, LEAST_ANSWERS = 100, 10


@dataclass(frozen=True)
class Arm:
    """People who write under one subject: all, those of whose letters one left, of these those answered, and those
    whose letters have words of their own."""

    subject: str
    people: int = 0
    left: int = 0
    answered: int = 0
    personal: int = 0


@dataclass(frozen=True)
class Trial:
    """A version's two subjects, first and second."""

    version: LetterVersion
    first: Arm
    second: Arm

    @property
    def name(self) -> str:
        return f"{self.version.group.name} ({self.version.language})"

    @property
    def is_too_small(self) -> bool:
        few = min(self.first.left, self.second.left) < LEAST_PEOPLE
        return few or self.first.answered + self.second.answered < LEAST_ANSWERS

    def verdict(self) -> str:
        """What can be said of answers, with the numbers; plainly nothing where there are too few."""
        one, other = self.first, self.second
        if not one.left + other.left:
            return _("No letter has left under either subject yet.")
        about = {
            "first": _of(one),
            "second": _of(other),
            "least": LEAST_PEOPLE,
            "answers": LEAST_ANSWERS,
        }
        if self.is_too_small:
            return (
                _(
                    "Too few to say anything: %(first)s were answered under the first subject, %(second)s under the "
                    "second. Wait until letters of %(least)s people have left under each, and %(answers)s people were "
                    "answered in all."
                )
                % about
            )
        low, high = difference(other.answered, other.left, one.answered, one.left)
        about |= {"low": _points(low), "high": _points(high)}
        said = _(
            "%(first)s were answered under the first subject, %(second)s under the second. The second’s share less the "
            "first’s lies between %(low)s and %(high)s points, as sure as 95 of a hundred such trials."
        )
        if low <= 0 <= high:
            said = " ".join([said, _("No difference at all lies there, too.")])
        return said % about


def _of(arm: Arm) -> str:
    return _("%(answered)s of %(left)s people") % {
        "answered": intcomma(arm.answered),
        "left": intcomma(arm.left),
    }


def _points(value: float) -> str:
    """Percentage points with their sign, a true minus before less."""
    shown = round(100 * value, 1)
    return f"{'−' if shown < 0 else '+' if shown else ''}{abs(shown)}"


def trials_of(campaign: Campaign) -> list[Trial]:
    """Every version with a second subject that letters were compared under, in one query for all their numbers."""
    versions = list(
        LetterVersion.objects.filter(group__campaign=campaign, compared_from__isnull=False).select_related(
            "group"
        )
    )
    during = Q(pk__in=[])
    for version in versions:
        begun = Q(version=version, created_at__gte=version.compared_from)
        during |= begun & Q(created_at__lt=version.compared_until) if version.compared_until else begun
    # Of people one is answered, or personal, when one letter of theirs that left is.
    rows: Iterable[Any] = (
        letters_of(campaign)
        .filter(during, subject_arm__isnull=False)
        .order_by()
        .values("version", "subject_arm")
        .annotate(
            people=Count("pledge", distinct=True),
            left=Count("pledge", distinct=True, filter=LEFT),
            answered=Count("pledge", distinct=True, filter=LEFT & ANSWERED),
            personal=Count("pledge", distinct=True, filter=LEFT & OWN_WORDS),
        )
    )
    found: dict[tuple[UUID, int], dict[str, int]] = {}
    for row in rows:
        found[row.pop("version"), row.pop("subject_arm")] = row
    return [
        Trial(
            version,
            Arm(version.compared_subject, **found.get((version.pk, SubjectArm.FIRST), {})),
            Arm(version.second_subject, **found.get((version.pk, SubjectArm.SECOND), {})),
        )
        for version in sorted(versions, key=lambda one: (one.group.order, one.group.name, one.language))
    ]


def subjects_table(trials: Sequence[Trial]) -> Table:
    rows = [_row(trial, arm) for trial in trials for arm in (trial.first, trial.second)]
    return Table(
        "subjects",
        _("Subjects on trial"),
        (
            Column(_("Subject"), Kind.TEXT),
            Column(_("Letter"), Kind.TEXT),
            Column(_("People")),
            Column(pgettext("a count", "Left")),
            Column(pgettext("a count", "Answered")),
            Column(pgettext("part of all", "Share"), Kind.PERCENT),
            Column(_("At least"), Kind.PERCENT),
            Column(_("At most"), Kind.PERCENT),
            Column(_("Own words")),
            Column(_("Share with own words"), Kind.PERCENT),
            Column(_("Own words, at least"), Kind.PERCENT),
            Column(_("Own words, at most"), Kind.PERCENT),
        ),
        rows,
    )


def _row(trial: Trial, arm: Arm) -> tuple[Cell, ...]:
    return (
        arm.subject,
        trial.name,
        arm.people,
        arm.left,
        arm.answered,
        *_within(arm.answered, arm.left),
        arm.personal,
        *_within(arm.personal, arm.left),
    )


def _within(hits: int, n: int) -> tuple[Cell, Cell, Cell]:
    """A share in percent, and the bounds that chance leaves it; nothing of nobody."""
    if not n:
        return None, None, None
    low, high = wilson(hits, n)
    return share(hits, n), 100 * low, 100 * high
