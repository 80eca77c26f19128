from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions import drives as actions
from campaigns.delivery.planning import rehearse
from campaigns.errors import ActionRefused
from campaigns.forms.drive import DriveForm
from campaigns.models import Drive, Letter, LetterState
from campaigns.permissions import console
from campaigns.reports import by_office, drive_numbers, planned_by_hour, sent_by_hour
from campaigns.views.console.campaigns import campaign_of
from campaigns.views.console.page import confirmed, show
from contacts.clock import now
from contacts.models import Organization
from policy.charts.hours import Hour, hours_chart
from policy.charts.parts import Part, parts_bar

_HOURS_SHOWN = 48
# Groups of states as the bar shows them: (label, states, look).
GROUPS = [
    ("accepted", [LetterState.SENT, LetterState.SETTLED, LetterState.CLOSED], "accent"),
    ("leaving", [LetterState.CLAIMED, LetterState.COMMITTING], "soft"),
    ("waiting", [LetterState.READY, LetterState.QUEUED, LetterState.DEFERRED], "quiet"),
    ("written", [LetterState.DRAFT], "empty"),
    ("attention", [LetterState.UNCERTAIN, LetterState.HELD], "warn"),
    ("failed", [LetterState.FAILED, LetterState.BOUNCED, LetterState.ABANDONED], "bad"),
]


