"""The logo that briefs of an organisation carry."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import show
from contacts.models import Organization
from policy.actions.logos import MOST_BYTES, remove_logo, save_logo
from policy.errors import LogoRefused
from policy.models import Logo


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        help_text=gettext_lazy("PNG or JPEG, at most 1 MB, on white or see-through."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("briefs")
def letterhead(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Which logo briefs carry, and another one instead."""
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["logo"].read(MOST_BYTES + 1)
            save_logo(organization=organization, content=content, actor=request.user)
        except LogoRefused as fact:
            form.add_error("logo", str(fact.message))
        else:
            messages.success(request, _("Briefs asked for from now on carry this logo."))
            return redirect("campaigns:letterhead", organization.slug)
    context = {
        "form": form,
        "logo": Logo.objects.filter(organization=organization, is_current=True).defer("png").first(),
        "crumbs": [(_("Briefs"), reverse("campaigns:brief-list", args=[organization.slug]))],
    }
    status = 422 if form.errors else 200
    return show(request, organization, "campaigns/briefs/letterhead.html", "briefs", context, status)


@require_POST
@console("briefs")
def letterhead_remove(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    remove_logo(organization=organization, actor=request.user)
    return redirect("campaigns:letterhead", organization.slug)


@require_safe
@console("briefs")
def logo(request: ConsoleRequest, organization: Organization, sha256: str) -> HttpResponse:
    """One of the organisation's logos, by its hash."""
    found = Logo.objects.filter(organization=organization, sha256=sha256).first()
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.png), content_type="image/png")
