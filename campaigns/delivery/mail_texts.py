"""What our mails to people say, kind by kind: as things are when they leave, not when they were owed."""

import re
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from campaigns.acted import part_of
from campaigns.channels.sheet import Sheet
from campaigns.delivery.endorsement_mails import endorsement_context
from campaigns.delivery.event_texts import event_context
from campaigns.delivery.hours import zone_or_utc
from campaigns.delivery.mail_about import (
    job_in,
    news_in,
    outcome_in,
    questions_in,
    reply_in,
    unopened_in,
    withdrawn_in,
)
from campaigns.delivery.mails import written
from campaigns.delivery.openings import why_not
from campaigns.delivery.partner_mails import NEWS, invitation_context, news_context
from campaigns.links import confirm_token, manage_token, unsubscribe_token
from campaigns.models import (
    Breaker,
    Drive,
    DriveState,
    Endorsement,
    Letter,
    MailKind,
    OutboxMail,
    Outcome,
    PartnerInvitation,
    Pledge,
    Registration,
    Story,
)
from campaigns.partners_now import partner_called
from campaigns.sharing import outcome_url, page_url
from campaigns.stories.content import opened
from campaigns.stories.links import confirm_token as confirm_story
from campaigns.stories.links import manage_token as manage_story
from contacts.models import Purpose
from policy.markdown import to_html

# Mails that nobody needs, with what their link ends: a purpose, mails of what is named, or "all" for an address that
# never asked for any.
UNSUBSCRIBABLE: dict[str, str] = {
    MailKind.REMINDER: "all",
    MailKind.QUESTION: Purpose.ASK,
    MailKind.QUESTION_AGAIN: Purpose.ASK,
    MailKind.UPDATE: Purpose.CONTACT,
    MailKind.THANKS: Purpose.CONTACT,
    MailKind.EVENT_REPORT: "event",
    MailKind.PARTNER_INVITE: "invitation",
}

# They say by whose page somebody signed.
_SAY_BY_WHOM = {MailKind.CONFIRM, MailKind.REMINDER}

# What stands behind it in an address opens somebody's own page.
_TOKEN = re.compile(r"(/(?:p|u/\w+)/)[^/\s]+/")


def preview_thanks(outcome: Outcome, pledge: Pledge) -> dict[str, str]:
    """Subject and text of the mail that one person gets, published or not; without what opens their page."""
    mail = OutboxMail(
        organization=pledge.campaign.organization, pledge=pledge, kind=MailKind.THANKS, about=str(outcome.pk)
    )
    written = message(mail, outcome=outcome)
    return {"subject": str(written.subject), "text": _TOKEN.sub(r"\1…/", str(written.body))}


def message(
    mail: OutboxMail, connection: BaseEmailBackend | None = None, *, outcome: Outcome | None = None
) -> EmailMultiAlternatives:
    """The mail as it leaves: text and HTML with the same words, in the language of whom it is for.

    `outcome` is what a preview tells of before it is published.
    """
    if mail.kind == MailKind.JOB:
        return _job_news(mail, connection)
    if mail.story is not None:
        return _story(mail, mail.story, connection)
    if mail.kind == MailKind.NOT_OPENED:
        return _not_opened(mail, connection)
    if mail.registration is not None:
        return _about_event(mail, mail.registration, connection)
    if mail.endorsement is not None:
        return _about_endorsement(mail, mail.endorsement, connection)
    if mail.invitation is not None:
        way_out = _way_out(mail.kind, mail.invitation)
        context = {"mail": mail, **invitation_context(mail.invitation), "unsubscribe_url": way_out}
        return _written(mail, mail.invitation.email, context, connection, _headers(way_out))
    if mail.kind in NEWS and mail.user is not None:
        context = {"mail": mail, **news_context(mail, mail.user)}
        return _written(mail, mail.user.email, context, connection, template="partner_news")
    if mail.pledge is None:
        return _alarm(mail, connection)
    pledge = mail.pledge
    organization = pledge.campaign.organization
    site = settings.SITE_URL.rstrip("/")
    letters = Letter.objects.select_related("post", "contact_point", "legislator")
    letter = letters.filter(pk=mail.about).first() if mail.about else None
    update = news_in(mail)
    if update is not None:
        update.campaign = pledge.campaign
    languages = [pledge.language]
    outcome = outcome or outcome_in(mail)
    changed = ""
    if outcome is not None:
        # What a preview tells of is in no translation before it is published.
        changed = pledge.campaign.words_in([pledge.language]).outcome_text or outcome.changed
    way_out = _way_out(mail.kind, pledge)
    is_by_hand = letter is not None and mail.kind == MailKind.LETTER_BY_HAND
    context = {
        "mail": mail,
        "language": pledge.language,
        "is_test": pledge.is_test,
        "pledge": pledge,
        "campaign": pledge.campaign,
        "organization": organization,
        "partner": partner_called(pledge.campaign, pledge.source) if mail.kind in _SAY_BY_WHOM else None,
        "letter": letter,
        "sheet": Sheet.from_bytes(bytes(letter.raw)) if is_by_hand and letter and letter.raw else None,
        "hand_url": f"{site}/p/{manage_token(pledge)}/letters/{mail.about}/by-hand/" if is_by_hand else "",
        "reply": reply_in(mail),
        "taken_back": withdrawn_in(mail),
        "update": update,
        "update_html": to_html(update.words_in(languages).text) if update else "",
        "outcome": outcome,
        "outcome_text": changed,
        "outcome_html": to_html(changed),
        "outcome_url": outcome_url(outcome) if outcome else "",
        "part": part_of(pledge) if outcome else None,
        "campaign_url": page_url(pledge.campaign, language=pledge.campaign.words_in(languages).language),
        "questions": questions_in(mail, f"{site}/p/{manage_token(pledge)}"),
        "site_url": site,
        "confirm_url": f"{site}/p/{confirm_token(pledge)}/confirm/",
        "manage_url": f"{site}/p/{manage_token(pledge)}/",
        "stop_url": f"{site}/p/{manage_token(pledge)}/stop/",
        "unsubscribe_url": way_out,
    }
    return _written(mail, mail.address or pledge.email, context, connection, _headers(way_out))


