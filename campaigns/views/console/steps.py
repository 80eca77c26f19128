"""The steps of a new campaign that have a page of their own; targets, letters and drive lead on to theirs."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions import campaigns as actions
from campaigns.checklist import StepName, version_advice
from campaigns.delivery.addressees import resolve
from campaigns.errors import ActionRefused
from campaigns.forms.campaign import AskForm, SigningForm
from campaigns.forms.target import TargetRuleForm
from campaigns.models import Campaign, RuleKind, TargetGroup, TargetRule
from campaigns.permissions import ConsoleRequest, console
from campaigns.reach import reach_by
from campaigns.targets import posts_of_group, posts_of_rule
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.issues import asked_issue
from campaigns.views.console.no_chambers import no_chambers_of
from campaigns.views.console.page import reason_of, show, show_form
from campaigns.views.console.path import onward, path_of
from campaigns.views.console.targets import rule_form, rule_forms
from contacts.clock import today
from contacts.models import Organization, Post

_NAMES_SHOWN = 8


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def ask(request: ConsoleRequest, organization: Organization, campaign_id: UUID | None = None) -> HttpResponse:
    """What a campaign is about and asks; the first step, which makes it."""
    campaign = campaign_of(organization, campaign_id) if campaign_id else None
    path = path_of(organization, campaign, StepName.ASK)
    start = {} if campaign else {"issue": asked_issue(request, organization)}
    form = AskForm(request.POST or None, instance=campaign, organization=organization, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = _store(request, organization, campaign, form)
        except ActionRefused as fact:
            form.add_error(fact.field, reason_of(fact))
        else:
            messages.success(request, _("The campaign is saved."))
            return onward(request, organization, campaign, StepName.ASK) or redirect(
                "campaigns:campaign-detail", org=organization.slug, campaign_id=campaign.pk
            )
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Issue and ask") if campaign_id else _("New campaign"),
        button=_("Save"),
        crumbs=campaign_crumbs(organization, campaign),
        way=path,
        intro=""
        if campaign_id
        else _("It starts in test mode: its letters go to you alone until you say otherwise."),
    )


def _store(
    request: ConsoleRequest, organization: Organization, campaign: Campaign | None, form: AskForm
) -> Campaign:
    fields = dict(form.cleaned_data)
    if campaign is None:
        return actions.start_campaign(
            organization=organization, actor=request.user, language=organization.language, **fields
        )
    return actions.change_ask(campaign=campaign, actor=request.user, **fields)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def signing(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """The pledge form: its language and what it asks, and the ways that letters may go."""
    campaign = campaign_of(organization, campaign_id)
    form = SigningForm(request.POST or None, instance=campaign, organization=organization)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_campaign(campaign=campaign, actor=request.user, **form.cleaned_data)
        except ActionRefused as fact:
            form.add_error(fact.field, reason_of(fact))
        else:
            messages.success(request, _("The campaign is saved."))
            return onward(request, organization, campaign, StepName.SIGNING) or redirect(
                "campaigns:campaign-signing", org=organization.slug, campaign_id=campaign.pk
            )
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Pledge form and languages"),
        button=_("Save"),
        crumbs=campaign_crumbs(organization, campaign),
        way=path_of(organization, campaign, StepName.SIGNING),
        intro=_(
            "Name, mail address and postal code are always asked. All of this works as it stands; "
            "change what your campaign needs."
        ),
        beside={
            "text": _("Write what people read in other languages"),
            "url": reverse("campaigns:campaign-languages", args=[organization.slug, campaign.pk]),
        },
    )


@require_safe
@console("campaigns")
def targets(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    return _targets_page(request, organization, campaign_of(organization, campaign_id))


def _targets_page(
    request: ConsoleRequest,
    organization: Organization,
    campaign: Campaign,
    wrong: TargetRuleForm | None = None,
) -> HttpResponse:
    """Each group with whom it reaches; while there is none, the kinds of rule that make the first."""
    on = today()
    groups = []
    for group in campaign.target_groups.prefetch_related("rules__chamber", "rules__post"):
        group.campaign = campaign
        groups.append((group, reach(posts_of_group(group, None, on), campaign)))
    context = {
        "campaign": campaign,
        "crumbs": campaign_crumbs(organization, campaign),
        "way": path_of(organization, campaign, StepName.TARGETS),
        "groups": groups,
        "no_chambers": None if groups else no_chambers_of(organization, campaign),
        "forms": [] if groups else rule_forms(TargetGroup(campaign=campaign), wrong),
        "wrong": wrong,
    }
    status = 422 if wrong else 200
    return show(request, organization, "campaigns/console/targets.html", "campaigns", context, status)


def reach(posts: list[Post], campaign: Campaign) -> dict[str, object]:
    """Seats with whoever sits in them: how many, how many are vacant, by which ways, and the first names."""
    found = resolve(posts, campaign, today())
    return {
        "of": reach_by(found.values()),
        "names": [
            who.legislator.name if (who := found[post.pk]).legislator else post.label
            for post in posts[:_NAMES_SHOWN]
        ],
        "more": max(len(posts) - _NAMES_SHOWN, 0),
    }


@require_POST
@console("campaigns")
def targets_start(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, kind: str
) -> HttpResponse:
    """The first group, named for its rule, with the rule in it."""
    campaign = campaign_of(organization, campaign_id)
    if kind not in RuleKind.values:
        raise Http404
    form = rule_form(TargetGroup(campaign=campaign), kind, request.POST)
    if not form.is_valid():
        return _targets_page(request, organization, campaign, form)
    rule = form.save(commit=False)
    rule.group.name = _name_for(rule)
    rule.group.order = campaign.target_groups.count()
    try:
        actions.start_targets(rule=rule, actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
        return redirect("campaigns:campaign-targets", org=organization.slug, campaign_id=campaign.pk)
    messages.success(request, _("The rule is added."))
    return redirect("campaigns:target-group", org=organization.slug, group_id=rule.group.pk)


def _name_for(rule: TargetRule) -> str:
    named = {
        RuleKind.MY_REPRESENTATIVES: _("Your representatives"),
        RuleKind.UNDECIDED: _("Undecided members"),
    }
    return str(named.get(RuleKind(rule.kind), rule.chamber or rule.post))[:80]


@require_POST
@console("campaigns")
def rule_reach(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, kind: str
) -> HttpResponse:
    """Whom a rule would reach, while it is chosen; nothing is stored."""
    campaign = campaign_of(organization, campaign_id)
    if kind not in RuleKind.values:
        raise Http404
    form = rule_form(TargetGroup(campaign=campaign), kind, request.POST)
    posts = posts_of_rule(form.save(commit=False), today()) if form.is_valid() else None
    found = None if posts is None else reach(posts, campaign)
    return render(request, "campaigns/console/_reach.html", {"reach": found})


@require_safe
@console("campaigns")
def letters(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """Every group's letters in every language, with what would make them better."""
    campaign = campaign_of(organization, campaign_id)
    groups = campaign.target_groups.prefetch_related("versions")
    context = {
        "campaign": campaign,
        "crumbs": campaign_crumbs(organization, campaign),
        "way": path_of(organization, campaign, StepName.LETTERS),
        "groups": [
            (group, [(version, version_advice(version)) for version in group.versions.all()])
            for group in groups
        ],
    }
    return show(request, organization, "campaigns/console/letters_step.html", "campaigns", context)