def drive_of(organization: Organization, drive_id: UUID) -> Drive:
    """The organisation's drive; somebody else's is not found."""
    return get_object_or_404(
        Drive.objects.select_related("campaign__organization"), campaign__organization=organization, pk=drive_id
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def drive_form(
    request: HttpRequest, organization: Organization, campaign_id: UUID | None = None, drive_id: UUID | None = None
) -> HttpResponse:
    drive = drive_of(organization, drive_id) if drive_id else None
    campaign = drive.campaign if drive else campaign_of(organization, campaign_id)  # type: ignore[arg-type]
    start = now() + timedelta(hours=1)
    defaults = {
        "name": _t("First wave"),
        "starts_at": start,
        "ends_at": start + timedelta(days=14),
        "opens": "09:00",
        "closes": "17:00",
    }
    form = DriveForm(request.POST or None, instance=drive, initial={} if drive else defaults)
    if request.method == "POST" and form.is_valid():
        try:
            if drive is None:
                drive = actions.create_drive(campaign=campaign, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            else:
                actions.update_drive(drive=drive, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except ActionRefused as fact:
            form.add_error(None, str(fact.message))
        else:
            messages.success(request, _t("The drive is saved."))
            return redirect("campaigns:drive", org=organization.slug, drive_id=drive.pk)
    return show(
        request,
        organization,
        "campaigns/console/form.html",
        "campaigns",
        {
            "form": form,
            "title": _t("Edit the drive") if drive_id else _t("New drive"),
            "button": _t("Save the drive"),
            "intro": _t("Hours and days are those of each office. Rates are the most in any clock hour."),
        },
        422 if form.errors else 200,
    )


def _board(drive: Drive) -> dict[str, object]:
    """What the drive's live board shows."""
    numbers = drive_numbers(drive)
    labels = {
        "accepted": _t("Accepted by a mail server"),
        "leaving": _t("Leaving now"),
        "waiting": _t("Waiting for their moment"),
        "written": _t("Still being written by supporters"),
        "attention": _t("Need a person"),
        "failed": _t("Could not be delivered"),
    }
    groups = [(key, labels[key], sum(numbers.get(s, 0) for s in states), look) for key, states, look in GROUPS]
    done, planned = dict(sent_by_hour(drive)), dict(planned_by_hour(drive))
    hours = sorted({*done, *planned})[-_HOURS_SHOWN:]
    rows = [(hour, done.get(hour, 0) + planned.get(hour, 0), done.get(hour, 0)) for hour in hours]
    total = sum(numbers.values())
    return {
        "drive": drive,
        "campaign": drive.campaign,
        "numbers": numbers,
        "groups": groups,
        "total": total,
        "bar": parts_bar(
            title=_t("Letters of this drive by state"),
            parts=[Part(label, n, f"{n:,}", look) for _key, label, n, look in groups if n],
        )
        if total
        else "",
        "hours": rows,
        "hours_chart": hours_chart(
            title=_t("Letters by hour: planned and accepted"),
            hours=[Hour(f"{hour:%-d %b %H}", planned=plan, done=sent) for hour, plan, sent in rows],
        )
        if rows
        else "",
        "states": [(LetterState(s).label, s, n) for s, n in sorted(numbers.items())],
        "tests": Letter.objects.filter(drive=drive, is_test=True).count(),
        "is_live": drive.state in {"scheduled", "running"},
    }


@require_safe
@console("look")
def drive_detail(request: HttpRequest, organization: Organization, drive_id: UUID) -> HttpResponse:
    drive = drive_of(organization, drive_id)
    context = {
        **_board(drive),
        "offices": by_office(drive),
        "history": drive.history.select_related("actor"),
        "missing": actions.what_is_missing(drive) if drive.state == "draft" else [],
    }
    return show(request, organization, "campaigns/console/drive.html", "campaigns", context)


@require_safe
@console("look")
def drive_board(request: HttpRequest, organization: Organization, drive_id: UUID) -> HttpResponse:
    """The board alone, for the page to refresh itself."""
    drive = drive_of(organization, drive_id)
    return render(request, "campaigns/console/_board.html", {"organization": organization, **_board(drive)})


@require_safe
@console("look")
def rehearsal(request: HttpRequest, organization: Organization, drive_id: UUID) -> HttpResponse:
    """The whole plan before it starts, made by the code that sends."""
    drive = drive_of(organization, drive_id)
    plan = rehearse(drive)
    hours = plan.by_hour[:_HOURS_SHOWN]
    return show(
        request,
        organization,
        "campaigns/console/rehearsal.html",
        "campaigns",
        {
            "drive": drive,
            "campaign": drive.campaign,
            "plan": plan,
            "hours": hours,
            "more_hours": max(len(plan.by_hour) - len(hours), 0),
            "hours_chart": hours_chart(
                title=_t("Planned letters by hour"),
                hours=[Hour(f"{hour:%-d %b %H}", planned=n, done=0) for hour, n in hours],
            )
            if hours
            else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def drive_move(request: HttpRequest, organization: Organization, drive_id: UUID, verb: str) -> HttpResponse:
    """Start, pause, resume or cancel, each after a page that says what will happen, in numbers."""
    drive = drive_of(organization, drive_id)
    real = drive.letters.filter(is_test=False)
    waiting = real.filter(state__in=Letter.WAITING).count()
    leaving = real.filter(state__in=Letter.LEAVING).count()
    who = {"drive": drive, "actor": request.user}
    finishing = ngettext(
        "%(n)s letter is leaving already and will finish.", "%(n)s letters are leaving already and will finish.", leaving
    ) % {"n": leaving}
    danger = False

    def act() -> str:
        if verb == "start":
            n = actions.schedule_drive(**who)  # type: ignore[arg-type]
            return ngettext("Scheduled. %(n)s letter waits.", "Scheduled. %(n)s letters wait.", n) % {"n": n}
        if verb == "pause":
            n = actions.pause_drive(**who)  # type: ignore[arg-type]
            return ngettext("Paused. %(n)s letter is already leaving.", "Paused. %(n)s letters are already leaving.", n) % {"n": n}
        if verb == "resume":
            actions.resume_drive(**who)  # type: ignore[arg-type]
            return _t("Resumed.")
        if verb == "draft":
            actions.unschedule_drive(**who)  # type: ignore[arg-type]
            return _t("The drive is a draft again.")
        cancelled, left = actions.cancel_drive(**who)  # type: ignore[arg-type]
        return _t("Cancelled %(cancelled)s letters; %(leaving)s were already leaving.") % {"cancelled": cancelled, "leaving": left}

    consequences: list[object]
    if verb == "start":
        title = button = _t("Schedule the drive")
        consequences = [
            _t("It starts by itself at %(time)s UTC.") % {"time": f"{drive.starts_at:%-d %b %Y %H:%M}"},
            ngettext("%(n)s letter waits in it now; more come as people confirm.", "%(n)s letters wait in it now; more come as people confirm.", waiting) % {"n": waiting},
            *actions.what_is_missing(drive),
        ]
    elif verb == "pause":
        title = button = _t("Pause the drive")
        consequences = [_t("No further letter begins to leave."), finishing, _t("Resume it at any time: what was missed is planned anew, without a burst.")]
    elif verb == "resume":
        title = button = _t("Resume the drive")
        consequences = [ngettext("%(n)s letter goes on at the set rates.", "%(n)s letters go on at the set rates.", waiting) % {"n": waiting}]
    elif verb == "draft":
        title = button = _t("Make it a draft again")
        consequences = [_t("It does not start by itself until you schedule it again.")]
    elif verb == "cancel":
        danger = True
        title = _t("Cancel the drive")
        button = ngettext("Cancel %(n)s letter", "Cancel %(n)s letters", waiting) % {"n": f"{waiting:,}"}
        consequences = [_t("Letters that have not left are cancelled for good."), finishing, _t("Their supporters see it on their page.")]
    else:
        raise Http404
    return confirmed(
        request,
        organization,
        section="campaigns",
        title=title,
        consequences=consequences,
        button=button,
        back=reverse("campaigns:drive", args=[organization.slug, drive.pk]),
        act=act,
        danger=danger,
    )
