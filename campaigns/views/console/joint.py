"""Campaigns of others that an organisation takes part in: joint numbers, its own page, and the people who chose it.

All of it hangs on a partnership in force: one that has ended is not found, and neither is anything below it.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions import jobs as job_actions
from campaigns.actions import partners as actions
from campaigns.errors import ActionRefused
from campaigns.forms.export import FileForm
from campaigns.forms.partners import WelcomeForm
from campaigns.models import Campaign, Partnership
from campaigns.partners import ChosenPeople, came_by, joint_days, joint_numbers, joint_of, supporters_of
from campaigns.permissions import ConsoleRequest, console, second_factor_needed
from campaigns.reports import people_of
from campaigns.sharing import partner_url
from campaigns.views.console.campaign_charts import days_table, growth
from campaigns.views.console.embeds import code_for
from campaigns.views.console.page import (
    Step,
    confirmed,
    page_of,
    query_without_page,
    show,
    show_form,
    words_of,
)
from campaigns.views.console.words import CAMPAIGN_TONES
from campaigns.views.table_files import file_of, wants_file, with_files
from contacts.clock import now
from contacts.models import JobKind, Organization
from contacts.origins import BadOrigin, origins_of


def partnership_of(organization: Organization, partnership_id: UUID) -> Partnership:
    """An organisation's part in a campaign while it is in force. Raises Http404."""
    found: Partnership = get_object_or_404(
        joint_of(organization).select_related("campaign__measure", "signed_by"), pk=partnership_id
    )
    return found


def joint_crumbs(
    organization: Organization, partnership: Partnership | None = None
) -> list[tuple[object, str]]:
    slug = organization.slug
    crumbs: list[tuple[object, str]] = [
        (_("Joint campaigns"), reverse("campaigns:joint-campaigns", args=[slug]))
    ]
    if partnership is not None:
        title = partnership.campaign.title
        crumbs.append((title, reverse("campaigns:joint-campaign", args=[slug, partnership.pk])))
    return crumbs


