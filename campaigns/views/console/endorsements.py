"""Organisations that support a campaign: looked at, entered, imported, mended, taken down."""

import base64
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions import endorsements as actions
from campaigns.actions.endorsement_imports import import_endorsements
from campaigns.endorsement_rows import COLUMNS
from campaigns.errors import ActionRefused
from campaigns.forms.endorsement import (
    EndorsementEditForm,
    EndorsementFields,
    EndorsementImportForm,
    ReasonForm,
)
from campaigns.models import Campaign, Endorsement, EndorsementState
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.import_difference import FileRead, ImportPage, after_import
from campaigns.views.console.page import (
    Step,
    confirmed,
    page_of,
    query_without_page,
    reason_of,
    show,
    show_form,
)
from contacts.models import Organization

_S = EndorsementState
# In the order of the list's chips.
_STATES = [_S.CONFIRMED, _S.APPROVED, _S.DECLINED, _S.WITHDRAWN, _S.ASKED]
_TONES: dict[str, str] = {_S.CONFIRMED: "warn", _S.APPROVED: "good", _S.ASKED: "info"}


def _crumbs(organization: Organization, campaign: Campaign) -> list[tuple[object, str]]:
    url = reverse("campaigns:endorsement-list", args=[organization.slug, campaign.pk])
    return [*campaign_crumbs(organization, campaign), (_("Organisations that support it"), url)]


def _endorsement(organization: Organization, endorsement_id: UUID) -> Endorsement:
    """One of an organisation's campaigns; somebody else's is not found."""
    rows = Endorsement.objects.select_related("campaign__organization").defer("logo")
    return get_object_or_404(rows, campaign__organization=organization, pk=endorsement_id)


def _page_of(endorsement: Endorsement) -> str:
    return reverse("campaigns:endorsement", args=[endorsement.campaign.organization.slug, endorsement.pk])


