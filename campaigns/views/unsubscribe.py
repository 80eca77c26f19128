"""No more mails of one kind: a page for people, and one POST for mail programs (RFC 8058)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campaigns.actions.wishes import ENDABLE, end_mails
from campaigns.errors import ActionRefused
from campaigns.links import read_unsubscribe
from campaigns.views.signed_links import private, spent


@private
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    """GET asks, POST does it: programs that open every link in a mail end nothing."""
    if purpose not in ENDABLE:
        raise Http404
    try:
        pledge = read_unsubscribe(token, purpose)
    except ActionRefused as fact:
        return spent(request, token, fact)
    done = request.method == "POST"
    if done:
        end_mails(pledge=pledge, purpose=purpose)
    return render(
        request,
        "campaigns/public/unsubscribe.html",
        {
            "campaign": pledge.campaign,
            "organization": pledge.campaign.organization,
            "purpose": purpose,
            "done": done,
            # A mail that is passed on carries this link: it leads to nobody's page.
            "is_erased": pledge.erased_at is not None,
        },
    )
