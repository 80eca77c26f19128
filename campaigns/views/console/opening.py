"""The last step before a campaign opens: a checklist, what will happen, and the button. And a copy of one that was."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions.copies import copy_campaign
from campaigns.checklist import StepName, advice
from campaigns.errors import ActionRefused
from campaigns.forms.campaign import CopyForm
from campaigns.letters.write import open_drive
from campaigns.models import Campaign, CampaignState, LetterVersion
from campaigns.permissions import ConsoleRequest, console
from campaigns.reach import Reach, reach_of
from campaigns.review import fingerprint_of, review_needed
from campaigns.views.console.campaign_moves import opening_of
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.page import reason_of, show, show_form
from campaigns.views.console.path import Path, PathStep, path_of, place_of
from campaigns.views.console.words import CAMPAIGN_TONES
from contacts.models import Organization
from policy.words import labelled


@dataclass(frozen=True)
class Row:
    """A step on the checklist: what it says now, and what is advised with where to mend it."""

    step: PathStep
    says: str
    advised: list[tuple[str, str]]


@require_safe
@console("campaigns")
def review(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """Everything about a campaign in a few lines, and Open; an open one has its own page."""
    campaign = campaign_of(organization, campaign_id)
    path = path_of(organization, campaign, StepName.REVIEW)
    if path is None:
        return redirect("campaigns:campaign-detail", org=organization.slug, campaign_id=campaign.pk)
    lacking = [line for step in path.steps for line in step.missing]
    reason = review_needed(campaign, request.user)
    back = campaign.history.filter(from_state=CampaignState.IN_REVIEW).select_related("actor").last()
    asked = campaign.history.filter(to_state=CampaignState.IN_REVIEW).select_related("actor").last()
    in_review = campaign.state == CampaignState.IN_REVIEW
    context = {
        "campaign": campaign,
        "crumbs": campaign_crumbs(organization, campaign),
        "way": path,
        "rows": _rows(organization, campaign, path),
        "lacking": lacking,
        "reason": reason,
        "in_review": in_review,
        "tone": CAMPAIGN_TONES[campaign.state],
        "asked": asked,
        "given_back": back if not in_review and back and back.reason else None,
        "can_ask": bool(
            organization.second_person_opens and campaign.state == CampaignState.DRAFT and not lacking
        ),
        "consequences": opening_of(campaign),
        "seen": fingerprint_of(campaign),
    }
    return show(request, organization, "campaigns/console/opening.html", "campaigns", context)


def _rows(organization: Organization, campaign: Campaign, path: Path) -> list[Row]:
    reach = reach_of(campaign)
    says, advised = _says(campaign, reach, path), advice(campaign, reach)
    return [
        Row(
            step,
            says.get(step.name, ""),
            [
                (one.text, place_of(one, organization, campaign, path))
                for one in advised
                if one.step == step.name
            ],
        )
        for step in path.steps
        if step.name != StepName.REVIEW
    ]


def _says(campaign: Campaign, reach: Reach, path: Path) -> dict[StepName, str]:
    """What each step holds now, in a line."""
    written = LetterVersion.objects.filter(group__campaign=campaign).values_list("language", flat=True)
    names = dict(settings.LANGUAGES)
    asks = [_("name, mail address and postal code")]
    if campaign.ask_street:
        asks.append(_("street"))
    if campaign.minimum_age:
        asks.append(_("a least age of %(age)s") % {"age": campaign.minimum_age})
    found = {
        StepName.ASK: campaign.ask,
        StepName.TARGETS: _seats(reach),
        StepName.LETTERS: ", ".join(sorted(str(names.get(code, code)) for code in set(written))),
        StepName.SIGNING: _("It asks for %(what)s.") % {"what": ", ".join(asks)},
    }
    form = next(step for step in path.steps if step.name == StepName.SIGNING)
    if not form.is_done:
        found[StepName.SIGNING] += " " + _("This step has not been saved yet. It works as it stands.")
    drive = open_drive(campaign)
    if drive is not None:
        first, last = (
            date_format(localtime(at), "DATETIME_FORMAT") for at in (drive.starts_at, drive.ends_at)
        )
        found[StepName.DRIVE] = labelled(drive.name, f"{first} – {last}")
    return found


def _seats(reach: Reach) -> str:
    """How many seats, and by which ways letters reach them now."""
    if not reach.seats:
        return ""
    text = ngettext(
        "%(n)s seat, %(reachable)s of them reached by letters now",
        "%(n)s seats, %(reachable)s of them reached by letters now",
        reach.seats,
    ) % {"n": intcomma(reach.seats), "reachable": intcomma(reach.reachable)}
    return f"{text} ({reach.in_words})" if reach.reachable else text


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def copy(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """A new draft with everything of a campaign but people, letters and numbers."""
    campaign = campaign_of(organization, campaign_id)
    form = CopyForm(request.POST or None, organization=organization, initial={"title": campaign.title})
    if request.method == "POST" and form.is_valid():
        try:
            made = copy_campaign(campaign=campaign, actor=request.user, **form.cleaned_data)
        except ActionRefused as fact:
            form.add_error(None, reason_of(fact))
        else:
            messages.success(request, _("This is the copy, a draft in test mode."))
            return redirect("campaigns:campaign-review", org=organization.slug, campaign_id=made.pk)
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Copy the campaign"),
        button=_("Make a copy"),
        crumbs=campaign_crumbs(organization, campaign),
        intro=_(
            "The copy is a draft with the same text, pledge form, targets, letters and hours of the drive. "
            "Pledges, letters of supporters, numbers, news and partners stay here."
        ),
    )
