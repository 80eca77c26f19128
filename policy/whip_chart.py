"""A whip count as pages and briefs show it: the finding in words, and the chamber as a half circle of seats."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policy.charts.seats import Block, seat_chart
from policy.models import StanceLevel
from policy.whip import ORDER, SIGNS, UNKNOWN, VACANT, WhipCount

LABELS: dict[str, object] = {
    **{sign: StanceLevel(level).label for level, sign in SIGNS.items()},
    UNKNOWN: gettext_lazy("Not known"),
    VACANT: gettext_lazy("Vacant"),
}


def finding(count: WhipCount) -> str:
    """The count in one sentence."""
    about = {
        "ours": f"{count.ours:,}",
        "needed": f"{count.needed:,}",
        "missing": f"{count.missing:,}",
        "measure": count.measure.identifier,
    }
    if count.is_out_of_reach:
        about |= {"needed": f"{count.to_pass:,}", "held": f"{count.held:,}"}
        if count.is_opposed:
            return _("%(measure)s can't pass: it needs %(needed)s, and %(held)s seats are held.") % about
        return (
            _("%(ours)s are for %(measure)s. It needs %(needed)s, and only %(held)s seats are held.") % about
        )
    if count.is_opposed:
        if not count.missing:
            return _("%(ours)s are against %(measure)s; with %(needed)s it can't pass.") % about
        return (
            _(
                "%(ours)s are against %(measure)s. It can't pass with %(needed)s against it: %(missing)s more needed."
            )
            % about
        )
    if not count.missing:
        return _("%(ours)s are for %(measure)s; it passes with %(needed)s.") % about
    return _("%(ours)s are for %(measure)s. It passes with %(needed)s: %(missing)s more needed.") % about


def vacancies(count: WhipCount) -> str:
    """What empty seats mean for this count; empty when there is none."""
    empty = count.counts[VACANT]
    if not empty:
        return ""
    about = {"empty": f"{empty:,}", "seats": f"{count.seats:,}"}
    if count.majority.is_of_all_seats:
        return (
            ngettext(
                "%(empty)s of %(seats)s seats is vacant. The rule counts all seats, so it works like a vote against.",
                "%(empty)s of %(seats)s seats are vacant. The rule counts all seats, so they work like votes against.",
                empty,
            )
            % about
        )
    return (
        ngettext(
            "%(empty)s of %(seats)s seats is vacant and left out of the rule.",
            "%(empty)s of %(seats)s seats are vacant and left out of the rule.",
            empty,
        )
        % about
    )


def whip_chart(count: WhipCount) -> str:
    """The chamber as a half circle, the organisation's side on the left."""
    order = [*reversed(ORDER[:-1]), VACANT] if count.is_opposed else list(ORDER)
    return seat_chart(
        title=finding(count),
        blocks=[Block(sign, str(LABELS[sign]), count.counts[sign]) for sign in order],
        needed=count.needed,
        needed_label=_("%(n)s needed") % {"n": f"{count.needed:,}"},
        middle=(
            f"{count.ours:,}",
            ngettext("of %(n)s vote", "of %(n)s votes", count.needed) % {"n": f"{count.needed:,}"},
        ),
        width=400,
    )
