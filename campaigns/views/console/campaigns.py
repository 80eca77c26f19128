from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions import campaigns as actions
from campaigns.checklist import StepName
from campaigns.errors import ActionRefused
from campaigns.forms.campaign import CampaignForm
from campaigns.letters.write import open_drive
from campaigns.models import Campaign, CampaignState, Drive, Letter, LetterState, outcome_of
from campaigns.permissions import ConsoleRequest, console
from campaigns.reports import Numbers, campaign_numbers
from campaigns.views.console.campaign_charts import signing_charts, signing_tables
from campaigns.views.console.campaign_rows import rows_of
from campaigns.views.console.page import page_of, query_without_page, show, show_form, words_of
from campaigns.views.console.path import path_of
from campaigns.views.console.words import CAMPAIGN_TONES, DRIVE_TONES, Task
from campaigns.views.table_files import file_of, wants_file
from contacts.clock import now
from contacts.models import Organization
from policy.markdown import to_html


def campaign_of(organization: Organization, campaign_id: UUID) -> Campaign:
    """The organisation's campaign; somebody else's is not found."""
    return get_object_or_404(
        Campaign.objects.select_related(
            "organization", "issue", "measure__jurisdiction", "test_recipient", "outcome"
        ),
        organization=organization,
        pk=campaign_id,
    )


def campaign_crumbs(organization: Organization, campaign: Campaign | None = None) -> list[tuple[object, str]]:
    slug = organization.slug
    crumbs: list[tuple[object, str]] = [(_("Campaigns"), reverse("campaigns:campaign-list", args=[slug]))]
    if campaign is not None:
        crumbs.append((campaign.title, reverse("campaigns:campaign-detail", args=[slug, campaign.pk])))
    return crumbs


@require_safe
@console("look")
def campaign_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """The organisation's campaigns, newest first; archived ones only when asked for."""
    words, state = words_of(request), request.GET.get("state", "")
    campaigns = Campaign.objects.of(organization).select_related("measure", "issue")
    if words:
        campaigns = campaigns.filter(
            Q(title__icontains=words)
            | Q(measure__identifier__icontains=words)
            | Q(issue__title__icontains=words)
        )
    if state in CampaignState.values:
        campaigns = campaigns.filter(state=state)
    elif not words:
        campaigns = campaigns.exclude(state=CampaignState.ARCHIVED)
    page = page_of(request, campaigns.order_by("-created_at", "pk"))
    context = {
        "page": page,
        "rows": rows_of(list(page), now()),
        "query": query_without_page(request),
        "words": words,
        "state": state,
        "states": CampaignState.choices,
    }
    return show(request, organization, "campaigns/console/campaign_list.html", "campaigns", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def campaign_form(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """Everything that a campaign says and asks, on one page."""
    campaign = campaign_of(organization, campaign_id)
    crumbs = campaign_crumbs(organization, campaign)
    form = CampaignForm(request.POST or None, instance=campaign, organization=organization)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_campaign(campaign=campaign, actor=request.user, **form.cleaned_data)
        except ActionRefused as fact:
            form.add_error(fact.field, str(fact.message))
        else:
            messages.success(request, _("The campaign is saved."))
            return redirect("campaigns:campaign-detail", org=organization.slug, campaign_id=campaign.pk)
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Edit the campaign"),
        button=_("Save the campaign"),
        crumbs=crumbs,
    )


@require_safe
@console("look")
def campaign_detail(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """A campaign at a glance: what to do next, its numbers, targets, letters and drives."""
    campaign = campaign_of(organization, campaign_id)
    if wants_file(request):
        return file_of(request, campaign.slug, signing_tables(campaign))
    numbers = campaign_numbers(campaign)
    drive = open_drive(campaign)
    groups = list(campaign.target_groups.prefetch_related("rules__chamber", "rules__post", "versions"))
    way = path_of(organization, campaign, StepName.REVIEW)
    outcome = outcome_of(campaign)
    context = {
        "campaign": campaign,
        "crumbs": campaign_crumbs(organization),
        "tone": CAMPAIGN_TONES[campaign.state],
        "outcome": outcome,
        "changed": to_html(outcome.changed if outcome else ""),
        "numbers": numbers,
        "more_letters": _more_letters(numbers),
        "groups": groups,
        "drives": [(d, DRIVE_TONES[d.state]) for d in campaign.drives.all()],
        "open_drive": drive,
        "tasks": _tasks(organization, campaign, drive),
        "way": way,
        **signing_charts(campaign),
    }
    return show(request, organization, "campaigns/console/campaign.html", "campaigns", context)


def _more_letters(numbers: Numbers) -> list[tuple[int, str, str]]:
    """Letters that are neither accepted nor waiting, where there are any: how many, what they are, the look."""
    found = numbers.letters_in
    lines = [
        (
            "with_supporters",
            ngettext(
                "letter still with its supporter",
                "letters still with their supporters",
                found["with_supporters"],
            ),
            "",
        ),
        ("leaving", ngettext("letter leaving now", "letters leaving now", found["leaving"]), ""),
        ("uncertain", ngettext("letter uncertain", "letters uncertain", found["uncertain"]), "warn"),
        ("held", ngettext("letter held for a person", "letters held for a person", found["held"]), "warn"),
        (
            "failed",
            ngettext(
                "letter that could not be delivered", "letters that could not be delivered", found["failed"]
            ),
            "bad",
        ),
        (
            "stopped",
            ngettext("letter withdrawn or stopped", "letters withdrawn or stopped", found["stopped"]),
            "",
        ),
    ]
    return [(found[group], text, look) for group, text, look in lines if found[group]]


def _tasks(organization: Organization, campaign: Campaign, drive: Drive | None) -> list[Task]:
    """From an open campaign to real letters, each step with its link; empty before, and when all is done or over."""
    if campaign.state not in {CampaignState.OPEN, CampaignState.PAUSED}:
        return []

    def url(name: str, *more: object) -> str:
        return reverse(f"campaigns:{name}", args=[organization.slug, campaign.pk, *more])

    steps = [
        Task(_("Open the campaign"), campaign.is_open, url("campaign-move", "open")),
    ]
    if drive is None:
        steps.append(Task(_("Set up a drive, so that letters have a time to leave"), False, url("drive-new")))
    tests = Letter.objects.filter(pledge__campaign=campaign, pledge__is_test=True)
    # Before the rehearsal, which plans the letters that were sent off: without one it has nothing to show.
    steps.append(
        Task(
            _("Sign it yourself and send your letter"),
            not campaign.is_test or tests.exclude(state=LetterState.DRAFT).exists(),
            _public(organization, campaign),
        )
    )
    if drive is not None:
        drive_url = reverse("campaigns:drive", args=[organization.slug, drive.pk])
        steps.append(Task(_("Rehearse the drive and schedule it"), drive.state != "draft", drive_url))
    # Last of all: test letters leave with a drive that is scheduled, and nothing brings a campaign back to test mode.
    letters = reverse("campaigns:letter-list", args=[organization.slug])
    steps += [
        Task(
            _("Look at the test letters in your mailbox"),
            not campaign.is_test or tests.filter(state__in=Letter.ACCEPTED).exists(),
            f"{letters}?drive={drive.pk}" if drive else letters,
        ),
        Task(_("Leave test mode"), not campaign.is_test, url("campaign-move", "go-live")),
    ]
    return [] if all(step.is_done for step in steps) else steps


def _public(organization: Organization, campaign: Campaign) -> str:
    return reverse("campaigns:campaign", args=[organization.slug, campaign.slug])
