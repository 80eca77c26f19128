"""Where help is to be had: for anybody, without an account, and without a trace of who looked for what.

A search is a POST, so that no address holds it; no session is opened, no cookie set, nothing counted, cached or
logged. There is nothing to forge, because nothing is kept, so the form needs no cookie's proof.
"""

from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms.help import HelpForm
from campaigns.views.signed_links import View
from contacts.models import Organization
from policy.help import find_help, organizations_that_help, shown_resources


def without_trace(view: View) -> View:
    """Tell browsers and those between to keep nothing of a page and to pass its address to nobody."""

    @wraps(view)
    def respond(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return respond


@require_safe
@without_trace
def help_start(request: HttpRequest) -> HttpResponse:
    """The organisations here that list help; straight to the only one."""
    organizations = organizations_that_help()[:50]
    if len(organizations) == 1:
        return redirect("campaigns:help", org=organizations[0].slug)
    context = {"organizations": organizations, "messages": ()}
    return render(request, "campaigns/public/help_start.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def help_page(request: HttpRequest, org: str) -> HttpResponse:
    """Emergencies, a search, and what fits. POST searches; whatever stands behind a ? is not looked at."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    resources = shown_resources(organization)
    data = request.POST if request.method == "POST" else None
    form = HelpForm(data, organization=organization, resources=resources)
    context = {
        "organization": organization,
        "form": form,
        "found": find_help(resources, form.wanted()),
        "has_any": any(not row.is_emergency for row in resources),
        # Messages are kept in a cookie or a session, and neither is opened here.
        "messages": (),
    }
    status = 422 if form.errors else 200
    return render(request, "campaigns/public/help.html", context, status=status)
