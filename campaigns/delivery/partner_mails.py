"""Mails about partnerships: an invitation to an address, and what owners of both sides are told."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.models import InvitationState, MailKind, OutboxMail, PartnerInvitation, Partnership
from campaigns.partner_links import invitation_url
from contacts.clock import now
from contacts.models import User

# To people who work here: of the other side's coming and going.
NEWS = {MailKind.PARTNER_JOINED.value, MailKind.PARTNER_LEFT.value}


def is_wanted(mail: OutboxMail, invitation: PartnerInvitation) -> bool:
    """Whether the link in a mail is still the newest, and still waits for an answer."""
    is_newest = mail.about == str(invitation.counter)
    return is_newest and invitation.state == InvitationState.SENT and invitation.expires_at > now()


def partnership_in(mail: OutboxMail) -> Partnership | None:
    """The partnership a mail tells of, for somebody who still works on the side it is for."""
    found = (
        Partnership.objects.select_related("campaign__organization", "organization")
        .filter(pk=mail.about)
        .first()
    )
    user = mail.user
    is_here = (
        user is not None and user.is_active and user.roles.filter(organization=mail.organization).exists()
    )
    return found if is_here else None


def invitation_context(invitation: PartnerInvitation) -> dict[str, object]:
    return {
        "language": invitation.language,
        "organization": invitation.campaign.organization,
        "campaign": invitation.campaign,
        "invitation": invitation,
        "invitation_url": invitation_url(invitation),
    }


def news_context(mail: OutboxMail, user: User) -> dict[str, object]:
    partnership = partnership_in(mail)
    if partnership is None:
        raise TypeError("a mail about nothing")  # the outbox drops it first
    campaign = partnership.campaign
    is_lead = mail.organization_id == campaign.organization_id
    if is_lead:
        path = reverse("campaigns:partner-list", args=[campaign.organization.slug, campaign.pk])
    else:
        path = reverse("campaigns:joint-campaigns", args=[partnership.organization.slug])
    other = partnership.organization if is_lead else campaign.organization
    language = user.language or settings.LANGUAGE_CODE
    with override(language):
        subject, words = _words(mail.kind, partnership, other.name, is_lead=is_lead)
    return {
        "language": language,
        "user": user,
        "organization": mail.organization,
        "subject": subject,
        "words": words,
        "reason": partnership.left_reason if mail.kind == MailKind.PARTNER_LEFT else "",
        "page_url": settings.SITE_URL.rstrip("/") + path,
    }


def _words(kind: str, partnership: Partnership, other: str, *, is_lead: bool) -> tuple[str, str]:
    """Subject and text of a mail of these, in the language that is set."""
    names = {"partner": other, "title": partnership.campaign.title, "who": partnership.signed_name}
    if kind == MailKind.PARTNER_JOINED:
        subject = _("%(partner)s is a partner now")
        words = _(
            "%(partner)s takes part in “%(title)s”. %(who)s signed the terms off; they are kept as they were read."
        )
    elif is_lead:
        subject = _("%(partner)s has left your campaign")
        words = _(
            "%(partner)s no longer takes part in “%(title)s”. It sees nothing of the campaign any more, and "
            "supporters are no longer asked whether it may write to them."
        )
    else:
        subject = _("%(partner)s has ended the partnership")
        words = _(
            "%(partner)s has ended your part in “%(title)s”. You see nothing of the campaign any more; what you "
            "exported before stays with you, under the terms you signed."
        )
    return subject % names, words % names
