"""A letter that its writer carries: the text, the office's form, and what came of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from campaigns.actions.letters import say_not_sent, say_sent
from campaigns.channels.sheet import Sheet
from campaigns.errors import BadMove
from campaigns.models import ChannelName, Letter, LetterState, Pledge
from campaigns.views.signed_links import with_pledge


@require_http_methods(["GET", "HEAD", "POST"])
@with_pledge
def by_hand(request: HttpRequest, pledge: Pledge, *, token: str, letter_id: UUID) -> HttpResponse:
    """GET shows text and form; POST says whether it was sent."""
    letters = Letter.objects.select_related("post", "contact_point").filter(channel=ChannelName.LINK)
    letter = get_object_or_404(letters, pledge=pledge, pk=letter_id)
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "sent":
                say_sent(letter=letter)
                messages.success(request, _t("Thank you. We note that you sent it."))
            elif request.POST.get("answer") == "failed":
                say_not_sent(letter=letter)
                messages.success(request, _t("Thank you for telling us. Somebody looks at it."))
        except BadMove:
            messages.error(request, str(BadMove.message))
        return redirect("campaigns:my-page", token=token)
    if letter.state != LetterState.QUEUED or not letter.raw:
        return redirect("campaigns:my-page", token=token)
    return render(
        request,
        "campaigns/public/by_hand.html",
        {
            "pledge": pledge,
            "campaign": pledge.campaign,
            "organization": pledge.campaign.organization,
            "token": token,
            "letter": letter,
            "sheet": Sheet.from_bytes(bytes(letter.raw)),
            "form_url": letter.contact_point.value if letter.contact_point else letter.recipient,
        },
    )
