"""An invitation to be a partner, behind the signed link in its mail. GET shows, POST answers.

Unlike supporters' links it may act in the name of somebody who is signed in, so forms from elsewhere are refused.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.actions import partner_invitations as actions
from campaigns.errors import ActionRefused, LinkSpent
from campaigns.forms.partners import JoinForm, NewOrganizationForm
from campaigns.models import CampaignState, InvitationState, PartnerInvitation, Partnership
from campaigns.partner_links import read_invitation
from campaigns.permissions import second_factor_needed, zone_of
from campaigns.views.console.page import reason_of
from campaigns.views.passwords import mail_password
from contacts.clock import now
from contacts.models import Organization, RoleName, User

View = Callable[..., HttpResponse]


def with_invitation(view: View) -> View:
    """Give a view the invitation its link is for; a link that is spent or broken gets a kind page."""

    @wraps(view)
    def respond(request: HttpRequest, token: str) -> HttpResponse:
        try:
            invitation = read_invitation(token)
            with timezone.override(zone_of(invitation.campaign.organization)):
                response = view(request, invitation, token)
        except LinkSpent:
            response = render(request, "campaigns/public/partner_spent.html", status=410)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return respond


@require_http_methods(["GET", "HEAD", "POST"])
@with_invitation
def partner_invitation(request: HttpRequest, invitation: PartnerInvitation, token: str) -> HttpResponse:
    """What is asked, the terms in full, and accept or decline."""
    state = _state_of(invitation)
    if state:
        return _show(request, invitation, token, state=state, status=200 if state == "accepted" else 410)
    if request.method != "POST":
        return _show(request, invitation, token)
    try:
        match request.POST.get("answer", ""):
            case "decline":
                actions.decline(invitation=invitation)
                return redirect("campaigns:partner-invitation", token=token)
            case "join":
                return _join(request, invitation, token)
            case _:
                return _make(request, invitation, token)
    except ActionRefused as fact:
        fresh = read_invitation(token)
        return _show(request, fresh, token, state=_state_of(fresh), why=reason_of(fact), status=409)


def _join(request: HttpRequest, invitation: PartnerInvitation, token: str) -> HttpResponse:
    """Accept for an organisation that the person signed in owns."""
    user = request.user
    if not isinstance(user, User):
        return redirect(_sign_in(token))
    if asked := second_factor_needed(request):
        return asked
    form = JoinForm(request.POST, organizations=_owned_by(user, invitation))
    if not form.is_valid():
        return _show(request, invitation, token, join_form=form, status=422)
    partnership = actions.accept(
        invitation=invitation, organization=form.cleaned_data["organization"], user=user
    )
    messages.success(request, _("Your organisation takes part now."))
    return redirect(
        "campaigns:joint-campaign", org=partnership.organization.slug, partnership_id=partnership.pk
    )


def _make(request: HttpRequest, invitation: PartnerInvitation, token: str) -> HttpResponse:
    """Accept with a new organisation, whose owner is the address that was invited; a password mail follows."""
    form = NewOrganizationForm(request.POST)
    if not form.is_valid():
        return _show(request, invitation, token, new_form=form, status=422)
    user = request.user if isinstance(request.user, User) else None
    if user and (asked := second_factor_needed(request)):
        return asked
    partnership, owner = actions.accept_as_new(invitation=invitation, new=form.new(), user=user)
    if not owner.has_usable_password() and not mail_password(request, owner, partnership):
        messages.warning(
            request,
            _("The mail to choose a password could not be sent. Ask for it under “Forgot your password”."),
        )
    return redirect("campaigns:partner-invitation", token=token)


def _owned_by(user: User, invitation: PartnerInvitation) -> QuerySet[Organization]:
    """The organisations somebody may sign for, without the lead's own and those that take part already."""
    there = Partnership.objects.in_force(now()).filter(campaign=invitation.campaign)
    return (
        Organization.objects.filter(roles__user=user, roles__name=RoleName.OWNER)
        .exclude(pk=invitation.campaign.organization_id)
        .exclude(pk__in=there.values("organization"))
        .order_by("name")
    )


def _sign_in(token: str) -> str:
    here = reverse("campaigns:partner-invitation", args=[token])
    return f"{reverse('account_login')}?{urlencode({'next': here})}"


def _state_of(invitation: PartnerInvitation) -> str:
    """Why a link waits for no answer any more; empty while it does."""
    if invitation.state == InvitationState.ACCEPTED:
        stands = Partnership.objects.in_force(now()).filter(invitation=invitation).exists()
        return str(invitation.state) if stands else "ended"
    if invitation.state != InvitationState.SENT:
        return str(invitation.state)
    if invitation.campaign.is_over:
        return "over"
    at = now()
    is_late = invitation.expires_at <= at or invitation.is_past(invitation.until, at)
    return "late" if is_late else ""


def _show(
    request: HttpRequest,
    invitation: PartnerInvitation,
    token: str,
    *,
    state: str = "",
    why: object = "",
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    user = request.user
    organizations = _owned_by(user, invitation) if isinstance(user, User) else Organization.objects.none()
    has_account = User.objects.filter(email__iexact=invitation.email, is_active=True).exists()
    is_its = isinstance(user, User) and user.email.lower() == invitation.email.lower()
    context = {
        "invitation": invitation,
        "campaign": invitation.campaign,
        "organization": invitation.campaign.organization,
        "state": state,
        "why": why,
        "has_account": has_account,
        # Where the invited address has an account, only who is signed in to it makes an organisation in its name.
        "is_account": is_its or not has_account,
        "sign_in_url": _sign_in(token),
        "is_public": invitation.campaign.state
        in {CampaignState.SCHEDULED, CampaignState.OPEN, CampaignState.PAUSED},
        "join_form": forms.get("join_form") or JoinForm(organizations=organizations, auto_id="id_join_%s"),
        "new_form": forms.get("new_form")
        or NewOrganizationForm(initial={"name": invitation.organization_name, "email": invitation.email}),
        "owns_some": organizations.exists(),
    }
    return render(request, "campaigns/public/partner_invitation.html", context, status=status)
