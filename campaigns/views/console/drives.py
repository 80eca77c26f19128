from datetime import UTC, timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions import drives as actions
from campaigns.checklist import StepName
from campaigns.delivery.rehearsal import OfficePlan, Rehearsal, rehearse
from campaigns.drive_reports import counted_at, drive_numbers, offices_of, timed_beside
from campaigns.errors import ActionRefused
from campaigns.forms.drive import DriveForm
from campaigns.models import ChannelName, Drive, DriveState, LetterState
from campaigns.permissions import ConsoleRequest, console, may, zone_of
from campaigns.reports import in_groups
from campaigns.views.console.board import board_of, board_tables, hour_label
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.drive_tables import rehearsed_table
from campaigns.views.console.page import page_of, query_without_page, show, show_form, words_of
from campaigns.views.console.path import onward, path_of
from campaigns.views.console.words import GROUP_COLUMNS
from campaigns.views.table_files import file_of, wants_file, with_files
from contacts.clock import now
from contacts.models import Organization
from policy.charts.hours import Hour, hours_chart

# More letters than this are rehearsed only when somebody asks for it.
_ESTIMATED = 2000
_OFFICES_ON_BOARD, _OFFICES_REHEARSED, _REHEARSED_HOURS = 10, 20, 48


def drive_of(organization: Organization, drive_id: UUID) -> Drive:
    """The organisation's drive; somebody else's is not found."""
    drives = Drive.objects.select_related("campaign__organization", "campaign__measure")
    return get_object_or_404(drives, campaign__organization=organization, pk=drive_id)


