"""Mails that no token, return path or Message-ID ties to a letter: a person looks the letter up."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.actions.replies import match_stray, sent_letters
from campaigns.errors import ActionRefused
from campaigns.models import InboundMail, InboundState, Letter
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import as_id, reason_of, words_of
from contacts.models import Organization

_SHOWN = 12


@dataclass(frozen=True)
class Search:
    """Letters that a stray mail may be about; without words, those sent to the address it came from."""

    words: str
    letters: list[Letter]
    more: int


def search_for(request: ConsoleRequest, organization: Organization, mail: InboundMail) -> Search | None:
    """The search on a stray mail's page; None when there is nothing to match or the reader may not see supporters."""
    if mail.state != InboundState.UNMATCHED or not mail.organization_id:
        return None
    words = words_of(request)
    found = sent_letters(organization)
    if words:
        for word in words.split():
            found = found.filter(
                Q(pledge__name__icontains=word)
                | Q(pledge__city__icontains=word)
                | Q(pledge__postal_code=word)
                | Q(post__label__icontains=word)
                | Q(legislator__name__icontains=word)
                | Q(recipient__icontains=word)
            )
    else:
        found = found.filter(recipient__iexact=mail.sender) if mail.sender else found.none()
    total = found.count()
    shown = found.select_related("pledge", "post", "legislator", "drive__campaign")
    return Search(words, list(shown.order_by("-sent_at", "pk").defer("raw")[:_SHOWN]), max(total - _SHOWN, 0))


@require_POST
@console("people")
def reply_match(request: ConsoleRequest, organization: Organization, reply_id: UUID) -> HttpResponse:
    """Attach a stray mail to the letter that a person chose."""
    mail = get_object_or_404(InboundMail, organization=organization, pk=reply_id)
    chosen = as_id(request.POST.get("letter", ""))
    letter = get_object_or_404(Letter, drive__campaign__organization=organization, pk=chosen)
    try:
        match_stray(mail=mail, letter=letter, kind=request.POST.get("kind", ""), actor=request.user)
    except ActionRefused as fact:
        messages.error(request, reason_of(fact))
    else:
        messages.success(request, _("It belongs to that letter now."))
    return redirect("campaigns:reply", org=organization.slug, reply_id=mail.pk)
