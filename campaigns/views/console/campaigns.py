from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions import campaigns as actions
from campaigns.forms.campaign import CampaignForm, CloseForm
from campaigns.letters.write import open_drive
from campaigns.models import Campaign
from campaigns.permissions import console
from campaigns.reports import by_locality, campaign_numbers, people_of, signed_by_day
from campaigns.views.console.page import confirmed, page_of, query_without_page, show
from contacts.models import Organization
from policy.charts.bar import Bar, bar_chart
from policy.charts.line import Point, line_chart


def campaign_of(organization: Organization, campaign_id: UUID) -> Campaign:
    """The organisation's campaign; somebody else's is not found."""
    return get_object_or_404(
        Campaign.objects.select_related("organization", "issue", "measure__jurisdiction", "test_recipient"),
        organization=organization,
        pk=campaign_id,
    )


@require_safe
@console("look")
def campaign_list(request: HttpRequest, organization: Organization) -> HttpResponse:
    page = page_of(request, Campaign.objects.of(organization).select_related("measure", "issue").order_by("-created_at"))
    people = people_of(page.object_list)
    return show(
        request,
        organization,
        "campaigns/console/campaign_list.html",
        "campaigns",
        {"page": page, "rows": [(c, people.get(c.pk, 0)) for c in page.object_list], "query": query_without_page(request)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def campaign_form(request: HttpRequest, organization: Organization, campaign_id: UUID | None = None) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id) if campaign_id else None
    form = CampaignForm(request.POST or None, instance=campaign, organization=organization)
    if request.method == "POST" and form.is_valid():
        if campaign is None:
            campaign = actions.create_campaign(organization=organization, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        else:
            actions.update_campaign(campaign=campaign, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _t("The campaign is saved."))
        return redirect("campaigns:campaign-detail", org=organization.slug, campaign_id=campaign.pk)
    title = _t("Edit the campaign") if campaign_id else _t("New campaign")
    intro = "" if campaign_id else _t("It starts in test mode: its letters go to you alone until you say otherwise.")
    return show(
        request,
        organization,
        "campaigns/console/form.html",
        "campaigns",
        {"form": form, "title": title, "button": _t("Save the campaign"), "intro": intro},
        422 if form.errors else 200,
    )


@require_safe
@console("look")
def campaign_detail(request: HttpRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """A campaign at a glance: what is missing, its numbers, targets, letters and drives."""
    campaign = campaign_of(organization, campaign_id)
    numbers = campaign_numbers(campaign)
    days = signed_by_day(campaign)
    running, points = 0, []
    for day, n in days:
        running += n
        points.append(Point(f"{day:%-d %b}", running, f"{running:,}"))
    towns = by_locality(campaign)
    return show(
        request,
        organization,
        "campaigns/console/campaign.html",
        "campaigns",
        {
            "campaign": campaign,
            "numbers": numbers,
            "missing": actions.what_is_missing(campaign),
            "groups": campaign.target_groups.prefetch_related("rules__chamber", "rules__post", "versions"),
            "drives": campaign.drives.all(),
            "open_drive": open_drive(campaign),
            "days": days,
            "signing_chart": line_chart(title=_t("People who confirmed, in all"), points=points) if len(points) > 1 else "",
            "towns": towns,
            "town_chart": bar_chart(title=_t("Where they live"), bars=[Bar(t, n, f"{n:,}") for t, n in towns]) if towns else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def campaign_move(request: HttpRequest, organization: Organization, campaign_id: UUID, verb: str) -> HttpResponse:
    """Open, pause, close, archive or leave test mode, each after a page that lists what will happen."""
    campaign = campaign_of(organization, campaign_id)
    back = reverse("campaigns:campaign-detail", args=[organization.slug, campaign.pk])
    numbers = campaign_numbers(campaign)
    who = {"campaign": campaign, "actor": request.user}
    form = None
    if verb == "open":
        mode = (
            _t("It is in test mode: every letter goes to %(who)s, marked as a test.") % {"who": campaign.test_recipient}
            if campaign.is_test
            else _t("Letters go to the real offices, as its drive allows.")
        )
        title, button = _t("Open the campaign"), _t("Open the campaign")
        consequences: list[object] = [_t("Its page is online for everyone and takes signatures."), mode, *actions.what_is_missing(campaign)]
        act = lambda: actions.open_campaign(**who)  # noqa: E731
    elif verb == "pause":
        title, button = _t("Pause the campaign"), _t("Pause the campaign")
        consequences = [_t("The page stays online and takes no signatures."), _t("A running drive goes on; pause it by itself if you want that.")]
        act = lambda: actions.pause_campaign(**who)  # noqa: E731
    elif verb == "close":
        form = CloseForm(request.POST or None)
        title, button = _t("Close the campaign"), _t("Close the campaign")
        consequences = [
            _t("The page stays online with the outcome and takes no signatures."),
            ngettext("%(n)s letter still waits and will leave with its drive.", "%(n)s letters still wait and will leave with their drive.", numbers.letters_waiting) % {"n": numbers.letters_waiting},
        ]
        act = lambda: actions.close_campaign(**who, **form.cleaned_data)  # noqa: E731
    elif verb == "archive":
        title, button = _t("Archive the campaign"), _t("Archive the campaign")
        consequences = [_t("The page is no longer public. Nothing is deleted.")]
        act = lambda: actions.archive_campaign(**who)  # noqa: E731
    elif verb == "go-live":
        title, button = _t("Leave test mode"), _t("Send real letters from now on")
        tests = campaign.pledges.filter(is_test=True).count()
        consequences = [
            _t("Letters of everyone who signs from now on go to the real offices."),
            ngettext("%(n)s pledge made in test mode stays a test and is never counted.", "%(n)s pledges made in test mode stay tests and are never counted.", tests) % {"n": tests},
            _t("Letters that wait from test mode still go to you alone."),
            _t("This can't be undone; you can pause the campaign and its drive at any time."),
        ]
        act = lambda: actions.leave_test_mode(**who)  # noqa: E731
    else:
        raise Http404
    return confirmed(
        request,
        organization,
        section="campaigns",
        title=title,
        consequences=consequences,
        button=button,
        back=back,
        act=act,
        form=form,
    )
