from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.actions.partners import change_organization
from campaigns.forms.settings import MemberForm, OrganizationForm, TokenForm
from campaigns.permissions import ConsoleRequest, console, roles_of
from campaigns.views.console.page import Step, confirmed, show
from campaigns.views.passwords import mail_password
from contacts.actions.members import LastOwner, add_member, make_token, revoke_token, take_role
from contacts.models import ApiToken, Organization, Role


def settings_tabs(organization: Organization, current: str) -> list[tuple[str, str, bool]]:
    tabs = [
        ("organisation", _("Organisation"), "settings"),
        ("members", _("Members"), "members"),
        ("tokens", _("API tokens"), "tokens"),
        ("sending", _("Sending"), "sending"),
        ("audit", _("Audit log"), "audit"),
    ]
    return [
        (label, reverse(f"campaigns:{url}", args=[organization.slug]), key == current)
        for key, label, url in tabs
        if key != "sending" or not organization.is_partner_only
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@console("settings", for_partners=True)
def settings(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """The organisation's own data."""
    # The form writes into its instance: a rejected name must not appear as the page's.
    form = OrganizationForm(request.POST or None, instance=Organization.objects.get(pk=organization.pk))
    if request.method == "POST" and form.is_valid():
        change_organization(organization=organization, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("campaigns:settings", org=organization.slug)
    context = {"form": form, "tabs": settings_tabs(organization, "organisation")}
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/console/settings.html", "settings", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@console("settings", for_partners=True)
def members(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Who works here in which role; giving somebody a role mails a new person a link to choose a password."""
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user, _is_new = add_member(organization=organization, actor=request.user, **form.cleaned_data)
        if user.has_usable_password():
            messages.success(request, _("Added. They find the organisation when they next sign in."))
        else:
            _invite(
                request,
                Role.objects.get(organization=organization, user=user, name=form.cleaned_data["role"]),
            )
        return redirect("campaigns:members", org=organization.slug)
    roles = (
        Role.objects.filter(organization=organization).select_related("user").order_by("user__email", "name")
    )
    context = {"form": form, "roles": roles, "tabs": settings_tabs(organization, "members")}
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/console/members.html", "settings", context, status)


def _invite(request: ConsoleRequest, role: Role) -> None:
    """Mail a link to choose a password; when mail does not work, say how the person gets in later."""
    if mail_password(request, role.user, role):
        messages.success(request, _("Added. A mail to choose a password is on its way."))
    else:
        messages.warning(
            request,
            _("Added, but the mail could not be sent. They can ask for it under “Forgot your password”."),
        )


@require_POST
@console("settings", for_partners=True)
def member_remove(request: ConsoleRequest, organization: Organization, role_id: UUID) -> HttpResponse:
    role = get_object_or_404(Role, organization=organization, pk=role_id)
    try:
        take_role(role=role, actor=request.user)
    except LastOwner as fact:
        messages.error(request, str(fact.message))
    else:
        messages.success(request, _("Removed."))
    if "owner" not in roles_of(request.user, organization):
        return redirect("campaigns:console")
    return redirect("campaigns:members", org=organization.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@console("settings", for_partners=True)
def tokens(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Keys to the API. A new one's secret is on the page that answers, and nowhere else."""
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _token, secret = make_token(
            organization=organization, name=form.cleaned_data["name"], actor=request.user
        )
        form = TokenForm()
    rows = ApiToken.objects.filter(organization=organization).select_related("created_by")
    context = {
        "form": form,
        "secret": secret,
        "tokens": rows.order_by("revoked_at", "-created_at"),
        "tabs": settings_tabs(organization, "tokens"),
    }
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/console/tokens.html", "settings", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@console("settings", for_partners=True)
def token_revoke(request: ConsoleRequest, organization: Organization, token_id: UUID) -> HttpResponse:
    token = get_object_or_404(ApiToken, organization=organization, pk=token_id)
    back = reverse("campaigns:tokens", args=[organization.slug])
    step = Step(
        title=_("Revoke the token “%(name)s”") % {"name": token.name},
        button=_("Revoke the token"),
        consequences=[
            _("Whatever program uses it is refused from now on."),
            _("This can't be undone; you can make another token."),
        ],
        blockers=[_("It is revoked already.")] if token.revoked_at else [],
        act=lambda: revoke_token(token=token, actor=request.user),
        is_danger=True,
    )
    crumbs: list[tuple[object, str]] = [(_("API tokens"), back)]
    return confirmed(request, organization, step, section="settings", back=back, crumbs=crumbs)
