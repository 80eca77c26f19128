from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaigns.drive_reports import numbers_of_drives
from campaigns.models import (
    Campaign,
    CampaignState,
    Drive,
    DriveState,
)
from campaigns.permissions import ConsoleRequest, console, may
from campaigns.reports import stuck_letters
from campaigns.views.console.campaign_rows import rows_of
from campaigns.views.console.jobs import news_of
from campaigns.views.console.joint import show_joint
from campaigns.views.console.needs import needs_of
from campaigns.views.console.no_chambers import no_chambers_of
from campaigns.views.console.page import show
from campaigns.views.console.paper_needs import waiting_on_paper
from campaigns.views.console.words import DRIVE_TONES
from contacts.clock import now
from contacts.models import Organization, Role

_CAMPAIGNS_SHOWN = 10


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Straight to the only organisation somebody works in, or a choice of several."""
    organizations = {role.organization for role in Role.objects.of(request.user.pk)}
    if len(organizations) == 1:
        return redirect("campaigns:console-home", org=organizations.pop().slug)
    context = {"organizations": sorted(organizations, key=lambda o: o.name)}
    return render(request, "campaigns/console/choose.html", context)


@require_safe
@console("look", for_partners=True)
def home(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """What needs a person now, the nearest deadline first, then what is under way."""
    if organization.is_partner_only:
        return show_joint(request, organization)
    campaigns = list(
        Campaign.objects.of(organization)
        .exclude(state=CampaignState.ARCHIVED)
        .select_related("measure")
        .order_by("-created_at")[:_CAMPAIGNS_SHOWN]
    )
    drives = list(
        Drive.objects.filter(
            campaign__organization=organization,
            state__in=[DriveState.SCHEDULED, DriveState.RUNNING, DriveState.PAUSED],
        )
        .select_related("campaign")
        .order_by("ends_at")
    )
    letters = numbers_of_drives(drives)
    at = now()
    needs = needs_of(organization, request.roles, request.user, drives, letters, at)
    # Whoever may not see letters has nothing to do about them, and is not told that all is well.
    all_goes_on = needs or may(request.roles, "people")
    context = {
        "needs": needs,
        "stuck": 0 if all_goes_on else stuck_letters(organization).count(),
        "on_paper": 0 if all_goes_on else waiting_on_paper(drives),
        "jobs": news_of(request, organization),
        "drives": [(drive, DRIVE_TONES[drive.state], _in_words(letters[drive.pk])) for drive in drives],
        "campaigns": rows_of(campaigns, at),
        "no_chambers": None if campaigns else no_chambers_of(organization),
    }
    return show(request, organization, "campaigns/console/home.html", "home", context)


def _in_words(found: dict[str, int]) -> dict[str, int]:
    """The letters of a drive as the table shows them; stopped ones are no part of what it has to do."""
    whole = sum(found.values()) - found["stopped"]
    return {**found, "whole": whole, "by_people": found["posted"] + found["reported"]}
