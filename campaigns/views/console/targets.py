from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions.campaigns import add_rule, remove_rule, save_target_group, save_version
from campaigns.forms.campaign import LetterVersionForm, TargetGroupForm, TargetRuleForm
from campaigns.letters.compose import OFFICE_FIELDS, WRITER_FIELDS, letter_text, suggested_body, writer_values
from campaigns.models import Campaign, Letter, LetterVersion, Pledge, TargetGroup, TargetRule
from campaigns.permissions import console
from campaigns.targets import holders, posts_of_group
from campaigns.views.console.campaigns import campaign_of
from campaigns.views.console.page import show
from contacts.clock import today
from contacts.models import Organization, Post

_NAMES_SHOWN = 60


def group_of(organization: Organization, group_id: UUID) -> TargetGroup:
    return get_object_or_404(
        TargetGroup.objects.select_related("campaign__organization", "campaign__measure"),
        campaign__organization=organization,
        pk=group_id,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def group_new(request: HttpRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id)
    group = TargetGroup(campaign=campaign, order=campaign.target_groups.count())
    form = TargetGroupForm(request.POST or None, instance=group, initial={"name": _t("Your representatives")})
    if request.method == "POST" and form.is_valid():
        save_target_group(group=form.save(commit=False), actor=request.user)  # type: ignore[arg-type]
        return redirect("campaigns:target-group", org=organization.slug, group_id=group.pk)
    return show(
        request,
        organization,
        "campaigns/console/form.html",
        "campaigns",
        {"form": form, "title": _t("New target group"), "button": _t("Save and add rules"), "intro": _t("A group is the people who get the same letter.")},
        422 if form.errors else 200,
    )


@require_safe
@console("look")
def group_detail(request: HttpRequest, organization: Organization, group_id: UUID) -> HttpResponse:
    group = group_of(organization, group_id)
    return _group_page(request, organization, group, TargetRuleForm(campaign=group.campaign))


def _group_page(request: HttpRequest, organization: Organization, group: TargetGroup, form: TargetRuleForm, status: int = 200) -> HttpResponse:
    """Rules with a live count and the names they give."""
    on = today()
    posts = posts_of_group(group, None, on)
    seated = holders(posts[:_NAMES_SHOWN], on)
    return show(
        request,
        organization,
        "campaigns/console/group.html",
        "campaigns",
        {
            "campaign": group.campaign,
            "group": group,
            "rules": group.rules.select_related("chamber", "post"),
            "versions": group.versions.all(),
            "form": form,
            "count": len(posts),
            "names": [(post, seated.get(post.pk)) for post in posts[:_NAMES_SHOWN]],
            "more": max(len(posts) - _NAMES_SHOWN, 0),
        },
        status,
    )


@require_POST
@console("campaigns")
def rule_add(request: HttpRequest, organization: Organization, group_id: UUID) -> HttpResponse:
    group = group_of(organization, group_id)
    form = TargetRuleForm(request.POST, instance=TargetRule(group=group), campaign=group.campaign)
    if not form.is_valid():
        return _group_page(request, organization, group, form, 422)
    add_rule(rule=form.save(commit=False), actor=request.user)  # type: ignore[arg-type]
    return redirect("campaigns:target-group", org=organization.slug, group_id=group.pk)


@require_POST
@console("campaigns")
def rule_remove(request: HttpRequest, organization: Organization, group_id: UUID, rule_id: UUID) -> HttpResponse:
    group = group_of(organization, group_id)
    remove_rule(rule=get_object_or_404(TargetRule, group=group, pk=rule_id), actor=request.user)  # type: ignore[arg-type]
    return redirect("campaigns:target-group", org=organization.slug, group_id=group.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def version_form(request: HttpRequest, organization: Organization, group_id: UUID, version_id: UUID | None = None) -> HttpResponse:
    """The letter's editor: fields to merge, errors by field, and the exact letter for a chosen supporter and office."""
    group = group_of(organization, group_id)
    version = (
        get_object_or_404(LetterVersion, group=group, pk=version_id)
        if version_id
        else LetterVersion(group=group, language=group.campaign.language)
    )
    form = LetterVersionForm(request.POST or None, instance=version)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        save_version(version=form.save(commit=False), actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _t("The letter is saved."))
        return redirect("campaigns:version-edit", org=organization.slug, group_id=group.pk, version_id=version.pk)
    preview = None
    if (request.method == "POST" and not form.errors) or (request.method != "POST" and version_id):
        preview = _preview(group, version, request)
    return show(
        request,
        organization,
        "campaigns/console/version.html",
        "campaigns",
        {
            "campaign": group.campaign,
            "group": group,
            "form": form,
            "writer_fields": WRITER_FIELDS.items(),
            "office_fields": OFFICE_FIELDS.items(),
            "preview": preview,
        },
        422 if form.errors else 200,
    )


@dataclass(frozen=True)
class Preview:
    """The exact letter of one supporter to one office, and what else can be chosen."""

    text: object
    pledges: list[Pledge]
    posts: list[Post]
    pledge: Pledge
    post: Post


def _preview(group: TargetGroup, version: LetterVersion, request: HttpRequest) -> Preview | None:
    campaign = group.campaign
    on = today()
    posts = posts_of_group(group, None, on)[:100]
    if not posts:
        return None
    asked = request.POST if request.method == "POST" else request.GET
    pledges = [_sample(campaign), *Pledge.objects.filter(campaign=campaign, state="confirmed").order_by("-confirmed_at")[:20]]
    pledge = next((p for p in pledges if str(p.pk) == asked.get("as")), pledges[0])
    post = next((p for p in posts if str(p.pk) == asked.get("to")), posts[0])
    pledge.campaign = campaign
    letter = Letter(pledge=pledge, post=post, version=version, body=suggested_body(version, writer_values(pledge, campaign)))
    seat = holders([post], on).get(post.pk)
    return Preview(letter_text(letter, seat.legislator if seat else None), pledges, posts, pledge, post)


def _sample(campaign: Campaign) -> Pledge:
    """An invented supporter, for as long as there are none."""
    return Pledge(campaign=campaign, name=_t("Sam Sample"), city=_t("Sampletown"), postal_code="12345", email="sam@people.example")
