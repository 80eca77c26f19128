"""Scheduling, pausing, resuming and cancelling, each after a page that says what will happen, in numbers."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaigns.actions import drives as actions
from campaigns.models import Drive, DriveState, Letter
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.drives import drive_crumbs, drive_of
from campaigns.views.console.page import Step, confirmed
from contacts.models import Organization


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def drive_move(
    request: ConsoleRequest, organization: Organization, drive_id: UUID, verb: str
) -> HttpResponse:
    drive = drive_of(organization, drive_id)
    if verb not in STEPS:
        raise Http404
    step = STEPS[verb](request, drive)
    if TO_STATE[verb] not in Drive.MOVES[drive.state]:
        step = step.barred()
    return confirmed(
        request,
        organization,
        step,
        section="campaigns",
        back=reverse("campaigns:drive", args=[organization.slug, drive.pk]),
        crumbs=drive_crumbs(organization, drive),
    )


def _waiting(drive: Drive) -> int:
    return Letter.objects.counted().filter(drive=drive, state__in=Letter.WAITING).count()


def _finishing(drive: Drive) -> str:
    leaving = drive.letters.filter(state__in=Letter.LEAVING).count()
    return ngettext(
        "%(n)s letter is leaving already and will finish.",
        "%(n)s letters are leaving already and will finish.",
        leaving,
    ) % {"n": f"{leaving:,}"}


def _schedule(request: ConsoleRequest, drive: Drive) -> Step:
    waiting = _waiting(drive)

    def act() -> str:
        n = actions.schedule_drive(drive=drive, actor=request.user)
        return ngettext("Scheduled. %(n)s letter waits.", "Scheduled. %(n)s letters wait.", n) % {
            "n": f"{n:,}"
        }

    consequences: list[object] = [
        _("It starts by itself on %(time)s.")
        % {"time": date_format(timezone.localtime(drive.starts_at), "j F Y, H:i")},
        ngettext(
            "%(n)s letter waits in it now; more come as people confirm.",
            "%(n)s letters wait in it now; more come as people confirm.",
            waiting,
        )
        % {"n": f"{waiting:,}"},
        _("You can pause it at any moment."),
    ]
    if drive.campaign.is_test:
        consequences.insert(
            0, _("The campaign is in test mode: what people sign now goes to its organizer, not to offices.")
        )
    return Step(
        title=_("Schedule the drive"),
        button=_("Schedule the drive"),
        consequences=consequences,
        blockers=actions.what_is_missing(drive),
        act=act,
    )


def _pause(request: ConsoleRequest, drive: Drive) -> Step:
    def act() -> str:
        n = actions.pause_drive(drive=drive, actor=request.user)
        return ngettext(
            "Paused. %(n)s letter is already leaving.", "Paused. %(n)s letters are already leaving.", n
        ) % {"n": f"{n:,}"}

    return Step(
        title=_("Pause the drive"),
        button=_("Pause the drive"),
        consequences=[
            _("No further letter begins to leave."),
            _finishing(drive),
            _("Resume it at any time: what was missed is planned anew, without a burst."),
        ],
        act=act,
    )


def _resume(request: ConsoleRequest, drive: Drive) -> Step:
    waiting = _waiting(drive)
    return Step(
        title=_("Resume the drive"),
        button=_("Resume the drive"),
        consequences=[
            ngettext(
                "%(n)s letter goes on at the set rates.", "%(n)s letters go on at the set rates.", waiting
            )
            % {"n": f"{waiting:,}"},
            _("What was missed during the pause is planned anew, without a burst."),
        ],
        act=lambda: actions.resume_drive(drive=drive, actor=request.user),
    )


def _draft(request: ConsoleRequest, drive: Drive) -> Step:
    return Step(
        title=_("Make it a draft again"),
        button=_("Make it a draft again"),
        consequences=[_("It does not start by itself until you schedule it again.")],
        act=lambda: actions.unschedule_drive(drive=drive, actor=request.user),
    )


def _cancel(request: ConsoleRequest, drive: Drive) -> Step:
    # Tests are cancelled too, and the button names what it does.
    waiting = drive.letters.filter(state__in=Letter.WAITING).count()

    def act() -> str:
        cancelled, left = actions.cancel_drive(drive=drive, actor=request.user)
        done = ngettext("Cancelled %(n)s letter.", "Cancelled %(n)s letters.", cancelled) % {
            "n": f"{cancelled:,}"
        }
        return f"{done} {_finishing(drive)}" if left else done

    return Step(
        title=_("Cancel the drive"),
        button=ngettext("Cancel %(n)s letter", "Cancel %(n)s letters", waiting) % {"n": f"{waiting:,}"},
        consequences=[
            _("Letters that have not left are cancelled for good. This can't be undone."),
            _finishing(drive),
            _("Supporters see on their page that their letter was not sent."),
            _("You can set up another drive; it writes the letters of everyone who has confirmed anew."),
        ],
        is_danger=True,
        act=act,
    )


TO_STATE: dict[str, str] = {
    "start": DriveState.SCHEDULED,
    "pause": DriveState.PAUSED,
    "resume": DriveState.RUNNING,
    "draft": DriveState.DRAFT,
    "cancel": DriveState.CANCELLED,
}
STEPS: dict[str, Callable[[ConsoleRequest, Drive], Step]] = {
    "start": _schedule,
    "pause": _pause,
    "resume": _resume,
    "draft": _draft,
    "cancel": _cancel,
}
