"""What became of a campaign's letters: how personal they were, and who answered. Tests are never in it.

A letter has *left* when a mail server or an office's system took it, it was posted, or its supporter says it is sent.
It is *answered* when an answer came in by us, or its supporter says one came; an acknowledgement alone is none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.findings.table import Column, Kind, Table, share
from campaigns.letters.similarity import NEAR_IDENTICAL
from campaigns.models import Campaign, Heard, Letter, PledgeState
from campaigns.models.letter import LetterQuerySet
from campaigns.reports import is_in

LEFT = is_in("accepted") | is_in("posted") | is_in("reported")
ANSWERED = Q(replied_at__isnull=False) | Q(question__answer__in=[Heard.ANSWERED, Heard.EVADED])
# How much of a letter is its writer's own; the limits are those by which letters are put together in bundles.
OWN, NEARLY, FORM = "own", "nearly", "form"
OWN_WORDS = ~Q(subject="") | Q(had_own_subject=True) | Q(similarity__lt=NEAR_IDENTICAL)
HOW_PERSONAL = Case(
    When(OWN_WORDS, then=Value(OWN)),
    When(similarity__lt=1, then=Value(NEARLY)),
    default=Value(FORM),
    output_field=CharField(),
)


def letters_of(campaign: Campaign) -> LetterQuerySet:
    return Letter.objects.counted().filter(drive__campaign=campaign)


@dataclass(frozen=True)
class Reached:
    """Confirmed people of whose letters one has left, and of whose one was answered."""

    sent: int
    answered: int


def reached(campaign: Campaign) -> Reached:
    found = (
        letters_of(campaign)
        .filter(LEFT, pledge__state=PledgeState.CONFIRMED)
        .aggregate(
            sent=Count("pledge", distinct=True), answered=Count("pledge", distinct=True, filter=ANSWERED)
        )
    )
    return Reached(**found)


@dataclass(frozen=True)
class Personal:
    """Letters of one kind: how many have left, and how many of these were answered."""

    kind: str
    left: int
    answered: int


def by_kind(campaign: Campaign) -> list[Personal]:
    """Letters that have left, by how personal they are: own words, nearly as suggested, as suggested."""
    rows = (
        letters_of(campaign)
        .filter(LEFT)
        .order_by()
        .values(kind=HOW_PERSONAL)
        .annotate(left=Count("pk"), answered=Count("pk", filter=ANSWERED))
    )
    found = {row["kind"]: Personal(**row) for row in rows}
    return [found.get(kind, Personal(kind, 0, 0)) for kind in (OWN, NEARLY, FORM)]


def kind_name(kind: str) -> str:
    return {
        OWN: _("In their writer’s own words"),
        NEARLY: _("Nearly as suggested"),
        FORM: _("As suggested"),
    }[kind]


def kinds_table(kinds: Sequence[Personal]) -> Table:
    left = sum(one.left for one in kinds)
    return Table(
        "letters",
        _("Personal letters and form letters"),
        (
            Column(_("Letters"), Kind.TEXT),
            Column(pgettext("a count", "Left")),
            Column(pgettext("part of all", "Share"), Kind.PERCENT),
            Column(pgettext("a count", "Answered")),
            Column(_("Of those that left"), Kind.PERCENT),
        ),
        [
            (
                kind_name(one.kind),
                one.left,
                share(one.left, left),
                one.answered,
                share(one.answered, one.left),
            )
            for one in kinds
        ],
    )


Office = dict[str, Any]


def by_office(campaign: Campaign) -> list[Office]:
    """Each seat that letters have left for: how many, how many were answered, and what supporters told of it.

    Those with most letters first. Who did not expect an answer told us nothing of the office.
    """
    told = Q(question__answer__in=[Heard.ANSWERED, Heard.EVADED, Heard.ACKNOWLEDGED, Heard.NOTHING])
    rows: Iterable[Any] = (
        letters_of(campaign)
        .filter(LEFT)
        .order_by()
        .values("post", label=F("post__label"))
        .annotate(
            left=Count("pk"),
            answered=Count("pk", filter=ANSWERED),
            by_us=Count("pk", filter=Q(replied_at__isnull=False)),
            told=Count("pk", filter=told),
            said_answered=Count("pk", filter=Q(question__answer=Heard.ANSWERED)),
            said_evaded=Count("pk", filter=Q(question__answer=Heard.EVADED)),
            said_nothing=Count("pk", filter=Q(question__answer__in=[Heard.ACKNOWLEDGED, Heard.NOTHING])),
        )
        .order_by("-left", "label", "post")
    )
    return list(rows)


def offices_table(offices: Sequence[Office]) -> Table:
    return Table(
        "offices",
        _("Who answers"),
        (
            Column(_("Office"), Kind.TEXT),
            Column(pgettext("a count", "Left")),
            Column(pgettext("a count", "Answered")),
            Column(pgettext("part of all", "Share"), Kind.PERCENT),
            Column(_("Came by us")),
            Column(pgettext("a count", "Told us")),
            Column(_("To the point")),
            Column(pgettext("a count", "Evaded")),
            Column(_("Nothing")),
        ),
        [
            (
                row["label"],
                row["left"],
                row["answered"],
                share(row["answered"], row["left"]),
                row["by_us"],
                row["told"],
                row["said_answered"],
                row["said_evaded"],
                row["said_nothing"],
            )
            for row in offices
        ],
    )
