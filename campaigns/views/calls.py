"""Calling one's representatives: the number, what to say, and what came of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from campaigns.actions.calls import log_call
from campaigns.calls import offices_to_call
from campaigns.errors import ActionRefused
from campaigns.models import CallOutcome, Pledge
from campaigns.views.signed_links import with_pledge


@require_http_methods(["GET", "HEAD", "POST"])
@with_pledge
def calls(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    """GET shows whom to call and what to say, POST says what came of a call."""
    fault = ""
    if request.method == "POST":
        try:
            log_call(pledge=pledge, post_id=_id(request), outcome=request.POST.get("outcome", ""))
        except ActionRefused as fact:
            fault = str(fact.message)
        else:
            messages.success(request, _t("Thank you. It is counted with the calls that people told us of."))
            return redirect("campaigns:my-calls", token=token)
    return render(
        request,
        "campaigns/public/calls.html",
        {
            "pledge": pledge,
            "campaign": pledge.campaign,
            "organization": pledge.campaign.organization,
            "token": token,
            "offices": offices_to_call(pledge),
            "outcomes": CallOutcome.choices,
            "fault": fault,
        },
        status=422 if fault else 200,
    )


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("post", ""))
    except ValueError:
        raise ActionRefused(_t("This office is not one of those you are asked to call.")) from None
