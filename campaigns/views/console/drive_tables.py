"""What the charts of a drive and of its rehearsal are drawn from, as tables."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from campaigns.findings.table import Column, Kind, Table


def letters_table(groups: Sequence[tuple[str, int, str]], stopped: tuple[str, int]) -> Table:
    """Every letter of a drive in one row; those that were stopped stand last, and in no bar."""
    rows = [(label, n) for label, n, _look in groups]
    return Table(
        "letters",
        _("Letters of the drive"),
        (Column(_("What became of them"), Kind.TEXT), Column(_("Letters"))),
        [*rows, *([stopped] if stopped[1] else [])],
    )


def hours_table(hours: Sequence[tuple[datetime, int, int]]) -> Table:
    return Table(
        "hours",
        _("Letters by hour"),
        (Column(_("Hour from"), Kind.MOMENT), Column(_("Planned")), Column(_("Accepted"))),
        hours,
    )


def rehearsed_table(hours: Sequence[tuple[datetime, int]]) -> Table:
    return Table(
        "hours", _("Letters by hour"), (Column(_("Hour from"), Kind.MOMENT), Column(_("Letters"))), hours
    )
