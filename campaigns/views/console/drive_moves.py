"""Scheduling, pausing, resuming and cancelling, each after a page that says what will happen, in numbers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from django.views.decorators.http import require_http_methods

from campaigns.actions import drives as actions
from campaigns.delivery.routes import ROUTES
from campaigns.drive_reports import drive_numbers
from campaigns.models import Breaker, Drive, DriveState, Letter, LetterState
from campaigns.permissions import ConsoleRequest, console
from campaigns.reports import in_groups
from campaigns.views.console.board import begins
from campaigns.views.console.drives import drive_crumbs, drive_of, plan_of
from campaigns.views.console.page import Step, confirmed
from contacts.clock import now
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
        is_so = drive.state == TO_STATE[verb] or (verb == "start" and drive.state == DriveState.RUNNING)
        step = step.done_before(ALREADY[drive.state]) if is_so else step.barred()
    return confirmed(
        request,
        organization,
        step,
        section="campaigns",
        back=reverse("campaigns:drive", args=[organization.slug, drive.pk]),
        crumbs=drive_crumbs(organization, drive),
    )


def _said(*counted: tuple[int, Any]) -> list[object]:
    """The sentence of each number, in the singular or the plural; a number of none has nothing to say."""
    return [sentence % {"count": n, "n": intcomma(n)} for n, sentence in counted if n]


def _finishing(drive: Drive) -> list[object]:
    leaving = drive.letters.filter(state__in=Letter.LEAVING).count()
    return _said(
        (
            leaving,
            ngettext_lazy(
                "%(n)s letter is leaving already and will finish.",
                "%(n)s letters are leaving already and will finish.",
                "count",
            ),
        )
    )


_WITH_SUPPORTERS = ngettext_lazy(
    "%(n)s letter is still with its supporter: it can leave once it is sent off.",
    "%(n)s letters are still with their supporters: they can leave once they are sent off.",
    "count",
)


def _schedule(request: ConsoleRequest, drive: Drive) -> Step:
    letters = in_groups(drive_numbers(drive))

    def act() -> str:
        n = actions.schedule_drive(drive=drive, actor=request.user)
        if not n:
            return _("Scheduled.")
        return ngettext("Scheduled. %(n)s letter waits.", "Scheduled. %(n)s letters wait.", n) % {
            "n": intcomma(n)
        }

    consequences: list[object] = [
        begins(drive, now()),
        *_said(
            (
                letters["waiting"],
                ngettext_lazy(
                    "%(n)s letter waits in it now; more come as people confirm.",
                    "%(n)s letters wait in it now; more come as people confirm.",
                    "count",
                ),
            ),
            (letters["with_supporters"], _WITH_SUPPORTERS),
        ),
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
        if not n:
            return _("Paused.")
        return ngettext(
            "Paused. %(n)s letter is already leaving.", "Paused. %(n)s letters are already leaving.", n
        ) % {"n": intcomma(n)}

    return Step(
        title=_("Pause the drive"),
        button=_("Pause the drive"),
        consequences=[
            _("No further letter begins to leave."),
            *_finishing(drive),
            _("Resume it at any time: what was missed is planned anew, without a burst."),
        ],
        act=act,
    )


def _resume(request: ConsoleRequest, drive: Drive) -> Step:
    # The doing needs no plan, and a big drive's takes its time.
    going = [] if request.method == "POST" else _going_on(drive)
    return Step(
        title=_("Resume the drive"),
        button=_("Resume the drive"),
        consequences=[
            *going,
            *[
                _("Letters to %(domain)s wait on: it refuses our mail until somebody lets it go on.")
                % {"domain": breaker.name}
                for breaker in Breaker.objects.domains_of(Drive.objects.filter(pk=drive.pk))
            ],
            _("What was missed during the pause is planned anew, without a burst."),
        ],
        act=lambda: actions.resume_drive(drive=drive, actor=request.user),
    )


def _going_on(drive: Drive) -> list[object]:
    """What becomes of the drive's letters when it goes on, in the numbers of its rehearsal."""
    if drive.campaign.is_test:
        return [
            _("The campaign is in test mode: its test letters go to the organizer as soon as the drive runs.")
        ]
    plan = plan_of(drive)
    by_hand = sum(n for _channel, n in plan.by_hand)
    under_way = sum(
        n
        for channel, state, n in drive_numbers(drive)
        if state in {LetterState.QUEUED, LetterState.DEFERRED} and ROUTES[channel].is_timed
    )
    said = _said(
        (
            under_way,
            ngettext_lazy(
                "%(n)s letter was in the queue already and goes first.",
                "%(n)s letters were in the queue already and go first.",
                "count",
            ),
        ),
        (
            plan.planned,
            ngettext_lazy(
                "%(n)s letter goes on at the set rates.", "%(n)s letters go on at the set rates.", "count"
            ),
        ),
        (
            by_hand,
            ngettext_lazy(
                "%(n)s letter is printed or left to its supporter to send, without hours or rates.",
                "%(n)s letters are printed or left to their supporters to send, without hours or rates.",
                "count",
            ),
        ),
        (
            plan.too_late,
            ngettext_lazy(
                "%(n)s letter does not fit before the last moment.",
                "%(n)s letters do not fit before the last moment.",
                "count",
            ),
        ),
        (
            plan.stuck,
            ngettext_lazy(
                "%(n)s letter can't leave yet: its office has no working address, or nobody in it.",
                "%(n)s letters can't leave yet: their offices have no working address, or nobody in them.",
                "count",
            ),
        ),
        (
            plan.lacking_details,
            ngettext_lazy(
                "%(n)s letter can't leave yet: its writer left out what the office demands.",
                "%(n)s letters can't leave yet: their writers left out what the offices demand.",
                "count",
            ),
        ),
        (plan.being_written, _WITH_SUPPORTERS),
    )
    return said if under_way or plan.planned or by_hand else [_("No letter can leave at the moment."), *said]


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
            "n": intcomma(cancelled)
        }
        return " ".join(
            map(str, [done if cancelled else _("Cancelled."), *(_finishing(drive) if left else [])])
        )

    return Step(
        title=_("Cancel the drive"),
        button=ngettext("Cancel %(n)s letter", "Cancel %(n)s letters", waiting) % {"n": intcomma(waiting)}
        if waiting
        else _("Cancel the drive"),
        consequences=[
            _("Letters that have not left are cancelled for good. This can't be undone."),
            *_finishing(drive),
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
# Somebody who does a thing again, with the browser's button back, is told that it is done.
ALREADY: dict[str, object] = {
    DriveState.DRAFT: gettext_lazy("It is a draft already."),
    DriveState.SCHEDULED: gettext_lazy("It is scheduled already."),
    DriveState.RUNNING: gettext_lazy("It is under way already."),
    DriveState.PAUSED: gettext_lazy("It is paused already."),
    DriveState.CANCELLED: gettext_lazy("It is cancelled already."),
}
STEPS: dict[str, Callable[[ConsoleRequest, Drive], Step]] = {
    "start": _schedule,
    "pause": _pause,
    "resume": _resume,
    "draft": _draft,
    "cancel": _cancel,
}
