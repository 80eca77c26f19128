"""What a drive's live board shows: one bar of states, hours planned and done, and what needs a person."""

from datetime import datetime, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.delivery import switch
from campaigns.drive_reports import drive_numbers, leaving_by_hour, sent_by_hour
from campaigns.findings.table import Table
from campaigns.models import ChannelName, Drive, DriveState, Letter, LetterState
from campaigns.reports import Ways, by_reason, in_groups, stuck_of
from campaigns.views.console.alarms import CAUSES, alarms_of
from campaigns.views.console.causes import causes_in
from campaigns.views.console.drive_tables import hours_table, letters_table
from campaigns.views.console.stuck import stuck_in
from campaigns.views.console.words import DRIVE_TONES, GROUP_LABELS
from campaigns.views.table_files import with_files
from contacts.clock import now
from contacts.models import Organization
from policy.charts.hours import Hour, hours_chart
from policy.charts.parts import Part, parts_bar

HOURS_SHOWN = 36
_AN_HOUR = timedelta(hours=1)
# Groups of letters in the order of the bar, with their look. Stopped ones are no part of what the drive has to do.
LOOKS = {
    "accepted": "accent",
    "posted": "framed",
    "reported": "soft",
    "leaving": "soft",
    "waiting": "quiet",
    "stuck": "dashed",
    "with_supporters": "empty",
    "uncertain": "open",
    "held": "warn",
    "failed": "bad",
}
# What not every drive has; the others are named even when there is none.
RARE = {"posted", "reported", "stuck"}


def board_of(organization: Organization, drive: Drive, *, may_see_letters: bool) -> dict[str, object]:
    """Everything the board's template needs."""
    at = now()
    is_stopped = switch.is_stopped()
    ways = drive_numbers(drive)
    stuck = stuck_of(Letter.objects.counted().filter(drive=drive))
    found = _in_groups(ways, stuck)
    groups = _groups(ways, found)
    whole = sum(n for _label, n, _look in groups)
    rows, idle = _hours(drive)
    shown = _around_now(rows, at)
    letters_url = f"{reverse('campaigns:letter-list', args=[organization.slug])}?drive={drive.pk}"
    page = reverse("campaigns:drive", args=[organization.slug, drive.pk])
    return {
        "drive": drive,
        "campaign": drive.campaign,
        "tone": DRIVE_TONES[drive.state],
        "groups": groups,
        "whole": whole,
        "stopped": found["stopped"],
        "bar": _bar(groups, whole),
        "letters_table": with_files(_letters_table(groups, found), page),
        "hours_table": with_files(hours_table(rows), page),
        "idle": idle,
        "next_wave": "" if is_stopped else _next_wave(drive, rows, at),
        "hours_chart": _chart(drive, shown),
        "more_hours": len(rows) - len(shown),
        "states": states_of(ways, stuck),
        "letters_url": letters_url,
        "may_see_letters": may_see_letters,
        "tests": Letter.objects.filter(drive=drive, is_test=True).count(),
        "causes": causes_in(drive, found, letters_url, may_see_letters=may_see_letters)
        + stuck_in(by_reason(stuck), organization, letters_url),
        "causes_id": CAUSES,
        "alarms": alarms_of(organization, drive, found, at, is_stopped=is_stopped),
        "is_live": drive.state in {DriveState.SCHEDULED, DriveState.RUNNING},
        "at": at,
    }


def board_tables(drive: Drive) -> list[Table]:
    """What the board's drawings are made of, for files."""
    ways = drive_numbers(drive)
    found = _in_groups(ways, stuck_of(Letter.objects.counted().filter(drive=drive)))
    return [_letters_table(_groups(ways, found), found), hours_table(_hours(drive)[0])]


def _in_groups(ways: Ways, stuck: dict[tuple[str, str], int]) -> dict[str, int]:
    """Letters by group, those that can't leave yet apart from those that wait for nothing but their hour."""
    found = in_groups(ways)
    found["stuck"] = min(sum(stuck.values()), found["waiting"])
    found["waiting"] -= found["stuck"]
    return found


def _groups(ways: Ways, found: dict[str, int]) -> list[tuple[str, int, str]]:
    """The parts of the bar: what they are called, how many letters, and their look."""
    names = dict(GROUP_LABELS)
    if any(channel == ChannelName.CWC for channel, _state, _n in ways):
        names["accepted"] = _("Accepted by a mail server or an office’s system")
    return [
        (str(names[group]), found[group], look)
        for group, look in LOOKS.items()
        if found[group] or group not in RARE
    ]


def _letters_table(groups: list[tuple[str, int, str]], found: dict[str, int]) -> Table:
    return letters_table(groups, (str(GROUP_LABELS["stopped"]), found["stopped"]))