def show_joint(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """What an organisation takes part in; for one that is a partner only, its home."""
    page = page_of(request, joint_of(organization))
    people, came = people_of([one.campaign for one in page]), came_by(list(page))
    context = {
        "page": page,
        "rows": [
            (one, CAMPAIGN_TONES[one.campaign.state], people.get(one.campaign_id, 0), came[one.pk])
            for one in page
        ],
        "query": query_without_page(request),
    }
    return show(request, organization, "campaigns/console/joint_list.html", "joint", context)


@require_safe
@console("look", for_partners=True)
def joint_campaigns(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    return show_joint(request, organization)


@require_safe
@console("look", for_partners=True)
def joint_campaign(request: ConsoleRequest, organization: Organization, partnership_id: UUID) -> HttpResponse:
    """Joint totals and by day, what came by the partner's own page, its page and its terms."""
    partnership = partnership_of(organization, partnership_id)
    campaign = partnership.campaign
    days = joint_days(campaign)
    table = days_table(days[::-1])
    if wants_file(request):
        return file_of(request, campaign.slug, [table])
    context = {
        "partnership": partnership,
        "campaign": campaign,
        "lead": campaign.organization,
        "tone": CAMPAIGN_TONES[campaign.state],
        "numbers": joint_numbers(partnership),
        "page_url": partner_url(campaign, partnership),
        "code": code_for(campaign, campaign.language, partnership),
        "is_named": _is_named(organization, campaign),
        "crumbs": joint_crumbs(organization),
        "days_table": with_files(table) if days else None,
        **growth(days),
    }
    return show(request, organization, "campaigns/console/joint.html", "joint", context)


def _is_named(organization: Organization, campaign: Campaign) -> bool:
    """Whether the partner's website is among the sites that may show the campaign's form."""
    try:
        own = origins_of(organization.website)
    except BadOrigin:
        return False
    return bool(own) and set(own) <= set(campaign.organization.embed_origins)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns", for_partners=True)
def joint_welcome(request: ConsoleRequest, organization: Organization, partnership_id: UUID) -> HttpResponse:
    partnership = partnership_of(organization, partnership_id)
    form = WelcomeForm(request.POST or None, instance=partnership_of(organization, partnership_id))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_welcome(
                partnership=partnership, welcome=form.cleaned_data["welcome"], actor=request.user
            )
        except ActionRefused:
            raise Http404 from None  # it ended at this moment
        messages.success(request, _("Saved."))
        return redirect("campaigns:joint-campaign", org=organization.slug, partnership_id=partnership.pk)
    return show_form(
        request,
        organization,
        "joint",
        form,
        title=_("Your words on your page"),
        button=_("Save"),
        crumbs=joint_crumbs(organization, partnership),
    )


@require_safe
@console("people", for_partners=True)
def joint_people(request: ConsoleRequest, organization: Organization, partnership_id: UUID) -> HttpResponse:
    """Who chose this partner. Where its terms show no supporters there is no such page."""
    partnership = _seeing(organization, partnership_id)
    words = words_of(request)
    page = page_of(request, ChosenPeople(partnership, words))
    context = {
        "partnership": partnership,
        "page": page,
        "words": words,
        "query": query_without_page(request),
        "crumbs": joint_crumbs(organization, partnership),
    }
    return show(request, organization, "campaigns/console/joint_people.html", "joint", context)


def _seeing(organization: Organization, partnership_id: UUID) -> Partnership:
    partnership = partnership_of(organization, partnership_id)
    if not partnership.sees_supporters:
        raise Http404
    return partnership


@require_http_methods(["GET", "HEAD", "POST"])
@console("export", for_partners=True)
def joint_export(request: ConsoleRequest, organization: Organization, partnership_id: UUID) -> HttpResponse:
    """A file of the people who chose this partner, kept for a week while the partnership is in force."""
    if (detour := second_factor_needed(request)) is not None:
        return detour
    partnership = _seeing(organization, partnership_id)
    n = len(supporters_of(partnership))
    form = FileForm(request.POST or None, people=n)
    if request.method == "POST" and form.is_valid() and n:
        kind = form.cleaned_data["format"]
        job = job_actions.start_job(
            organization=organization,
            kind=JobKind.EXPORT,
            title=_("Supporters who chose you: %(title)s") % {"title": partnership.campaign.title},
            params={"partnership": str(partnership.pk), "format": kind},
            total=n,
            actor=request.user,
            format=kind,
            partnership=str(partnership.pk),
        )
        actions.note_export(partnership, "partner starts export", n)
        job_actions.begin(job)
        return redirect("campaigns:job", org=organization.slug, job_id=job.pk)
    context = {
        "form": form,
        "n": n,
        "partnership": partnership,
        "crumbs": joint_crumbs(organization, partnership),
    }
    template = "campaigns/console/joint_export.html"
    return show(request, organization, template, "joint", context, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@console("partners", for_partners=True)
def joint_leave(request: ConsoleRequest, organization: Organization, partnership_id: UUID) -> HttpResponse:
    own = Partnership.objects.filter(organization=organization).select_related("campaign__organization")
    partnership: Partnership = get_object_or_404(own, pk=partnership_id)
    back = reverse("campaigns:joint-campaigns", args=[organization.slug])
    if not partnership.is_in_force(now()):
        # Pressed again, or ended by the other side meanwhile: nothing else of it is to be seen.
        messages.info(request, _("This partnership is over already."))
        return redirect(back)
    lead = {"lead": partnership.campaign.organization.name}
    step = Step(
        title=_("Leave “%(title)s”") % {"title": partnership.campaign.title},
        button=_("Leave the campaign"),
        consequences=[
            _("You see nothing of this campaign from this moment on: no numbers, no supporters."),
            _("Exports under way stop, and files you have not downloaded are gone."),
            _(
                "Supporters are no longer asked whether you may write to them. Your page leads to the campaign’s own."
            ),
            _("Nobody’s signature or letter changes."),
            _("%(lead)s is told. Coming back needs a new invitation.") % lead,
        ],
        act=lambda: actions.leave(partnership=partnership, actor=request.user),
        is_danger=True,
    )
    return confirmed(
        request,
        organization,
        step,
        section="joint",
        back=back,
        crumbs=joint_crumbs(organization, partnership),
    )
