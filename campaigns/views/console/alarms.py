"""What is wrong with a drive now or waits for a person, for its board."""

from datetime import datetime, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.delivery.batches import OnPaper, paper_work
from campaigns.models import Breaker, Drive, DriveState, Heartbeat
from campaigns.views.console.words import Alarm
from contacts.models import Organization

# Beat ticks every few seconds; this long without a tick means that nothing is being sent.
QUIET = timedelta(minutes=2)
# Where the page says why letters stopped: the alarm that counts them leads there.
CAUSES = "stopped"


def alarms_of(
    organization: Organization, drive: Drive, found: dict[str, int], at: datetime, *, is_stopped: bool
) -> list[Alarm]:
    """What is wrong now and where to act on it, gravest first; each reason why letters stopped is said by the table."""
    letters = f"{reverse('campaigns:letter-list', args=[organization.slug])}?drive={drive.pk}"
    alarms = []
    if drive.state in {DriveState.SCHEDULED, DriveState.RUNNING} and _is_silent(at):
        alarms.append(
            Alarm(
                "bad",
                _(
                    "Nothing is being sent: the worker has not answered for two minutes. "
                    "Ask whoever runs this installation."
                ),
            )
        )
    if is_stopped and drive.state == DriveState.RUNNING:
        url = reverse("campaigns:sending", args=[organization.slug])
        text = _("This drive stands still: all sending is stopped for every organisation here.")
        alarms.append(Alarm("bad", text, url, _("Who, when, why")))
    alarms += _refused(organization, drive)
    uncertain = found["uncertain"]
    if uncertain:
        text = ngettext(
            "%(n)s letter may or may not have arrived. Look at the evidence and decide.",
            "%(n)s letters may or may not have arrived. Look at the evidence and decide.",
            uncertain,
        )
        alarms.append(
            Alarm(
                "warn",
                text % {"n": intcomma(uncertain)},
                f"{letters}&state=uncertain",
                _("Decide"),
                is_letters=True,
            )
        )
    alarms += _on_paper(organization, drive)
    stopped = found["held"] + found["stuck"]
    if stopped:
        text = ngettext(
            "%(n)s letter is held or can’t leave yet.", "%(n)s letters are held or can’t leave yet.", stopped
        )
        alarms.append(Alarm("warn", text % {"n": intcomma(stopped)}, f"#{CAUSES}", _("Why, and what to do")))
    return alarms


def _on_paper(organization: Organization, drive: Drive) -> list[Alarm]:
    """Letters that wait for a printer, and those that are set and that nobody said to be posted."""
    found = paper_work([drive]).get(drive.pk, OnPaper())
    batches = reverse("campaigns:print-batches", args=[organization.slug, drive.pk])
    alarms = []
    if found.to_print:
        text = ngettext(
            "%(n)s letter waits to be printed.", "%(n)s letters wait to be printed.", found.to_print
        )
        is_running = drive.state == DriveState.RUNNING  # nothing is printed of a drive that rests
        link, action = (batches, _("Print them")) if is_running else ("", "")
        alarms.append(Alarm("warn", text % {"n": intcomma(found.to_print)}, link, action))
    if found.to_post:
        text = ngettext(
            "%(n)s letter is set for printing, and nobody has said yet that it is posted.",
            "%(n)s letters are set for printing, and nobody has said yet that they are posted.",
            found.to_post,
        )
        alarms.append(Alarm("warn", text % {"n": intcomma(found.to_post)}, batches, _("Post them")))
    return alarms


def _refused(organization: Organization, drive: Drive) -> list[Alarm]:
    """Mail domains that refuse us, for a drive that has letters for them or that they paused."""
    url = reverse("campaigns:sending", args=[organization.slug])
    alarms = []
    is_paused = drive.state == DriveState.PAUSED
    stopped = Breaker.objects.domains_of(Drive.objects.filter(pk=drive.pk))
    for breaker in stopped:
        text = (
            _("Paused because %(domain)s refuses our letters. They wait unchanged.")
            if is_paused and drive.paused_by_id == breaker.pk
            else _(
                "A letter is being tried at %(domain)s, which refused ours. The others follow when it has not come"
                " back after ten minutes."
            )
            if breaker.probe_at
            else _("%(domain)s refuses our letters: those to it wait, others leave.")
        )
        alarms.append(Alarm("bad", text % {"domain": breaker.name}, url, _("What to do")))
    if is_paused and drive.paused_by and drive.paused_by not in stopped:
        text = _("Paused when %(domain)s refused our letters. It takes them again: you can resume the drive.")
        alarms.append(Alarm("warn", text % {"domain": drive.paused_by.name}))
    return alarms


def _is_silent(at: datetime) -> bool:
    last = Heartbeat.objects.filter(name="tick").values_list("beaten_at", flat=True).first()
    return last is None or at - last > QUIET
