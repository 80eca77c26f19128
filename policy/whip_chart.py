"""A whip count as pages and briefs show it: the finding in words, and the chamber as a half circle of seats."""

from django.contrib.humanize.templatetags.humanize import intcomma
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
        "ours": intcomma(count.ours),
        "needed": intcomma(count.needed),
        "missing": intcomma(count.missing),
        "measure": count.measure.identifier,
    }
    if count.is_out_of_reach:
        about |= {"needed": intcomma(count.to_pass), "held": intcomma(count.held)}
        if count.is_opposed:
            return _("%(measure)s can't pass: it needs %(needed)s, and %(held)s seats are held.") % about
        said = ngettext(
            "%(ours)s is for %(measure)s. It needs %(needed)s, and only %(held)s seats are held.",
            "%(ours)s are for %(measure)s. It needs %(needed)s, and only %(held)s seats are held.",
            count.ours,
        )
        return said % about
    if count.is_opposed and not count.missing:
        said = ngettext(
            "%(ours)s is against %(measure)s; with %(needed)s it can't pass.",
            "%(ours)s are against %(measure)s; with %(needed)s it can't pass.",
            count.ours,
        )
    elif count.is_opposed:
        said = ngettext(
            "%(ours)s is against %(measure)s. It can't pass with %(needed)s against it: %(missing)s more needed.",
            "%(ours)s are against %(measure)s. It can't pass with %(needed)s against it: %(missing)s more needed.",
            count.ours,
        )
    elif not count.missing:
        said = ngettext(
            "%(ours)s is for %(measure)s; it passes with %(needed)s.",
            "%(ours)s are for %(measure)s; it passes with %(needed)s.",
            count.ours,
        )
    else:
        said = ngettext(
            "%(ours)s is for %(measure)s. It passes with %(needed)s: %(missing)s more needed.",
            "%(ours)s are for %(measure)s. It passes with %(needed)s: %(missing)s more needed.",
            count.ours,
        )
    return said % about


def order_of(count: WhipCount) -> list[str]:
    """The signs from left to right: the organisation's side first."""
    return [*reversed(ORDER[:-1]), VACANT] if count.is_opposed else list(ORDER)


def middle(count: WhipCount) -> tuple[str, str]:
    """The figure inside the half circle, and its words."""
    words = ngettext("of %(n)s vote", "of %(n)s votes", count.needed) % {"n": intcomma(count.needed)}
    return intcomma(count.ours), words


def vacancies(count: WhipCount) -> str:
    """What empty seats mean for this count; empty when there is none."""
    empty = count.counts[VACANT]
    if not empty:
        return ""
    about = {"empty": intcomma(empty), "seats": intcomma(count.seats)}
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
    return seat_chart(
        title=finding(count),
        blocks=[Block(sign, str(LABELS[sign]), count.counts[sign]) for sign in order_of(count)],
        needed=count.needed,
        needed_label=_("%(n)s needed") % {"n": intcomma(count.needed)},
        middle=middle(count),
        width=400,
    )