def _way_out(kind: str, row: Pledge | Registration | PartnerInvitation) -> str:
    """The address that ends mails of a kind; empty for those that people need."""
    purpose = UNSUBSCRIBABLE.get(kind)
    site = settings.SITE_URL.rstrip("/")
    return f"{site}/u/{purpose}/{unsubscribe_token(row, purpose)}/" if purpose else ""


def _headers(way_out: str) -> dict[str, str]:
    """What lets a mail program end them with one press (RFC 8058)."""
    if not way_out:
        return {}
    return {"List-Unsubscribe": f"<{way_out}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _about_event(
    mail: OutboxMail, registration: Registration, connection: BaseEmailBackend | None
) -> EmailMultiAlternatives:
    """A mail to somebody who comes to an event; its times are on the event's own clock."""
    event = registration.event
    way_out = _way_out(mail.kind, registration)
    with override(registration.language), timezone.override(event.zone):
        context = {"mail": mail, **event_context(mail.kind, registration), "unsubscribe_url": way_out}
        identity = f"{mail.pk.hex}.{mail.attempts}"
        return written(
            "event", event.organization, registration.email, context, identity, connection, _headers(way_out)
        )


def _about_endorsement(
    mail: OutboxMail, endorsement: Endorsement, connection: BaseEmailBackend | None
) -> EmailMultiAlternatives:
    with override(endorsement.language):
        context = {"mail": mail, **endorsement_context(mail.kind, endorsement)}
    return _written(mail, endorsement.contact_email, context, connection, template="endorsement")


def _job_news(mail: OutboxMail, connection: BaseEmailBackend | None) -> EmailMultiAlternatives:
    job = job_in(mail)
    if mail.user is None or job is None:
        raise TypeError("a mail to nobody")  # outbox_to_one_person, and _still_wanted
    path = reverse("campaigns:job", args=[mail.organization.slug, job.pk])
    context = {
        "mail": mail,
        "language": mail.user.reads(mail.organization),
        "user": mail.user,
        "organization": mail.organization,
        "job": job,
        "job_url": settings.SITE_URL.rstrip("/") + path,
    }
    return _written(mail, mail.user.email, context, connection)


def _not_opened(mail: OutboxMail, connection: BaseEmailBackend | None) -> EmailMultiAlternatives:
    campaign = unopened_in(mail)
    if mail.user is None or campaign is None:
        raise TypeError("a mail to nobody")  # outbox_to_one_person, and _still_wanted
    path = reverse("campaigns:campaign-review", args=[mail.organization.slug, campaign.pk])
    language = mail.user.reads(mail.organization)
    with override(language):
        reasons = why_not(campaign)
    context = {
        "mail": mail,
        "language": language,
        "user": mail.user,
        "organization": mail.organization,
        "campaign": campaign,
        "reasons": reasons,
        "review_url": settings.SITE_URL.rstrip("/") + path,
    }
    return _written(mail, mail.user.email, context, connection)


def _alarm(mail: OutboxMail, connection: BaseEmailBackend | None) -> EmailMultiAlternatives:
    """What stopped, for somebody who can do something about it: as it is now, not when the mail was owed."""
    if mail.user is None:
        raise TypeError("a mail to nobody")  # outbox_to_one_person
    organization = mail.organization
    path = reverse("campaigns:sending", args=[organization.slug])
    context = {
        "mail": mail,
        "language": mail.user.reads(mail.organization),
        "user": mail.user,
        "organization": organization,
        "domains": list(Breaker.objects.domains_for(organization)),
        "drives": list(
            Drive.objects.filter(
                campaign__organization=organization,
                state=DriveState.PAUSED,
                paused_by__opened_at__isnull=False,
            ).order_by("name")
        ),
        "sending_url": settings.SITE_URL.rstrip("/") + path,
    }
    return _written(mail, mail.user.email, context, connection)


def _story(mail: OutboxMail, story: Story, connection: BaseEmailBackend | None) -> EmailMultiAlternatives:
    """A mail to the writer of a story; nothing of the story stands in it but what a reviewer wrote to them."""
    site = settings.SITE_URL.rstrip("/")
    words = None if mail.address else opened(story)
    page = f"{site}/story/{manage_story(story)}/"
    context = {
        "mail": mail,
        "language": story.language,
        "organization": mail.organization,
        "story": story,
        "answer": words.answer if words else "",
        "blacked": len(words.blacked) if words else 0,
        "confirm_url": f"{site}/story/{confirm_story(story)}/confirm/",
        "story_url": page,
        "take_back_url": f"{page}take-back/",
        "help_url": site + reverse("campaigns:help", args=[mail.organization.slug]),
        "stop_url": "" if mail.address else f"{page}stop/",
    }
    return _written(mail, words.email if words else mail.address, context, connection, template="story")


def _written(
    mail: OutboxMail,
    to: str,
    context: Mapping[str, object],
    connection: BaseEmailBackend | None,
    headers: Mapping[str, str] | None = None,
    template: str = "",
) -> EmailMultiAlternatives:
    organization = mail.organization
    with override(str(context["language"])), timezone.override(zone_or_utc(organization.time_zone)):
        identity = f"{mail.pk.hex}.{mail.attempts}"
        return written(template or mail.kind, organization, to, context, identity, connection, headers)
