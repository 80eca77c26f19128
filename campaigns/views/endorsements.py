"""Organisations that support a campaign: all of them, the form to be one, and the page of who asked."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import limits
from campaigns.actions import endorsements as actions
from campaigns.actions.supporters import never_write_again
from campaigns.endorsement_links import read_endorsement
from campaigns.errors import ActionRefused, EndorsementGone
from campaigns.forms.endorsement import EndorseForm, EndorsementFields
from campaigns.models import Campaign, Endorsement
from campaigns.same_origin import came_from_elsewhere
from campaigns.views.public import visible_campaign
from campaigns.views.signed_links import View, private

PER_PAGE = 48


@require_safe
def endorsements(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    """All of them by name, as pages that can be searched."""
    campaign = visible_campaign(request, org, slug)
    standing = campaign.endorsements.standing()
    words = request.GET.get("q", "").strip()[:80].replace("\x00", "")
    found = standing.filter(name__icontains=words) if words else standing
    context = {
        "campaign": campaign,
        "organization": campaign.organization,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "everybody": standing.count(),
        "words": words,
        "query": f"q={words}&" if words else "",
        "can_ask": actions.can_ask(campaign),
        "messages": (),
    }
    return render(request, "campaigns/public/endorsements.html", context)


@require_safe
def logo(request: HttpRequest, org: str, slug: str, endorsement_id: UUID, sha256: str) -> HttpResponse:
    """A logo while it is shown; its address names its bytes, so that a changed one is another."""
    campaign = visible_campaign(request, org, slug)
    found = campaign.endorsements.filter(pk=endorsement_id, logo_hash=sha256, logo__isnull=False)
    png = found.filter(state="approved").values_list("logo", flat=True).first()
    if png is None:
        raise Http404
    response = HttpResponse(bytes(png), content_type="image/png")
    # Short: what is taken back is to be gone from those between, too.
    response["Cache-Control"] = "public, max-age=300"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def endorse(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    """GET shows the form, POST asks. New and repeated ones get the same answer."""
    campaign = visible_campaign(request, org, slug)
    if request.method == "POST":
        if came_from_elsewhere(request):
            raise PermissionDenied
        return _ask(request, campaign)
    return _form_page(request, campaign, EndorseForm(owner=campaign))


def _form_page(
    request: HttpRequest, campaign: Campaign, form: EndorseForm, status: int = 200
) -> HttpResponse:
    context = {
        "campaign": campaign,
        "organization": campaign.organization,
        "form": form,
        "can_ask": actions.can_ask(campaign),
        "messages": (),
    }
    response = render(request, "campaigns/public/endorse.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _ask(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    form = EndorseForm(request.POST, request.FILES, owner=campaign)
    if not form.is_valid():
        return _form_page(request, campaign, form, 422)
    args = [campaign.organization.slug, campaign.slug]
    if form.is_robot:
        return redirect("campaigns:endorse-mail", *args)
    address = limits.client_address(request)
    if not all(limits.may_send(address, f"endorse:{campaign.pk}", form.nonce)):
        form.add_error(None, _("Too many were sent from your network just now. Please try again later."))
        return _form_page(request, campaign, form, 429)
    try:
        actions.ask_endorsement(campaign=campaign, shown=form.shown(), contact=form.contact())
    except ActionRefused as fact:
        form.add_error(None, str(fact.message))
        return _form_page(request, campaign, form, 409)
    return redirect("campaigns:endorse-mail", *args)


@require_safe
def endorse_mail(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    """What to do next, the same for everybody."""
    campaign = visible_campaign(request, org, slug)
    context = {"campaign": campaign, "organization": campaign.organization, "messages": ()}
    return render(request, "campaigns/public/endorse_mail.html", context)


# Behind the link -----------------------------------------------------------------------------------


def _with_endorsement(view: View) -> View:
    """Give a view what its link is for; a spent link gets a kind page."""

    @private
    @wraps(view)
    def respond(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            endorsement = read_endorsement(token)
        except ActionRefused as fact:
            context = {"why": fact.message, "is_gone": isinstance(fact, EndorsementGone)}
            return render(request, "campaigns/public/endorsement_spent.html", context, status=410)
        return view(request, endorsement, token=token, **kwargs)

    return respond


def _context(endorsement: Endorsement, token: str) -> dict[str, object]:
    campaign = endorsement.campaign
    return {
        "endorsement": endorsement,
        "campaign": campaign,
        "organization": campaign.organization,
        "token": token,
        "messages": (),
    }


@require_safe
@_with_endorsement
def own(request: HttpRequest, endorsement: Endorsement, *, token: str) -> HttpResponse:
    """What is shown or would be, and what can be done."""
    return render(request, "campaigns/public/endorsement_own.html", _context(endorsement, token))


@require_POST
@_with_endorsement
def own_move(request: HttpRequest, endorsement: Endorsement, *, token: str, verb: str) -> HttpResponse:
    """Confirm it, take it back, or have no mail any more."""
    moves: dict[str, Callable[[Endorsement], object]] = {
        "confirm": lambda one: actions.confirm_endorsement(endorsement=one),
        "take-back": lambda one: actions.take_back_endorsement(endorsement=one),
        "stop": lambda one: never_write_again(canonical=one.canonical_email),
    }
    if verb not in moves:
        raise Http404
    context = _context(endorsement, token)
    try:
        moves[verb](endorsement)
    except ActionRefused as fact:
        why = {**context, "why": fact.message}
        return render(request, "campaigns/public/endorsement_own.html", why, status=409)
    if verb == "confirm":
        return redirect("campaigns:endorsement-own", token=token)
    return render(request, "campaigns/public/endorsement_done.html", {**context, "verb": verb})


@require_http_methods(["GET", "HEAD", "POST"])
@_with_endorsement
def own_change(request: HttpRequest, endorsement: Endorsement, *, token: str) -> HttpResponse:
    """Change what is shown; a person looks at it again."""
    form = EndorsementFields(request.POST or None, request.FILES or None, endorsement=endorsement)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_endorsement(endorsement=endorsement, shown=form.shown())
        except ActionRefused as fact:
            form.add_error(fact.field, str(fact.message))
            status = 409
        else:
            return redirect("campaigns:endorsement-own", token=token)
    context = {**_context(endorsement, token), "form": form}
    status = 422 if form.errors and status == 200 else status
    return render(request, "campaigns/public/endorsement_change.html", context, status=status)
