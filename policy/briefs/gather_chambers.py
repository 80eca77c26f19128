"""Rows → the chambers that vote on a measure, seat by seat, as far as positions are known. Reads only."""

from datetime import date

from django.utils.translation import gettext as _

from policy.briefs.pieces import POSITIONS
from policy.briefs.sections import SeatChart, Seats
from policy.briefs.words import count as printed
from policy.models import Measure
from policy.whip import ORDER, UNKNOWN, VACANT, Tally, WhipCount, chambers_of, whip_count
from policy.whip_chart import LABELS, finding, middle, order_of, vacancies

PARTIES_SHOWN = 2


def chambers(measure: Measure | None, on: date) -> tuple[SeatChart, ...]:
    """A chart for each chamber in which somebody's position is known."""
    if measure is None:
        return ()
    counts = [whip_count(measure, chamber, on) for chamber in chambers_of(measure)]
    return tuple(
        _chart(one) for one in counts if any(one.counts[sign] for sign in ORDER[:-1] if sign != UNKNOWN)
    )


def _chart(count: WhipCount) -> SeatChart:
    parties = _parties(count)
    rule = str(count.majority.label)
    takes = _("To pass it takes %(rule)s.") % {"rule": rule[:1].lower() + rule[1:]}
    return SeatChart(
        heading=count.chamber.name,
        finding=finding(count),
        blocks=tuple(
            Seats(
                sign,
                str(LABELS[sign]),
                count.counts[sign],
                printed(count.counts[sign]),
                tuple(
                    "" if sign == VACANT else printed(party.counts[ORDER.index(sign)]) for party in parties
                ),
            )
            for sign in order_of(count)
        ),
        parties=tuple(party.label or _("No party") for party in parties),
        needed=count.needed,
        needed_label=_("%(n)s needed") % {"n": printed(count.needed)},
        middle=middle(count),
        source=POSITIONS,
        note=f"{takes} {vacancies(count)}".strip(),
    )


def _parties(count: WhipCount) -> list[Tally]:
    """The largest parties; all others in one column."""
    shown = list(count.parties[:PARTIES_SHOWN])
    others = count.parties[PARTIES_SHOWN:]
    if len(others) == 1:
        shown += others
    elif others:
        sums = tuple(sum(numbers) for numbers in zip(*(party.counts for party in others), strict=True))
        shown.append(Tally(_("Others"), sums))
    return shown if len(shown) > 1 else []
