"""What a drive's live board shows: one bar of states, hours planned and done, and what needs a person."""

from datetime import datetime, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.delivery.batches import waiting
from campaigns.models import ChannelName, Drive, DriveState, Heartbeat, Letter, LetterState
from campaigns.reports import FAILED, drive_numbers, planned_by_hour, sent_by_hour
from campaigns.views.console.words import DRIVE_TONES, Alarm
from contacts.clock import now
from contacts.models import Organization
from policy.charts.hours import Hour, hours_chart
from policy.charts.parts import Part, parts_bar

HOURS_SHOWN = 36
# Beat ticks every few seconds; this long without a tick means that nothing is being sent.
QUIET = timedelta(minutes=2)
# Groups of states as the bar shows them: (key, states, look).
GROUPS: list[tuple[str, list[LetterState], str]] = [
    ("accepted", [LetterState.SENT, LetterState.SETTLED, LetterState.CLOSED], "accent"),
    ("leaving", [LetterState.CLAIMED, LetterState.COMMITTING], "soft"),
    ("waiting", [LetterState.READY, LetterState.QUEUED, LetterState.DEFERRED], "quiet"),
    ("written", [LetterState.DRAFT], "empty"),
    ("attention", [LetterState.UNCERTAIN, LetterState.HELD], "warn"),
    ("failed", FAILED, "bad"),
]


def labels() -> dict[str, str]:
    return {
        "accepted": _("Accepted by a mail server"),
        "posted": _("Printed and posted"),
        "reported": _("Sent by their supporters, as they say"),
        "leaving": _("Leaving now"),
        "waiting": _("Waiting for their moment"),
        "written": _("Still with their supporters"),
        "attention": _("Need a person"),
        "failed": _("Could not be delivered"),
    }


def board_of(organization: Organization, drive: Drive, *, may_see_letters: bool) -> dict[str, object]:
    """Everything the board's template needs."""
    ways = drive_numbers(drive)
    numbers: dict[str, int] = {}
    for _channel, state, n in ways:
        numbers[state] = numbers.get(state, 0) + n
    names = labels()
    if any(channel == ChannelName.CWC for channel, _state, _n in ways):
        names["accepted"] = _("Accepted by a mail server or an office’s system")
    posted, reported = (
        sum(n for channel, state, n in ways if channel == name and state in Letter.ACCEPTED)
        for name in (ChannelName.PRINT, ChannelName.LINK)
    )
    groups = [(names[key], sum(numbers.get(s, 0) for s in states), look) for key, states, look in GROUPS]
    accepted = groups[0][1] - posted - reported
    by_hand = [(names["posted"], posted, "accent"), (names["reported"], reported, "soft")]
    groups[:1] = [(groups[0][0], accepted, groups[0][2]), *(group for group in by_hand if group[1])]
    whole = sum(n for _label, n, _look in groups)
    rows = _hours(drive)
    shown = _around_now(rows)
    letters_url = f"{reverse('campaigns:letter-list', args=[organization.slug])}?drive={drive.pk}"
    return {
        "drive": drive,
        "campaign": drive.campaign,
        "tone": DRIVE_TONES[drive.state],
        "groups": groups,
        "whole": whole,
        "bar": _bar(groups, whole),
        "hours": rows,
        "hours_chart": _chart(drive, shown),
        "more_hours": len(rows) - len(shown),
        "states": [
            (
                Letter(channel=channel).said_of(state),
                n,
                f"{letters_url}&state={state}&channel={channel}",
            )
            for channel, state, n in ways
        ],
        "letters_url": letters_url,
        "may_see_letters": may_see_letters,
        "tests": Letter.objects.filter(drive=drive, is_test=True).count(),
        "alarms": alarms_of(organization, drive, numbers),
        "is_live": drive.state in {DriveState.SCHEDULED, DriveState.RUNNING},
        "at": now(),
    }


def _bar(groups: list[tuple[str, int, str]], whole: int) -> str:
    if not whole:
        return ""
    accepted = groups[0][1]
    title = ngettext("%(n)s of %(whole)s letter accepted", "%(n)s of %(whole)s letters accepted", whole) % {
        "n": f"{accepted:,}",
        "whole": f"{whole:,}",
    }
    return parts_bar(title=title, parts=[Part(label, n, f"{n:,}", look) for label, n, look in groups if n])


