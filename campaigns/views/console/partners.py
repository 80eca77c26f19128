"""Partners of a campaign, for the organisation that runs it: invited, taking part, gone."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions import partner_invitations as invitations
from campaigns.actions.partners import end_partnership
from campaigns.errors import ActionRefused
from campaigns.forms.partners import EndForm, InviteForm, OfferForm, default_terms
from campaigns.models import Campaign, InvitationState, PartnerInvitation, Partnership
from campaigns.partners import came_by, count_supporters, former_names
from campaigns.permissions import ConsoleRequest, console
from campaigns.sharing import partner_url
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.page import Step, confirmed, reason_of, show, show_form
from contacts.clock import now
from contacts.models import Organization


def _crumbs(campaign: Campaign) -> list[tuple[object, str]]:
    organization = campaign.organization
    return [*campaign_crumbs(organization, campaign), (_("Partners"), _list_url(campaign))]


def _list_url(campaign: Campaign) -> str:
    return reverse("campaigns:partner-list", args=[campaign.organization.slug, campaign.pk])


@require_safe
@console("look")
def partner_list(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """Who takes part, who was asked, and who is gone, with what was signed."""
    campaign = campaign_of(organization, campaign_id)
    every = list(
        Partnership.objects.filter(campaign=campaign)
        .select_related("organization", "campaign__organization", "signed_by")
        .order_by("-joined_at", "pk")
    )
    at = now()
    current = [one for one in every if one.is_in_force(at)]
    came, chosen, names = came_by(every), count_supporters(current), former_names(campaign, every)
    asked = PartnerInvitation.objects.filter(campaign=campaign).exclude(state=InvitationState.ACCEPTED)
    context = {
        "campaign": campaign,
        "crumbs": campaign_crumbs(organization, campaign),
        "partners": [
            (
                one,
                came[one.pk],
                chosen.get(one.pk) if one.sees_supporters else None,
                partner_url(campaign, one),
                names[one.pk],
            )
            for one in current
        ],
        "gone": [(one, came[one.pk], names[one.pk]) for one in every if one not in current],
        "invitations": [(one, *_shown(one, at)) for one in asked.select_related("invited_by")],
        "is_over": campaign.is_over,
    }
    return show(request, organization, "campaigns/console/partner_list.html", "campaigns", context)


def _shown(invitation: PartnerInvitation, at: datetime) -> tuple[str, str, bool]:
    """The tone and words of an invitation's state, and whether it still waits for an answer or a new link."""
    waits = invitation.state == InvitationState.SENT
    if waits and invitation.expires_at <= at:
        return "warn", _("Not answered in time"), True
    tone = "info" if waits else "quiet"
    return tone, str(invitation.get_state_display()), waits


@require_http_methods(["GET", "HEAD", "POST"])
@console("partners")
def partner_invite(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id)
    if campaign.is_over:
        messages.error(request, str(invitations.CampaignOver.message))
        return redirect(_list_url(campaign))
    initial = {"terms": default_terms(campaign), "language": campaign.language}
    form = InviteForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            invitations.invite(
                campaign=campaign,
                organization_name=data["organization_name"],
                email=data["email"],
                language=data["language"],
                offer=form.offer(),
                actor=request.user,
            )
        except ActionRefused as fact:
            form.add_error(fact.field, reason_of(fact))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect(_list_url(campaign))
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Invite a partner"),
        button=_("Send the invitation"),
        crumbs=_crumbs(campaign),
        intro=_(
            "An organisation that joins gets its own page of this campaign, and sees the joint numbers. It sees "
            "nobody but those who choose it. The terms are kept as they were signed."
        ),
    )


def _invitation_of(campaign: Campaign, invitation_id: UUID) -> PartnerInvitation:
    found: PartnerInvitation = get_object_or_404(
        PartnerInvitation.objects.select_related("campaign__organization"),
        campaign=campaign,
        pk=invitation_id,
    )
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@console("partners")
def partner_reissue(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, invitation_id: UUID
) -> HttpResponse:
    """Look over the terms and send a new link; what was sent before opens nothing then."""
    campaign = campaign_of(organization, campaign_id)
    invitation = _invitation_of(campaign, invitation_id)
    if invitation.state != InvitationState.SENT:
        messages.error(request, _("It was answered or withdrawn: what was read then stays as it was."))
        return redirect(_list_url(campaign))
    form = OfferForm(request.POST or None, instance=_invitation_of(campaign, invitation_id))
    if request.method == "POST" and form.is_valid():
        try:
            invitations.reissue(invitation=invitation, offer=form.offer(), actor=request.user)
        except ActionRefused as fact:
            form.add_error(fact.field if fact.field in form.fields else None, reason_of(fact))
        else:
            messages.success(
                request, _("A new link is on its way. The one of before opens nothing any more.")
            )
            return redirect(_list_url(campaign))
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Send the invitation again"),
        button=_("Send a new link"),
        crumbs=_crumbs(campaign),
        intro=_(
            "To %(email)s, of %(name)s. You may change the terms: only what the new link shows can be accepted."
        )
        % {"email": invitation.email, "name": invitation.organization_name},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("partners")
def partner_withdraw(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, invitation_id: UUID
) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id)
    invitation = _invitation_of(campaign, invitation_id)
    step = Step(
        title=_("Withdraw the invitation of %(name)s") % {"name": invitation.organization_name},
        button=_("Withdraw the invitation"),
        consequences=[
            _("The link in the mail opens nothing any more; who follows it reads that it was withdrawn."),
            _("You can invite the organisation again."),
        ],
        act=lambda: invitations.withdraw_invitation(invitation=invitation, actor=request.user),
        is_danger=True,
    )
    if invitation.state == InvitationState.WITHDRAWN:
        step = step.done_before(_("It is withdrawn already."))
    elif invitation.state != InvitationState.SENT:
        step = step.barred()
    return confirmed(
        request,
        organization,
        step,
        section="campaigns",
        back=_list_url(campaign),
        crumbs=_crumbs(campaign),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("partners")
def partner_end(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, partnership_id: UUID
) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id)
    partnership: Partnership = get_object_or_404(
        Partnership.objects.select_related("organization", "campaign__organization"),
        campaign=campaign,
        pk=partnership_id,
    )
    form = EndForm(request.POST or None)
    step = Step(
        title=_("End the partnership with %(name)s") % {"name": partnership.organization.name},
        button=_("End the partnership"),
        consequences=end_consequences(partnership),
        act=lambda: end_partnership(
            partnership=partnership, reason=form.cleaned_data["reason"], actor=request.user
        ),
        is_danger=True,
        form=form,
    )
    if not partnership.is_in_force(now()):
        step = step.done_before(_("This partnership is over already."))
    return confirmed(
        request,
        organization,
        step,
        section="campaigns",
        back=_list_url(campaign),
        crumbs=_crumbs(campaign),
    )


def end_consequences(partnership: Partnership) -> list[object]:
    """What the lead brings about by ending a partnership."""
    name = {"name": partnership.organization.name}
    lines = [
        _("%(name)s sees nothing of this campaign from this moment on: no numbers, no supporters.") % name,
        _("Exports it has begun stop, and files it has not downloaded are gone."),
        _("Supporters are no longer asked whether it may write to them, and its page leads to yours."),
        _("Nobody’s signature or letter changes: everybody is counted as before."),
        _("What it downloaded before, it has. The terms of %(day)s say what it may do with that.")
        % {"day": date_format(partnership.joined_at, "DATE_FORMAT")},
        _("Its owners are told by mail."),
    ]
    return list(lines)
