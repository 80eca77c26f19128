"""Mails we owe people, on their way: claimed one by one, written when they leave.

What can't be handed over is tried again for a day.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet

from campaigns.delivery import endorsement_mails, event_mails, partner_mails, switch
from campaigns.delivery.mail_about import job_in, news_in, outcome_in, questions_in, unopened_in, withdrawn_in
from campaigns.delivery.mail_texts import message
from campaigns.delivery.mails import FAULTS, was_refused
from campaigns.delivery.owed import may_be_asked, stands_by
from campaigns.models import (
    BULK,
    Breaker,
    ChannelName,
    Letter,
    LetterState,
    MailKind,
    MailState,
    OutboxMail,
    Pledge,
    PledgeState,
    Story,
    StoryState,
)
from campaigns.stories.vault import Unreadable
from campaigns.willing import agreed_at, is_stopped
from contacts.clock import now
from contacts.models import Suppression

# News that leaves between two looks at what somebody waits for.
NEWS_AT_A_TIME = 50
LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=2)
MAX_ATTEMPTS = 9  # 2 min · (2⁹ - 1) ≈ 17 h


def send_due(limit: int = 200) -> int:
    """Send what is due over one connection; gives how many mails were handed over.

    A worker that dies between the hand-over and the record sends that mail again: a doubled confirmation
    mail does no harm, a lost one does. Thanks are the other way round: that mail is uncertain, and nobody is thanked
    twice.
    """
    at = now()
    given_up = OutboxMail.objects.filter(
        kind=MailKind.THANKS, state=MailState.SENDING, not_before__lte=at, lease_until__lte=at
    )
    given_up.update(state=MailState.UNCERTAIN, lease_until=None, last_reply="its worker died")
    due = OutboxMail.objects.filter(state=MailState.QUEUED, not_before__lte=at) | OutboxMail.objects.filter(
        state=MailState.SENDING, lease_until__lte=at
    )
    ids = list(_first(due.exclude(kind__in=BULK), limit))
    ids += list(_first(due.filter(kind__in=BULK), min(NEWS_AT_A_TIME, limit - len(ids))))
    if not ids:
        return 0
    handed_over = 0
    connection: BaseEmailBackend = get_connection()
    try:
        for mail_id in ids:
            if switch.is_stopped():
                break
            handed_over += _send(mail_id, connection)
    finally:
        connection.close()
    return handed_over


def _first(due: QuerySet[OutboxMail], limit: int) -> QuerySet[OutboxMail, UUID]:
    return due.order_by("not_before").values_list("pk", flat=True)[:limit]


def _send(mail_id: UUID, connection: BaseEmailBackend) -> bool:
    at = now()
    again = OutboxMail.objects.filter(pk=mail_id, state=MailState.SENDING, lease_until__lte=at)
    free = OutboxMail.objects.filter(pk=mail_id, state=MailState.QUEUED) | again.exclude(kind=MailKind.THANKS)
    if not free.update(state=MailState.SENDING, lease_until=at + LEASE):
        return False  # another worker has it
    mail = OutboxMail.objects.select_related(
        "organization",
        "user",
        "pledge__campaign__organization",
        "pledge__campaign__measure",
        "pledge__supporter",
        "story__organization",
        "story__campaign",
        "story__key",
        "registration__event__organization",
        "endorsement__campaign__organization",
        "invitation__campaign__organization",
        "invitation__campaign__measure",
        "invitation__invited_by",
    ).get(pk=mail_id)
    if not _still_wanted(mail):
        _record(mail, MailState.DROPPED)
        return False
    is_open = False
    try:
        connection.open()
        is_open = True
        message(mail, connection).send()
    except (*FAULTS, Unreadable) as fault:  # without its key a story's address is not known
        if is_open and mail.kind == MailKind.THANKS and not was_refused(fault):
            _record(mail, MailState.UNCERTAIN, last_reply=type(fault).__name__)
        else:
            _try_later(mail, at, type(fault).__name__)
        connection.close()
        return False
    _record(mail, MailState.SENT, sent_at=now())
    return True


def _still_wanted(mail: OutboxMail) -> bool:
    if mail.kind == MailKind.JOB:
        return job_in(mail) is not None
    if mail.story is not None:
        return _story_still_wanted(mail, mail.story)
    if mail.kind == MailKind.NOT_OPENED:
        return unopened_in(mail) is not None
    if mail.kind in partner_mails.NEWS:
        return partner_mails.partnership_in(mail) is not None
    if mail.user_id is not None:
        return Breaker.objects.domains_for(mail.organization).exists()
    if Suppression.objects.filter(address_hash=mail.address_hash, organization__isnull=True).exists():
        return False
    if mail.registration is not None:
        return event_mails.is_wanted(mail, mail.registration)
    if mail.endorsement is not None:
        return endorsement_mails.is_wanted(mail, mail.endorsement)
    if mail.invitation is not None:
        return partner_mails.is_wanted(mail, mail.invitation)
    if mail.pledge is None:
        raise TypeError("a mail to nobody")  # outbox_to_one_person
    if mail.pledge.erased_at is not None:
        return bool(mail.address)
    if mail.kind in {MailKind.CONFIRM, MailKind.REMINDER}:
        return mail.pledge.state == PledgeState.PENDING
    if mail.kind == MailKind.LETTER_BY_HAND:
        return Letter.objects.filter(
            pk=mail.about, state=LetterState.QUEUED, channel=ChannelName.LINK
        ).exists()
    if mail.kind == MailKind.WITHDRAWN and mail.about:
        # Or sent after all meanwhile, or told of with the whole pledge.
        return stands_by(mail.pledge) and bool(withdrawn_in(mail))
    if mail.kind == MailKind.OFFICE_STOPPED:
        # Somebody may have lifted the stop meanwhile, and the letter goes.
        return Letter.objects.filter(pk=mail.about, state=LetterState.HELD).exists()
    if mail.kind in {MailKind.UPDATE, MailKind.THANKS}:
        told = news_in(mail) or outcome_in(mail)
        return told is not None and stands_by(mail.pledge) and _wants_news(mail.pledge, mail.address_hash)
    if mail.kind == MailKind.REPLY:
        return stands_by(mail.pledge)
    if mail.kind in {MailKind.QUESTION, MailKind.QUESTION_AGAIN}:
        # Or answered meanwhile, on the supporter's page or by the office.
        wanted = stands_by(mail.pledge) and may_be_asked(mail.pledge)
        return wanted and bool(questions_in(mail, ""))
    return True


def _story_still_wanted(mail: OutboxMail, story: Story) -> bool:
    if Suppression.objects.filter(address_hash=mail.address_hash, organization__isnull=True).exists():
        return False
    if mail.kind == MailKind.STORY_CONFIRM:
        return story.state == StoryState.PENDING
    if mail.kind == MailKind.STORY_APPROVED:
        return story.state == StoryState.APPROVED
    if mail.kind == MailKind.STORY_CHANGES:
        return story.state == StoryState.CHANGES
    return bool(mail.address) or not story.is_gone()


def _wants_news(pledge: Pledge, hashed: str) -> bool:
    """Whether its owner still does, who may have said otherwise since the mail was owed."""
    agreed = agreed_at(Pledge.objects.filter(pk=pledge.pk))
    return agreed is not None and not is_stopped(pledge.campaign.organization, hashed, agreed)


def _record(mail: OutboxMail, state: str, **changes: object) -> None:
    if state not in {MailState.QUEUED, MailState.SENDING}:
        changes["address"] = ""
    OutboxMail.objects.filter(pk=mail.pk).update(state=state, lease_until=None, **changes)


@transaction.atomic
def _try_later(mail: OutboxMail, at: datetime, fault: str) -> None:
    attempts = mail.attempts + 1
    state = MailState.FAILED if attempts >= MAX_ATTEMPTS else MailState.QUEUED
    _record(
        mail, state, attempts=attempts, not_before=at + FIRST_WAIT * 2 ** (attempts - 1), last_reply=fault
    )
