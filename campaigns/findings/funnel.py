"""The way from opening a campaign's page to an office's answer, in people."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.findings.letters import Reached
from campaigns.findings.people import Source, Views
from campaigns.findings.table import Column, Kind, Table, share


@dataclass(frozen=True)
class Step:
    """How many came so far, and how many of a hundred of the step before; the first step has none before it."""

    label: str
    n: int
    of_before: float | None


def funnel(sources: Sequence[Source], views: Views, got: Reached) -> list[Step]:
    """The steps. Without counted views it begins with those who signed."""
    signed = sum(one.signed for one in sources)
    confirmed = sum(one.confirmed for one in sources)
    steps = []
    if views.counts:
        steps.append(Step(_("Views of the page"), views.total, None))
    # Of those who signed before views were counted nobody knows whether they viewed it.
    since = sum(one.since_views for one in sources)
    return [
        *steps,
        # More signed than pages were opened where people sign through a program: no share of anything.
        Step(
            pgettext("a count", "Signed"), signed, share(since, views.total) if since <= views.total else None
        ),
        Step(pgettext("a count", "Confirmed"), confirmed, share(confirmed, signed)),
        Step(_("A letter of theirs left"), got.sent, share(got.sent, confirmed)),
        Step(_("An office answered"), got.answered, share(got.answered, got.sent)),
    ]


def funnel_table(steps: Sequence[Step]) -> Table:
    return Table(
        "funnel",
        _("From view to answer"),
        (Column(_("Step"), Kind.TEXT), Column(_("How many")), Column(_("Of the step before"), Kind.PERCENT)),
        [(step.label, step.n, step.of_before) for step in steps],
    )
