from uuid import UUID

from allauth.account.forms import ResetPasswordForm
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms.settings import MemberForm, OrganizationForm, TokenForm
from campaigns.permissions import console
from campaigns.views.console.page import page_of, query_without_page, show
from contacts.actions.members import LastOwner, add_member, make_token, revoke_token, take_role
from contacts.actions.organizations import record
from contacts.models import ApiToken, AuditEntry, Organization, Role


@require_http_methods(["GET", "HEAD", "POST"])
@console("settings")
def settings(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The organisation's own data, members, tokens."""
    form = OrganizationForm(request.POST or None, instance=Organization.objects.get(pk=organization.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        record(organization=organization, actor=request.user, verb="edit organisation", obj=organization)  # type: ignore[arg-type]
        messages.success(request, _t("Saved."))
        return redirect("campaigns:settings", org=organization.slug)
    return _page(request, organization, form=form, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    organization: Organization,
    *,
    form: OrganizationForm | None = None,
    member_form: MemberForm | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    return show(
        request,
        organization,
        "campaigns/console/settings.html",
        "settings",
        {
            "form": form or OrganizationForm(instance=organization),
            "member_form": member_form or MemberForm(prefix="member"),
            "token_form": TokenForm(prefix="token"),
            "members": Role.objects.filter(organization=organization).select_related("user").order_by("user__email", "name"),
            "tokens": ApiToken.objects.filter(organization=organization).select_related("created_by").order_by("-created_at"),
            "secret": secret,
        },
        status,
    )


@require_POST
@console("settings")
def member_add(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Give somebody a role; a new person gets a mail to choose a password."""
    form = MemberForm(request.POST, prefix="member")
    if not form.is_valid():
        return _page(request, organization, member_form=form, status=422)
    user, is_new = add_member(organization=organization, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    if is_new:
        reset = ResetPasswordForm({"email": user.email})
        if reset.is_valid():
            reset.save(request)
        messages.success(request, _t("Added. A mail to choose a password is on its way."))
    else:
        messages.success(request, _t("Added."))
    return redirect("campaigns:settings", org=organization.slug)


@require_POST
@console("settings")
def member_remove(request: HttpRequest, organization: Organization, role_id: UUID) -> HttpResponse:
    role = get_object_or_404(Role, organization=organization, pk=role_id)
    try:
        take_role(role=role, actor=request.user)  # type: ignore[arg-type]
    except LastOwner as fact:
        messages.error(request, str(fact.message))
    else:
        messages.success(request, _t("Removed."))
    return redirect("campaigns:settings", org=organization.slug)


@require_POST
@console("settings")
def token_add(request: HttpRequest, organization: Organization) -> HttpResponse:
    """A new token; its secret is on the next page and nowhere else."""
    form = TokenForm(request.POST, prefix="token")
    if not form.is_valid():
        messages.error(request, _t("Say what the token is for."))
        return redirect("campaigns:settings", org=organization.slug)
    _token, secret = make_token(organization=organization, name=form.cleaned_data["name"], actor=request.user)  # type: ignore[arg-type]
    return _page(request, organization, secret=secret)


@require_POST
@console("settings")
def token_revoke(request: HttpRequest, organization: Organization, token_id: UUID) -> HttpResponse:
    revoke_token(token=get_object_or_404(ApiToken, organization=organization, pk=token_id), actor=request.user)  # type: ignore[arg-type]
    messages.success(request, _t("Revoked."))
    return redirect("campaigns:settings", org=organization.slug)


@require_safe
@console("settings")
def audit(request: HttpRequest, organization: Organization) -> HttpResponse:
    rows = AuditEntry.objects.filter(organization=organization).select_related("actor").order_by("-pk")
    return show(
        request,
        organization,
        "campaigns/console/audit.html",
        "settings",
        {"page": page_of(request, rows), "query": query_without_page(request)},
    )
