"""No more mails of one kind: a page for people, and one POST for mail programs (RFC 8058)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns.actions.supporters import never_write_again, no_more_unasked
from campaigns.actions.wishes import ENDABLE, EVERYTHING, end_mails
from campaigns.errors import ActionRefused
from campaigns.event_links import event_url
from campaigns.links import pledges_of_links, read_unsubscribe
from campaigns.models import Campaign, PartnerInvitation, Registration
from campaigns.views.signed_links import private, spent
from contacts.addresses import canonical_email
from contacts.models import Organization


@dataclass(frozen=True)
class _Mails:
    """What a link ends: whose mails, by what, and the page of those who would rather keep them.

    A mail that is passed on carries the link: nothing here leads to a page of the person's own.
    """

    organization: Organization
    end: Callable[[], None]
    kept_url: str
    campaign: Campaign | None = None
    # On their own page, whose link they are sent.
    may_choose_again: bool = False


@private
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    """GET asks, POST does it: programs that open every link in a mail end nothing."""
    read = _READ.get(purpose, _of_pledge)
    try:
        mails = read(token, purpose)
    except ActionRefused as fact:
        return spent(request, token, fact)
    done = request.method == "POST"
    if done:
        mails.end()
    return render(
        request,
        "campaigns/public/unsubscribe.html",
        {
            "organization": mails.organization,
            "campaign": mails.campaign,
            "kept_url": mails.kept_url,
            "purpose": purpose,
            "done": done,
            "may_choose_again": mails.may_choose_again,
        },
    )


def _of_pledge(token: str, purpose: str) -> _Mails:
    if purpose not in ENDABLE:
        raise Http404
    pledge = read_unsubscribe(token, purpose, pledges_of_links())
    campaign = pledge.campaign
    return _Mails(
        campaign.organization,
        lambda: end_mails(pledge=pledge, purpose=purpose),
        reverse("campaigns:campaign", args=[campaign.organization.slug, campaign.slug]),
        campaign,
        may_choose_again=purpose != EVERYTHING and pledge.erased_at is None,
    )


def _of_registration(token: str, purpose: str) -> _Mails:
    """Questions after events, and news; of places people hold they still hear."""
    rows = Registration.objects.select_related("event__organization").filter(erased_at__isnull=True)
    registration = read_unsubscribe(token, purpose, rows)
    organization, canonical = registration.event.organization, registration.canonical_email
    return _Mails(
        organization,
        lambda: no_more_unasked(organization=organization, canonical=canonical),
        event_url(registration.event),
    )


def _of_invitation(token: str, purpose: str) -> _Mails:
    """Somebody else typed the address, so it gets no mail from here at all any more."""
    rows = PartnerInvitation.objects.select_related("campaign__organization")
    invitation = read_unsubscribe(token, purpose, rows)
    organization = invitation.campaign.organization
    return _Mails(
        organization,
        lambda: never_write_again(canonical=canonical_email(invitation.email)),
        reverse("campaigns:public-issues", args=[organization.slug]),
    )


_READ: dict[str, Callable[[str, str], _Mails]] = {"event": _of_registration, "invitation": _of_invitation}