@require_safe
@console("look")
def endorsement_list(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """Those of one state; what waits for a person comes first, the longest waiting on top."""
    campaign = campaign_of(organization, campaign_id)
    state = request.GET.get("state", "")
    counts = dict(campaign.endorsements.values_list("state").annotate(Count("pk")))
    if state not in _STATES:
        state = _S.CONFIRMED if _S.CONFIRMED in counts else _S.APPROVED
    rows = campaign.endorsements.defer("logo").filter(state=state)
    rows = rows.annotate(since=Coalesce("decided_at", "confirmed_at", "asked_at"))
    order = "confirmed_at" if state == _S.CONFIRMED else "name_key"
    context = {
        "campaign": campaign,
        "page": page_of(request, rows.order_by(order, "pk")),
        "query": query_without_page(request),
        "state": state,
        "states": [(one.value, one.label, counts.get(one, 0)) for one in _STATES],
        "crumbs": campaign_crumbs(organization, campaign),
    }
    return show(request, organization, "campaigns/console/endorsement_list.html", "campaigns", context)


@require_safe
@console("look")
def endorsement_detail(
    request: ConsoleRequest, organization: Organization, endorsement_id: UUID
) -> HttpResponse:
    endorsement = _endorsement(organization, endorsement_id)
    moves = Endorsement.MOVES[endorsement.state]
    history = list(endorsement.history.select_related("actor"))
    logo = endorsement.logo if endorsement.logo_hash else None
    context = {
        "endorsement": endorsement,
        "campaign": endorsement.campaign,
        "alike": Endorsement.objects.like(endorsement),
        # Inside the page: what is not approved has no address of its own.
        "picture": "data:image/png;base64," + base64.b64encode(bytes(logo)).decode() if logo else "",
        "tone": _TONES.get(endorsement.state, "quiet"),
        "seen": actions.fingerprint(endorsement),
        "can_approve": _S.APPROVED in moves,
        "can_decline": _S.DECLINED in moves,
        "can_withdraw": endorsement.state == _S.APPROVED,
        "by_hand": not any(change.to_state == _S.ASKED for change in history),
        "history": [(EndorsementState(change.to_state).label, change) for change in history],
        "crumbs": _crumbs(organization, endorsement.campaign),
    }
    return show(request, organization, "campaigns/console/endorsement.html", "campaigns", context)


@require_POST
@console("campaigns")
def endorsement_approve(
    request: ConsoleRequest, organization: Organization, endorsement_id: UUID
) -> HttpResponse:
    endorsement = _endorsement(organization, endorsement_id)
    if endorsement.state == _S.APPROVED:
        messages.info(request, _("It is shown and counted already."))
        return redirect(_page_of(endorsement))
    seen = request.POST.get("seen", "")
    try:
        actions.approve_endorsement(endorsement=endorsement, actor=request.user, seen=seen)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
        return redirect(_page_of(endorsement))
    messages.success(request, _("It is shown and counted now."))
    return redirect("campaigns:endorsement-list", org=organization.slug, campaign_id=endorsement.campaign_id)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def endorsement_move(
    request: ConsoleRequest, organization: Organization, endorsement_id: UUID, verb: str
) -> HttpResponse:
    """Decline one, or take one down, with the reason that its person is sent."""
    endorsement = _endorsement(organization, endorsement_id)
    steps: dict[str, Callable[[ConsoleRequest, Endorsement], Step]] = {
        "decline": _decline,
        "withdraw": _withdraw,
    }
    if verb not in steps:
        raise Http404
    return confirmed(
        request,
        organization,
        steps[verb](request, endorsement),
        section="campaigns",
        back=_page_of(endorsement),
        crumbs=[*_crumbs(organization, endorsement.campaign), (endorsement.name, _page_of(endorsement))],
    )


def _decline(request: ConsoleRequest, endorsement: Endorsement) -> Step:
    form = ReasonForm(request.POST or None)
    step = Step(
        title=_("Decline %(name)s") % {"name": endorsement.name},
        button=_("Decline"),
        consequences=[
            _("It is not shown, and its person is told why by mail."),
            _("They can change it and ask again. Who asked is deleted after 90 days."),
        ],
        form=form,
        act=lambda: actions.decline_endorsement(
            endorsement=endorsement, actor=request.user, reason=form.cleaned_data["reason"]
        ),
    )
    if endorsement.state == _S.DECLINED:
        return step.done_before(_("It is declined already."))
    return step if _S.DECLINED in Endorsement.MOVES[endorsement.state] else step.barred()


def _withdraw(request: ConsoleRequest, endorsement: Endorsement) -> Step:
    form = ReasonForm(request.POST or None)
    step = Step(
        title=_("Take down %(name)s") % {"name": endorsement.name},
        button=_("Take it down"),
        consequences=[
            _("It is shown and counted no more, and its person is told why by mail."),
            _("This can’t be undone; the organisation can ask anew."),
        ],
        is_danger=True,
        form=form,
        act=lambda: actions.withdraw_endorsement(
            endorsement=endorsement, actor=request.user, reason=form.cleaned_data["reason"]
        ),
    )
    if endorsement.state == _S.WITHDRAWN:
        return step.done_before(_("It is taken down already."))
    return step if endorsement.state == _S.APPROVED else step.barred()


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def endorsement_new(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id)
    form = EndorsementFields(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.enter_endorsement(campaign=campaign, shown=form.shown(), actor=request.user)
        except ActionRefused as fact:
            form.add_error(fact.field, str(fact.message))
        else:
            return redirect(_page_of(made))
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Enter an organisation"),
        button=_("Show it"),
        crumbs=_crumbs(organization, campaign),
        intro=_(
            "For support that was given to you otherwise, e.g. by letter. It is shown and counted at once."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def endorsement_edit(
    request: ConsoleRequest, organization: Organization, endorsement_id: UUID
) -> HttpResponse:
    """Mend the spelling, or put in a logo."""
    endorsement = _endorsement(organization, endorsement_id)
    form = EndorsementEditForm(request.POST or None, request.FILES or None, endorsement=endorsement)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            actions.edit_endorsement(
                endorsement=endorsement, shown=form.shown(), actor=request.user, seen=seen
            )
        except actions.ChangedMeanwhile:
            form.keep_beside(_endorsement(organization, endorsement_id))
        except ActionRefused as fact:
            if fact.field is None:
                messages.error(request, reason_of(fact))
                return redirect(_page_of(endorsement))
            form.add_error(fact.field, reason_of(fact))
        else:
            return redirect(_page_of(endorsement))
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Edit %(name)s") % {"name": endorsement.name},
        button=_("Save"),
        crumbs=[*_crumbs(organization, endorsement.campaign), (endorsement.name, _page_of(endorsement))],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def endorsement_import(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID
) -> HttpResponse:
    """Take organisations over from a table, or only say what it would change."""
    campaign = campaign_of(organization, campaign_id)
    form = EndorsementImportForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {
        "campaign": campaign,
        "form": form,
        "columns": COLUMNS,
        "crumbs": _crumbs(organization, campaign),
    }
    template = "campaigns/console/endorsement_import.html"
    if request.method != "POST" or not form.is_valid():
        return show(request, organization, template, "campaigns", context, 422 if form.errors else 200)
    is_trial, skip_bad = "try" in request.POST, form.cleaned_data["skip_bad"]
    done = import_endorsements(
        campaign=campaign, found=form.found, actor=request.user, skip_bad=skip_bad, is_trial=is_trial
    )
    refused = bool(done.bad) and not skip_bad
    back = reverse("campaigns:endorsement-list", args=[organization.slug, campaign.pk])
    page = ImportPage("campaigns", template, context, back)
    return after_import(
        request, organization, page, FileRead(done.difference, done.bad, done.same, refused, is_trial)
    )