def drive_crumbs(organization: Organization, drive: Drive) -> list[tuple[object, str]]:
    here = (drive.name, reverse("campaigns:drive", args=[organization.slug, drive.pk]))
    return [*campaign_crumbs(organization, drive.campaign), here]


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def drive_form(
    request: ConsoleRequest,
    organization: Organization,
    campaign_id: UUID | None = None,
    drive_id: UUID | None = None,
) -> HttpResponse:
    if drive_id:
        drive = drive_of(organization, drive_id)
        campaign, start, crumbs = drive.campaign, {}, drive_crumbs(organization, drive)
    else:
        drive, campaign = None, campaign_of(organization, campaign_id)  # type: ignore[arg-type]  # one of the two is given
        start, crumbs = _first_guess(), campaign_crumbs(organization, campaign)
    form = DriveForm(
        request.POST or None,
        instance=drive,
        initial=start,
        measure=campaign.measure,
        zone=str(zone_of(organization)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            if drive is None:
                drive = actions.create_drive(campaign=campaign, actor=request.user, **form.cleaned_data)
            else:
                actions.update_drive(drive=drive, actor=request.user, **form.cleaned_data)
        except ActionRefused as fact:
            form.add_error(None, str(fact.message))
        else:
            messages.success(request, _("The drive is saved. Rehearse it to see the whole plan."))
            return onward(request, organization, campaign, StepName.DRIVE) or redirect(
                "campaigns:drive", org=organization.slug, drive_id=drive.pk
            )
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Edit the drive") if drive_id else _("New drive"),
        button=_("Save the drive"),
        crumbs=crumbs,
        way=path_of(organization, campaign, StepName.DRIVE),
        intro=""
        if drive_id
        else _("A wave of letters. It sends nothing before you schedule it, and you can rehearse it first."),
    )


def _first_guess() -> dict[str, object]:
    """The next full hour, for two weeks, in office hours."""
    hour = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return {
        "name": _("First wave"),
        "starts_at": hour,
        "ends_at": hour + timedelta(days=14),
        "opens": "09:00",
        "closes": "17:00",
    }


@require_safe
@console("look")
def drive_detail(request: ConsoleRequest, organization: Organization, drive_id: UUID) -> HttpResponse:
    """The drive's dashboard."""
    drive = drive_of(organization, drive_id)
    if wants_file(request):
        return file_of(request, f"{drive.campaign.slug} {drive.name}", board_tables(drive))
    offices = offices_of(drive)
    context = {
        **board_of(organization, drive, may_see_letters=may(request.roles, "people")),
        "crumbs": campaign_crumbs(organization, drive.campaign),
        "way": path_of(organization, drive.campaign, StepName.DRIVE),
        "offices": offices[:_OFFICES_ON_BOARD],
        "office_count": len(offices),
        "history": [
            (DriveState(change.to_state).label, change)
            for change in drive.history.select_related("actor").order_by("-id")
        ],
        "done_by": _done_by(drive),
        "missing": actions.what_is_missing(drive) if drive.state == DriveState.DRAFT else [],
        "has_paper": drive.letters.filter(channel=ChannelName.PRINT, is_test=False).exists(),
        "is_over": drive.state in {DriveState.FINISHED, DriveState.CANCELLED},
    }
    return show(request, organization, "campaigns/console/drive.html", "campaigns", context)


def _done_by(drive: Drive) -> dict[str, object]:
    """When a drive that has not started would be done: by its rehearsal, as long as that takes no time.

    It reads this drive's letters, and those that the whole installation plans to send from its start on.
    """
    if drive.state not in {DriveState.DRAFT, DriveState.SCHEDULED} or drive.campaign.is_test:
        return {}
    waiting = drive.letters.filter(state=LetterState.READY, is_test=False)
    n = waiting[: _ESTIMATED + 1].count()
    if not n:
        return {}
    if n > _ESTIMATED or timed_beside(drive, max(now(), drive.starts_at)) > _ESTIMATED:
        return {"too_many": True}
    plan = plan_of(drive)
    return {"last_at": plan.last_at, "planned": plan.planned}


@require_safe
@console("look")
def drive_board(request: ConsoleRequest, organization: Organization, drive_id: UUID) -> HttpResponse:
    """The board alone, for the page to refresh itself."""
    drive = drive_of(organization, drive_id)
    board = board_of(organization, drive, may_see_letters=may(request.roles, "people"))
    response = render(request, "campaigns/console/_board.html", {"organization": organization, **board})
    if not board["is_live"]:
        response["X-Refresh"] = "over"
    return response


# Columns that the table of all offices has; the others show when the drive has letters for them.
_ALWAYS = {"accepted", "waiting", "failed"}


@require_safe
@console("look")
def office_list(request: ConsoleRequest, organization: Organization, drive_id: UUID) -> HttpResponse:
    """Every office of a drive with its letters in numbers."""
    drive = drive_of(organization, drive_id)
    words = words_of(request)
    page = page_of(request, offices_of(drive, words))
    found = in_groups(drive_numbers(drive))
    groups = [group for group in GROUP_COLUMNS if group in _ALWAYS or found[group]]
    counted = counted_at(drive, page)
    context = {
        "drive": drive,
        "crumbs": drive_crumbs(organization, drive),
        "page": page,
        "office_columns": [GROUP_COLUMNS[group] for group in groups],
        # The numbers between letters and the last moment add up to the letters.
        "offices": [
            (office, [row.get(group, 0) for group in groups], row.get("last_at"))
            for office, row in ((office, counted.get(office.post, {})) for office in page)
        ],
        "query": query_without_page(request),
        "words": words,
        "may_see_letters": may(request.roles, "people"),
    }
    return show(request, organization, "campaigns/console/office_list.html", "campaigns", context)


def plan_of(drive: Drive) -> Rehearsal:
    """The drive's rehearsal. Rates count clock hours of UTC: planned on that clock, shown on the organisation's."""
    with timezone.override(UTC):
        return rehearse(drive)


@require_safe
@console("look")
def rehearsal(request: ConsoleRequest, organization: Organization, drive_id: UUID) -> HttpResponse:
    """The whole plan before it starts, made by the code that sends."""
    drive = drive_of(organization, drive_id)
    plan = plan_of(drive)
    table = rehearsed_table(plan.by_hour)
    if wants_file(request):
        name = " ".join([drive.campaign.slug, drive.name, _("Rehearsal")])
        return file_of(request, name, [table])
    hours = plan.by_hour[:_REHEARSED_HOURS]
    busiest = _busiest(plan.by_office)
    context = {
        "drive": drive,
        "campaign": drive.campaign,
        "crumbs": drive_crumbs(organization, drive),
        "way": path_of(organization, drive.campaign, StepName.DRIVE),
        "plan": plan,
        "hours_table": with_files(table),
        "more_hours": len(plan.by_hour) - len(hours),
        "busiest": busiest[:_OFFICES_REHEARSED],
        "others": busiest[_OFFICES_REHEARSED:],
        "overloaded": _busiest(plan.overloaded),
        "hours_chart": hours_chart(
            title=_title(plan), hours=[Hour(hour_label(hour), planned=n) for hour, n in hours], width=820
        )
        if hours
        else "",
    }
    return show(request, organization, "campaigns/console/rehearsal.html", "campaigns", context)


def _title(plan: Rehearsal) -> str:
    if plan.last_at is None:
        return _("No letter has a moment yet")
    text = ngettext(
        "%(n)s letter, leaving on %(moment)s", "%(n)s letters, the last on %(moment)s", plan.planned
    )
    return text % {
        "n": intcomma(plan.planned),
        "moment": date_format(timezone.localtime(plan.last_at), "DATETIME_FORMAT"),
    }


def _busiest(offices: list[OfficePlan]) -> list[OfficePlan]:
    """Those with the most letters first."""
    return sorted(offices, key=lambda office: (-office.letters, office.label))