def _hours(drive: Drive) -> list[tuple[datetime, int, int]]:
    """Per hour: letters planned in all, and of them accepted."""
    done, ahead = dict(sent_by_hour(drive)), dict(planned_by_hour(drive))
    return [
        (hour, done.get(hour, 0) + ahead.get(hour, 0), done.get(hour, 0)) for hour in sorted({*done, *ahead})
    ]


def _around_now(rows: list[tuple[datetime, int, int]]) -> list[tuple[datetime, int, int]]:
    """The hours a chart has room for: a third of them behind us, the rest ahead."""
    if len(rows) <= HOURS_SHOWN:
        return rows
    at = now()
    behind = sum(hour <= at for hour, _plan, _done in rows)
    first = max(min(behind - HOURS_SHOWN // 3, len(rows) - HOURS_SHOWN), 0)
    return rows[first : first + HOURS_SHOWN]


def hour_label(hour: datetime) -> str:
    """An hour on the organisation's clock, short enough for an axis."""
    return date_format(timezone.localtime(hour), "j M, H:i")


def _chart(drive: Drive, rows: list[tuple[datetime, int, int]]) -> str:
    if not rows:
        return ""
    done, plan = sum(d for _hour, _plan, d in rows), sum(p for _hour, p, _done in rows)
    title = _("%(done)s of %(plan)s letters in these hours have left") % {
        "done": f"{done:,}",
        "plan": f"{plan:,}",
    }
    hours = [Hour(hour_label(hour), planned=planned, done=sent) for hour, planned, sent in rows]
    return hours_chart(title=title, hours=hours, width=820)


def alarms_of(organization: Organization, drive: Drive, numbers: dict[str, int]) -> list[Alarm]:
    """What is wrong now and what to do about it, gravest first."""
    letters = f"{reverse('campaigns:letter-list', args=[organization.slug])}?drive={drive.pk}"
    alarms = []
    if drive.state in {DriveState.SCHEDULED, DriveState.RUNNING} and _is_silent():
        alarms.append(
            Alarm(
                "bad",
                _(
                    "Nothing is being sent: the worker has not answered for two minutes. "
                    "Ask whoever runs this installation."
                ),
            )
        )
    uncertain = numbers.get(LetterState.UNCERTAIN, 0)
    if uncertain:
        text = ngettext(
            "%(n)s letter may or may not have arrived. Look at the evidence and decide.",
            "%(n)s letters may or may not have arrived. Look at the evidence and decide.",
            uncertain,
        )
        alarms.append(
            Alarm("warn", text % {"n": f"{uncertain:,}"}, f"{letters}&state=uncertain", _("Decide"))
        )
    held = numbers.get(LetterState.HELD, 0)
    if held:
        text = ngettext("%(n)s letter is held for a person.", "%(n)s letters are held for a person.", held)
        alarms.append(Alarm("warn", text % {"n": f"{held:,}"}, f"{letters}&state=held", _("Look at them")))
    to_print = waiting(drive).count()
    if to_print:
        text = ngettext("%(n)s letter waits to be printed.", "%(n)s letters wait to be printed.", to_print)
        batches = reverse("campaigns:print-batches", args=[organization.slug, drive.pk])
        alarms.append(Alarm("warn", text % {"n": f"{to_print:,}"}, batches, _("Print them")))
    stuck = Letter.objects.counted().filter(drive=drive, state=LetterState.READY).exclude(note="")
    for reason, n in stuck.order_by().values_list("note").annotate(n=Count("pk")).order_by("-n"):
        text = ngettext("%(n)s letter waits: %(reason)s.", "%(n)s letters wait: %(reason)s.", n)
        alarms.append(
            Alarm("warn", text % {"n": f"{n:,}", "reason": reason}, f"{letters}&stuck=1", _("See which"))
        )
    return alarms


def _is_silent() -> bool:
    last = Heartbeat.objects.filter(name="tick").values_list("beaten_at", flat=True).first()
    return last is None or now() - last > QUIET
