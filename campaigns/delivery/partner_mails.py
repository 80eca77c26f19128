"""Mails about partnerships: an invitation to an address, and what owners of both sides are told."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.delivery.partner_ends import OVER
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
    """The partnership a mail tells of, for somebody who still works on the side it is for, while it is so."""
    named, _dot, which = mail.about.partition(".")
    found = (
        Partnership.objects.select_related("campaign__organization", "organization").filter(pk=named).first()
    )
    if found is None or not _is_still_so(found, which):
        return None
    user = mail.user
    is_here = (
        user is not None and user.is_active and user.roles.filter(organization=mail.organization).exists()
    )
    return found if is_here else None


def _is_still_so(partnership: Partnership, which: str) -> bool:
    """Whether a mail of an end that comes, or came, still says what is so; of leaving before it another mail tells."""
    is_over = not partnership.is_in_force(now())
    return not which or (partnership.left_at is None and is_over == (which == OVER))


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
    language = user.reads(mail.organization)
    with override(language):
        if which := mail.about.partition(".")[2]:
            subject, words = _of_the_end(partnership, is_lead=is_lead, is_over=which == OVER)
        else:
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


def _of_the_end(partnership: Partnership, *, is_lead: bool, is_over: bool) -> tuple[str, str]:
    """Subject and text of a mail about a part that runs out, or has, in the language that is set."""
    names = {
        "partner": partnership.organization.name,
        "lead": partnership.campaign.organization.name,
        "title": partnership.campaign.title,
        "day": date_format(partnership.until, "DATE_FORMAT") if partnership.until else "",
    }
    if is_lead and is_over:
        subject = _("The part of %(partner)s in your campaign is over")
        words = _(
            "%(partner)s had a part in “%(title)s” until the end of %(day)s. It sees nothing of the campaign any "
            "more, and supporters are no longer asked whether it may write to them."
        )
        onward = _("To go on together, invite it again.")
    elif is_lead:
        subject = _("The part of %(partner)s ends on %(day)s")
        words = _(
            "%(partner)s has a part in “%(title)s” until the end of %(day)s. After that it sees nothing of the "
            "campaign, and supporters are no longer asked whether it may write to them."
        )
        onward = _("To go on together, invite it again: it can sign new terms as soon as this part is over.")
    elif is_over:
        subject = _("Your part in “%(title)s” is over")
        words = _(
            "you had a part in “%(title)s” until the end of %(day)s. You see nothing of the campaign any more; what "
            "you exported before stays with you, under the terms you signed."
        )
        onward = _("To go on, ask %(lead)s for a new invitation.")
    else:
        subject = _("Your part in “%(title)s” ends on %(day)s")
        words = _(
            "you have a part in “%(title)s” until the end of %(day)s, on the clock of %(lead)s. After that you see "
            "nothing of the campaign: export before then what the terms let you keep."
        )
        onward = _("To go on, ask %(lead)s for a new invitation.")
    if not partnership.campaign.is_over:  # nobody can be invited to what is over
        words += "\n\n" + onward
    return subject % names, words % names