def begins(drive: Drive, at: datetime) -> str:
    """When a drive that is scheduled, or is about to be, starts."""
    text = (
        _("It starts by itself on %(time)s, on your organisation’s clock.")
        if drive.starts_at > at
        else _("It was to start on %(time)s, which is past: it starts within a minute of being scheduled.")
    )
    return text % {"time": _moment(drive.starts_at)}


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _next_wave(drive: Drive, rows: list[tuple[datetime, int, int]], at: datetime) -> str:
    """When the next letters leave and when the last of those planned does; empty where nothing is going to."""
    if drive.state == DriveState.SCHEDULED:
        return begins(drive, at)
    if drive.state != DriveState.RUNNING or drive.ends_at <= at:
        return ""
    hours = [hour for hour, planned, done in rows if planned > done]
    if not hours:
        return ""
    first, end = max(hours[0], at), min(hours[-1] + _AN_HOUR, drive.ends_at)
    if end <= first:  # those whose hour is past are in the queue
        return _("The last of the letters planned so far leave now.")
    text = (
        _(
            "The next letters leave now; the last of those planned leave by %(end)s, on your organisation’s clock."
        )
        if first > hours[0]
        else _(
            "The next letters leave from %(time)s on; the last of those planned by %(end)s, on your organisation’s "
            "clock."
        )
    )
    return text % {"time": _moment(first), "end": _moment(end)}


def states_of(ways: Ways, stuck: dict[tuple[str, str], int]) -> list[tuple[str, int, str]]:
    """Letters by state, with the query that lists them; those that can't leave are not among the ready ones.

    A state that means the same by every way is one row; where only some ways share its words, each is named.
    """
    found: dict[str, list[tuple[str, int]]] = {}
    for channel, state, n in ways:
        if state == LetterState.READY:
            n -= sum(some for (way, _note), some in stuck.items() if way == channel)
        if n:
            found.setdefault(state, []).append((channel, n))
    rows = [row for state, counts in found.items() for row in _rows_of(state, counts)]
    if stuck:
        rows.append((_("Can’t leave yet"), sum(stuck.values()), "stuck=1"))
    return rows


def _rows_of(state: str, counts: list[tuple[str, int]]) -> list[tuple[str, int, str]]:
    labels = [Letter(channel=channel).said_of(state) for channel, _n in counts]
    if len(counts) > 1 and len(set(labels)) == 1:
        return [(labels[0], sum(n for _channel, n in counts), f"state={state}")]
    return [
        (
            f"{label} ({ChannelName(channel).label})" if labels.count(label) > 1 else label,
            n,
            f"state={state}&channel={channel}",
        )
        for label, (channel, n) in zip(labels, counts, strict=True)
    ]


def _bar(groups: list[tuple[str, int, str]], whole: int) -> str:
    if not whole:
        return ""
    accepted = groups[0][1]
    title = ngettext("%(n)s of %(whole)s letter accepted", "%(n)s of %(whole)s letters accepted", whole) % {
        "n": intcomma(accepted),
        "whole": intcomma(whole),
    }
    return parts_bar(title=title, parts=[Part(label, n, intcomma(n), look) for label, n, look in groups if n])


def _hours(drive: Drive) -> tuple[list[tuple[datetime, int, int]], int]:
    """Per hour: letters that left or leave in it, and of them accepted; and how many leave in none as things stand."""
    done = dict(sent_by_hour(drive))
    ahead, idle = leaving_by_hour(drive)
    every = sorted({*done, *ahead})
    return [(hour, done.get(hour, 0) + ahead.get(hour, 0), done.get(hour, 0)) for hour in every], idle


def _around_now(rows: list[tuple[datetime, int, int]], at: datetime) -> list[tuple[datetime, int, int]]:
    """The hours a chart has room for: a third of them behind us, the rest ahead."""
    if len(rows) <= HOURS_SHOWN:
        return rows
    behind = sum(hour <= at for hour, _plan, _done in rows)
    first = max(min(behind - HOURS_SHOWN // 3, len(rows) - HOURS_SHOWN), 0)
    return rows[first : first + HOURS_SHOWN]


def hour_label(hour: datetime) -> str:
    """An hour on the organisation's clock, short enough for an axis."""
    return date_format(timezone.localtime(hour), _("j M, H:i"))


def _chart(drive: Drive, rows: list[tuple[datetime, int, int]]) -> str:
    if not rows:
        return ""
    done, plan = sum(d for _hour, _plan, d in rows), sum(p for _hour, p, _done in rows)
    title = ngettext(
        "%(done)s of %(plan)s letter in these hours has left",
        "%(done)s of %(plan)s letters in these hours have left",
        plan,
    ) % {
        "done": intcomma(done),
        "plan": intcomma(plan),
    }
    hours = [Hour(hour_label(hour), planned=planned, done=sent) for hour, planned, sent in rows]
    return hours_chart(title=title, hours=hours, width=820)
