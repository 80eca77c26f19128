"""Pages behind a supporter's signed link: their headers, whose they are, and what a spent one says."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from campaigns.errors import ActionRefused
from campaigns.links import read_manage, read_spent
from campaigns.models import Pledge, PledgeState
from campaigns.permissions import zone_of
from contacts.clock import now

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Headers of pages that only the link's owner should ever see.

    The secret in the address is what lets somebody act, so a forged form from elsewhere has nothing to send to.
    Django's own check would refuse honest people here: browsers and extensions that hide the referrer call a page's
    origin "null".
    """

    @csrf_exempt
    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return respond


def with_pledge(view: View) -> View:
    """Give a view the pledge its link is for; a link that is spent or broken gets a kind page.

    Inside the view, moments are shown on the organisation's clock.
    """

    @private
    @wraps(view)
    def respond(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            pledge = read_manage(token)
        except ActionRefused as fact:
            return spent(request, token, fact)
        with timezone.override(zone_of(pledge.campaign.organization)):
            return view(request, pledge, token=token, **kwargs)

    return respond


def spent(request: HttpRequest, token: str, fact: ActionRefused) -> HttpResponse:
    """Why a link opens nothing, and the way forward; its owner may have a fresh one mailed."""
    pledge = read_spent(token)
    context: dict[str, object] = {"why": fact.message, "token": token}
    if pledge is not None:
        campaign = pledge.campaign
        context |= {
            "state": PledgeState.EXPIRED if is_late(pledge) else pledge.state,
            "campaign": campaign,
            "organization": campaign.organization,
            "is_test": pledge.is_test,
        }
    return render(request, "campaigns/public/link_spent.html", context, status=410)


def is_late(pledge: Pledge) -> bool:
    return pledge.state == PledgeState.PENDING and pledge.expires_at <= now()
