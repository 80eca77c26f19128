from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions.campaigns import add_rule, remove_rule, remove_target_group, save_target_group
from campaigns.checklist import StepName
from campaigns.delivery.addressees import resolve
from campaigns.forms.target import TargetGroupForm, TargetRuleForm
from campaigns.models import RuleKind, TargetGroup, TargetRule
from campaigns.permissions import ConsoleRequest, console
from campaigns.reach import reach_by
from campaigns.targets import posts_of_group
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.no_chambers import no_chambers_of
from campaigns.views.console.page import Step, confirmed, show, show_form
from campaigns.views.console.path import path_of
from contacts.clock import today
from contacts.models import Organization

_NAMES_SHOWN = 30
_RULES_EXPLAINED: dict[RuleKind, object] = {
    RuleKind.MY_REPRESENTATIVES: gettext_lazy(
        "Each supporter writes to those who represent the place where they live. "
        "Their postal code says who that is."
    ),
    RuleKind.COMMITTEE: gettext_lazy("Every supporter writes to all members of the committee."),
    RuleKind.FIXED: gettext_lazy("Every supporter writes to whoever holds this post."),
    RuleKind.UNDECIDED: gettext_lazy(
        "Every supporter writes to all whose stance you recorded as undecided, or not at all. "
        "Whoever decides drops out."
    ),
}


def group_of(organization: Organization, group_id: UUID) -> TargetGroup:
    """The organisation's target group; somebody else's is not found."""
    groups = TargetGroup.objects.select_related("campaign__organization", "campaign__measure")
    return get_object_or_404(groups, campaign__organization=organization, pk=group_id)


def group_crumbs(organization: Organization, group: TargetGroup) -> list[tuple[object, str]]:
    here = (group.name, reverse("campaigns:target-group", args=[organization.slug, group.pk]))
    return [*campaign_crumbs(organization, group.campaign), here]


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def group_new(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id)
    count = campaign.target_groups.count()
    group = TargetGroup(campaign=campaign, order=count)
    start = {} if count else {"name": _("Your representatives")}
    form = TargetGroupForm(request.POST or None, instance=group, initial=start)
    if request.method == "POST" and form.is_valid():
        save_target_group(group=form.save(commit=False), actor=request.user)
        return redirect("campaigns:target-group", org=organization.slug, group_id=group.pk)
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("New target group"),
        button=_("Save and add rules"),
        crumbs=campaign_crumbs(organization, campaign),
        intro=_("A group is the people who get the same letter. Rules say who belongs to it, not a list."),
        way=path_of(organization, campaign, StepName.TARGETS),
        no_onward=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def group_edit(request: ConsoleRequest, organization: Organization, group_id: UUID) -> HttpResponse:
    group = group_of(organization, group_id)
    crumbs = group_crumbs(organization, group)
    form = TargetGroupForm(request.POST or None, instance=group)
    if request.method == "POST" and form.is_valid():
        save_target_group(group=form.save(commit=False), actor=request.user)
        messages.success(request, _("The group is saved."))
        return redirect("campaigns:target-group", org=organization.slug, group_id=group.pk)
    title, button = _("Edit the target group"), _("Save the group")
    return show_form(request, organization, "campaigns", form, title=title, button=button, crumbs=crumbs)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def group_remove(request: ConsoleRequest, organization: Organization, group_id: UUID) -> HttpResponse:
    group = group_of(organization, group_id)
    rules, letters = group.rules.count(), group.versions.count()
    step = Step(
        title=_("Remove the group “%(group)s”") % {"group": group.name},
        button=_("Remove the group"),
        consequences=[
            ngettext("%(n)s rule is removed with it.", "%(n)s rules are removed with it.", rules)
            % {"n": rules},
            ngettext("%(n)s suggested letter is deleted.", "%(n)s suggested letters are deleted.", letters)
            % {"n": letters},
        ],
        act=lambda: remove_target_group(group=group, actor=request.user),
        is_danger=True,
    )
    return confirmed(
        request,
        organization,
        step,
        section="campaigns",
        back=reverse("campaigns:campaign-detail", args=[organization.slug, group.campaign_id]),
        crumbs=group_crumbs(organization, group),
    )


@require_safe
@console("look")
def group_detail(request: ConsoleRequest, organization: Organization, group_id: UUID) -> HttpResponse:
    return _group_page(request, organization, group_of(organization, group_id))


def _group_page(
    request: ConsoleRequest,
    organization: Organization,
    group: TargetGroup,
    wrong: TargetRuleForm | None = None,
) -> HttpResponse:
    """Its rules with the seats they give, and a form per kind of rule; `wrong` is one sent with errors."""
    on = today()
    posts = posts_of_group(group, None, on)
    found = resolve(posts, group.campaign, on)
    context = {
        "campaign": group.campaign,
        "crumbs": campaign_crumbs(organization, group.campaign),
        "group": group,
        "rules": group.rules.select_related("chamber__jurisdiction", "post").order_by(
            "exclude", "kind", "pk"
        ),
        "versions": group.versions.order_by("language"),
        "way": path_of(organization, group.campaign, StepName.TARGETS),
        "no_chambers": no_chambers_of(organization, group.campaign),
        "forms": rule_forms(group, wrong),
        "wrong": wrong,
        "reach": reach_by(found.values()),
        "names": [(post, found[post.pk].legislator) for post in posts[:_NAMES_SHOWN]],
        "more": max(len(posts) - _NAMES_SHOWN, 0),
    }
    return show(
        request, organization, "campaigns/console/group.html", "campaigns", context, 422 if wrong else 200
    )


def rule_form(group: TargetGroup, kind: str, data: object = None) -> TargetRuleForm:
    """The form of a rule for a group, which may not exist yet."""
    return TargetRuleForm(data, campaign=group.campaign, kind=kind, instance=TargetRule(group=group))


def rule_forms(
    group: TargetGroup, wrong: TargetRuleForm | None
) -> list[tuple[RuleKind, object, TargetRuleForm]]:
    """Each kind of rule with what it does and its form; `wrong` is one sent with errors, which keeps its place.

    Stances are about a measure: without one that kind is left out.
    """
    known = group.campaign.measure is not None
    return [
        (kind, text, wrong if wrong is not None and wrong.kind == kind else rule_form(group, kind))
        for kind, text in _RULES_EXPLAINED.items()
        if known or kind != RuleKind.UNDECIDED or (wrong is not None and wrong.kind == kind)
    ]


@require_POST
@console("campaigns")
def rule_add(request: ConsoleRequest, organization: Organization, group_id: UUID, kind: str) -> HttpResponse:
    group = group_of(organization, group_id)
    if kind not in RuleKind.values:
        raise Http404
    form = rule_form(group, kind, request.POST)
    if not form.is_valid():
        return _group_page(request, organization, group, form)
    add_rule(rule=form.save(commit=False), actor=request.user)
    messages.success(request, _("The rule is added."))
    return redirect("campaigns:target-group", org=organization.slug, group_id=group.pk)


@require_POST
@console("campaigns")
def rule_remove(
    request: ConsoleRequest, organization: Organization, group_id: UUID, rule_id: UUID
) -> HttpResponse:
    group = group_of(organization, group_id)
    remove_rule(rule=get_object_or_404(TargetRule, group=group, pk=rule_id), actor=request.user)
    messages.success(request, _("The rule is removed. Letters already written stay as they are."))
    return redirect("campaigns:target-group", org=organization.slug, group_id=group.pk)
