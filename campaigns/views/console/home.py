from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaigns.models import Campaign, Drive, DriveState, Letter, LetterState
from campaigns.permissions import console
from campaigns.reports import people_of
from campaigns.views.console.page import show
from contacts.models import Health, Organization, Role


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Straight to the only organisation somebody works in, or a choice of several."""
    organizations = {role.organization for role in Role.objects.of(request.user.pk)}
    if len(organizations) == 1:
        return redirect("campaigns:console-home", org=organizations.pop().slug)
    return render(
        request, "campaigns/console/choose.html", {"organizations": sorted(organizations, key=lambda o: o.name)}
    )


@require_safe
@console("look")
def home(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What needs a person now, then the campaigns."""
    letters = Letter.objects.filter(drive__campaign__organization=organization, is_test=False)
    campaigns = list(
        Campaign.objects.of(organization).exclude(state="archived").select_related("measure").order_by("-created_at")[:20]
    )
    people = people_of(campaigns)
    drives = Drive.objects.filter(campaign__organization=organization).select_related("campaign")
    return show(
        request,
        organization,
        "campaigns/console/home.html",
        "home",
        {
            "uncertain": letters.filter(state=LetterState.UNCERTAIN).count(),
            "held": letters.filter(state=LetterState.HELD).count(),
            "failing": letters.filter(
                state__in=Letter.WAITING, contact_point__health__in=[Health.FAILING, Health.RETIRED]
            ).count(),
            "paused": drives.filter(state=DriveState.PAUSED),
            "running": drives.filter(state__in=[DriveState.RUNNING, DriveState.SCHEDULED]),
            "campaigns": [(campaign, people.get(campaign.pk, 0)) for campaign in campaigns],
        },
    )
