"""Mails we owe supporters, and alarms to those who work here: claimed one by one, rendered when they leave.

What can't be handed over is tried again for a day.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from campaigns.channels.sheet import Sheet
from campaigns.delivery import switch
from campaigns.delivery.hours import zone_or_utc
from campaigns.delivery.mails import FAULTS, written
from campaigns.links import confirm_token, manage_token, unsubscribe_token
from campaigns.models import (
    Breaker,
    CampaignUpdate,
    ChannelName,
    Drive,
    DriveState,
    Heard,
    InboundMail,
    Letter,
    LetterState,
    MailKind,
    MailState,
    OfficeQuestion,
    OutboxMail,
    Pledge,
    PledgeState,
)
from contacts.addresses import address_hash, canonical_email
from contacts.clock import now
from contacts.models import Consent, Job, Organization, Purpose, RoleName, Suppression, User
from policy.markdown import to_html

# Mails to one address over all campaigns of the installation (RELIABILITY, threat 6).
CAPS: list[tuple[timedelta, int]] = [
    (timedelta(minutes=10), 1),
    (timedelta(days=1), 3),
    (timedelta(days=7), 8),
]
# News of a letter and of a withdrawal is owed to a known supporter, once each: it can't be used to flood a stranger.
UNCAPPED = {
    MailKind.LETTER_FAILED,
    MailKind.LETTER_BY_HAND,
    MailKind.SEAT_CHANGED,
    MailKind.OFFICE_STOPPED,
    MailKind.WITHDRAWN,
    MailKind.REPLY,
    MailKind.QUESTION,
    MailKind.QUESTION_AGAIN,
    MailKind.ALARM,
    MailKind.DETAILS,
    MailKind.CHOICES,
    MailKind.EXPORTED,
    MailKind.ERASED,
    MailKind.UPDATE,
    MailKind.JOB,
}
# Mails that nobody needs, with what ends them: a purpose, or "all" for an address that never asked for any.
UNSUBSCRIBABLE: dict[str, str] = {
    MailKind.REMINDER: "all",
    MailKind.QUESTION: Purpose.ASK,
    MailKind.QUESTION_AGAIN: Purpose.ASK,
    MailKind.UPDATE: Purpose.CONTACT,
}
# A receipt of something that can be done again and again is owed so often a day.
MOST_RECEIPTS = 3
# News that leaves between two looks at what somebody waits for.
NEWS_AT_A_TIME = 50
# What only somebody who stands by their pledge gets.
FOR_CONFIRMED = {MailKind.REPLY, MailKind.QUESTION, MailKind.QUESTION_AGAIN}
LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=2)
MAX_ATTEMPTS = 9  # 2 min · (2⁹ - 1) ≈ 17 h


def may_mail(hashed: str, at: datetime) -> bool:
    """Whether one more mail may go to an address (given by its keyed hash) now."""
    if Suppression.objects.filter(address_hash=hashed, organization__isnull=True).exists():
        return False
    sent = OutboxMail.objects.filter(address_hash=hashed).exclude(kind__in=UNCAPPED)
    return all(sent.filter(created_at__gt=at - span).count() < most for span, most in CAPS)


def send_due(limit: int = 200) -> int:
    """Send what is due over one connection; gives how many mails were handed over.

    A worker that dies between the hand-over and the record sends that mail again: a doubled confirmation
    mail does no harm, a lost one does.
    """
    at = now()
    due = OutboxMail.objects.filter(state=MailState.QUEUED, not_before__lte=at) | OutboxMail.objects.filter(
        state=MailState.SENDING, lease_until__lte=at
    )
    ids = list(_first(due.exclude(kind=MailKind.UPDATE), limit))
    ids += list(_first(due.filter(kind=MailKind.UPDATE), min(NEWS_AT_A_TIME, limit - len(ids))))
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
    free = OutboxMail.objects.filter(pk=mail_id, state=MailState.QUEUED) | OutboxMail.objects.filter(
        pk=mail_id, state=MailState.SENDING, lease_until__lte=at
    )
    if not free.update(state=MailState.SENDING, lease_until=at + LEASE):
        return False  # another worker has it
    mail = OutboxMail.objects.select_related(
        "organization",
        "user",
        "pledge__campaign__organization",
        "pledge__campaign__measure",
        "pledge__supporter",
    ).get(pk=mail_id)
    if not _still_wanted(mail):
        _record(mail, MailState.DROPPED)
        return False
    try:
        connection.open()
        message(mail, connection).send()
    except FAULTS as fault:
        _try_later(mail, at, type(fault).__name__)
        connection.close()
        return False
    _record(mail, MailState.SENT, sent_at=now())
    return True


def _still_wanted(mail: OutboxMail) -> bool:
    if mail.kind == MailKind.JOB:
        return _job_of(mail) is not None
    if mail.pledge is None:
        return Breaker.objects.domains_for(mail.organization).exists()
    if Suppression.objects.filter(address_hash=mail.address_hash, organization__isnull=True).exists():
        return False
    if mail.pledge.erased_at is not None:
        return bool(mail.address)
    if mail.kind in {MailKind.CONFIRM, MailKind.REMINDER}:
        return mail.pledge.state == PledgeState.PENDING
    if mail.kind == MailKind.LETTER_BY_HAND:
        return Letter.objects.filter(
            pk=mail.about, state=LetterState.QUEUED, channel=ChannelName.LINK
        ).exists()
    if mail.kind == MailKind.OFFICE_STOPPED:
        # Somebody may have lifted the stop meanwhile, and the letter goes.
        return Letter.objects.filter(pk=mail.about, state=LetterState.HELD).exists()
    if mail.kind == MailKind.UPDATE:
        return _stands_by(mail.pledge) and _wants_news(mail.pledge) and _update(mail) is not None
    if mail.kind in FOR_CONFIRMED and not _stands_by(mail.pledge):
        return False
    if not _may_be_asked(mail.pledge) and mail.kind in {MailKind.QUESTION, MailKind.QUESTION_AGAIN}:
        return False
    if mail.kind in {MailKind.QUESTION, MailKind.QUESTION_AGAIN}:
        # Answered meanwhile, on the supporter's page or by the office.
        return bool(_questions(mail, ""))
    return True


def _stands_by(pledge: Pledge) -> bool:
    """Whether somebody neither took their pledge back nor had their data erased."""
    supporter = pledge.supporter
    return pledge.state == PledgeState.CONFIRMED and supporter is not None and supporter.erased_at is None


def _wants_news(pledge: Pledge) -> bool:
    supporter = pledge.supporter
    return supporter is not None and Consent.objects.in_force(supporter, Purpose.CONTACT)


def _update(mail: OutboxMail) -> CampaignUpdate | None:
    """The news a mail carries, as it is now."""
    if mail.kind != MailKind.UPDATE:
        return None
    return CampaignUpdate.objects.filter(pk=mail.about, published_at__isnull=False).first()


def _may_be_asked(pledge: Pledge) -> bool:
    """Whether somebody did not say that they want no questions about their letters."""
    supporter = pledge.supporter
    return supporter is None or Consent.objects.last_word(supporter, Purpose.ASK) is not False


def message(mail: OutboxMail, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The mail as it leaves: text and HTML with the same words, in the language of whom it is for."""
    if mail.kind == MailKind.JOB:
        return _job_news(mail, connection)
    if mail.pledge is None:
        return _alarm(mail, connection)
    pledge = mail.pledge
    organization = pledge.campaign.organization
    site = settings.SITE_URL.rstrip("/")
    letters = Letter.objects.select_related("post", "contact_point")
    letter = letters.filter(pk=mail.about).first() if mail.about else None
    update = _update(mail)
    purpose = UNSUBSCRIBABLE.get(mail.kind, "")
    unsubscribe = f"{site}/u/{purpose}/{unsubscribe_token(pledge, purpose)}/" if purpose else ""
    is_by_hand = letter is not None and mail.kind == MailKind.LETTER_BY_HAND
    context = {
        "mail": mail,
        "language": pledge.language,
        "pledge": pledge,
        "campaign": pledge.campaign,
        "organization": organization,
        "letter": letter,
        "sheet": Sheet.from_bytes(bytes(letter.raw)) if is_by_hand and letter and letter.raw else None,
        "hand_url": f"{site}/p/{manage_token(pledge)}/letters/{mail.about}/by-hand/" if is_by_hand else "",
        "reply": _reply(mail),
        "update": update,
        "update_html": to_html(update.text) if update else "",
        "campaign_url": site + reverse("campaigns:campaign", args=[organization.slug, pledge.campaign.slug]),
        "questions": _questions(mail, f"{site}/p/{manage_token(pledge)}"),
        "site_url": site,
        "confirm_url": f"{site}/p/{confirm_token(pledge)}/confirm/",
        "manage_url": f"{site}/p/{manage_token(pledge)}/",
        "stop_url": f"{site}/p/{manage_token(pledge)}/stop/",
        "unsubscribe_url": unsubscribe,
    }
    headers = (
        {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        if unsubscribe
        else {}
    )
    return _written(mail, mail.address or pledge.email, context, connection, headers)


def _job_of(mail: OutboxMail) -> Job | None:
    """The job a mail tells the end of, for somebody who still works here and has not seen it."""
    return Job.objects.filter(
        pk=mail.about.partition(".")[0],
        organization=mail.organization,
        seen_at__isnull=True,
        requested_by__is_active=True,
        organization__roles__user=mail.user,
    ).first()


def _job_news(mail: OutboxMail, connection: BaseEmailBackend | None) -> EmailMultiAlternatives:
    job = _job_of(mail)
    if mail.user is None or job is None:
        raise TypeError("a mail to nobody")  # outbox_to_one_person, and _still_wanted
    path = reverse("campaigns:job", args=[mail.organization.slug, job.pk])
    context = {
        "mail": mail,
        "language": mail.user.language or settings.LANGUAGE_CODE,
        "user": mail.user,
        "organization": mail.organization,
        "job": job,
        "job_url": settings.SITE_URL.rstrip("/") + path,
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
        "language": mail.user.language or settings.LANGUAGE_CODE,
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


def _written(
    mail: OutboxMail,
    to: str,
    context: Mapping[str, object],
    connection: BaseEmailBackend | None,
    headers: Mapping[str, str] | None = None,
) -> EmailMultiAlternatives:
    organization = mail.organization
    with override(str(context["language"])), timezone.override(zone_or_utc(organization.time_zone)):
        identity = f"{mail.pk.hex}.{mail.attempts}"
        return written(mail.kind, organization, to, context, identity, connection, headers)


def _reply(mail: OutboxMail) -> InboundMail | None:
    """The answer that a mail passes on."""
    if mail.kind != MailKind.REPLY:
        return None
    return InboundMail.objects.select_related("letter__post").get(pk=mail.about)


def _questions(mail: OutboxMail, page: str) -> list[dict[str, object]]:
    """The questions a supporter has not answered, each with a link for every answer."""
    if mail.kind not in {MailKind.QUESTION, MailKind.QUESTION_AGAIN}:
        return []
    questions = OfficeQuestion.objects.filter(
        letter__pledge=mail.pledge, answer="", letter__replied_at__isnull=True
    )
    return [
        {
            "letter": question.letter,
            "url": f"{page}/answers/{question.letter_id}/",
            "links": [
                {"label": label, "url": f"{page}/answers/{question.letter_id}/?answer={value}"}
                for value, label in Heard.choices
            ],
        }
        for question in questions.select_related("letter__post").order_by("letter__post__label")
    ]


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


def owe(pledge: Pledge, kind: str, at: datetime) -> None:
    """Owe a supporter a mail; the caps on mail to one address are kept here, silently."""
    hashed = address_hash(pledge.canonical_email)
    if kind in UNCAPPED or may_mail(hashed, at):
        _add(pledge, kind, hashed, at)


def owe_news(letter: Letter, kind: str, at: datetime) -> None:
    """Owe a supporter news of one letter; asked twice, it is owed once. Test letters are no news."""
    pledge = letter.pledge
    if (
        not letter.is_test
        and not OutboxMail.objects.filter(pledge=pledge, kind=kind, about=str(letter.pk)).exists()
    ):
        _add(pledge, kind, address_hash(pledge.canonical_email), at, about=str(letter.pk))


def owe_reply(letter: Letter, reply_id: UUID, at: datetime) -> None:
    """Owe a supporter an office's answer, once; those who took their pledge back or were erased get nothing."""
    pledge = letter.pledge
    owed = OutboxMail.objects.filter(pledge=pledge, kind=MailKind.REPLY, about=str(reply_id))
    if not letter.is_test and _stands_by(pledge) and not owed.exists():
        _add(pledge, MailKind.REPLY, address_hash(pledge.canonical_email), at, about=str(reply_id))


def owe_question(pledge: Pledge, kind: str, about: str, at: datetime) -> None:
    """Owe a supporter the question whether offices answered; `about` is the drive, so it is owed once for each."""
    owed = OutboxMail.objects.filter(pledge=pledge, kind=kind, about=about)
    if _stands_by(pledge) and _may_be_asked(pledge) and not owed.exists():
        _add(pledge, kind, address_hash(pledge.canonical_email), at, about=about)


def owe_receipt(pledge: Pledge, kind: str, at: datetime) -> None:
    """Owe a supporter the word that something was done on their page: it may not have been them."""
    same = OutboxMail.objects.filter(pledge=pledge, kind=kind)
    waits = same.filter(state__in=[MailState.QUEUED, MailState.SENDING]).exists()
    if not waits and same.filter(created_at__gt=at - timedelta(days=1)).count() < MOST_RECEIPTS:
        _add(pledge, kind, address_hash(pledge.canonical_email), at)


def owe_update(update: CampaignUpdate, people: Iterable[tuple[Pledge, str]], at: datetime) -> None:
    """Owe news to people, each with the hash of their address; asked twice, it is owed once."""
    OutboxMail.objects.bulk_create(
        (
            OutboxMail(
                organization_id=update.campaign.organization_id,
                pledge_id=pledge.pk,
                kind=MailKind.UPDATE,
                about=str(update.pk),
                address_hash=hashed,
                not_before=at,
                created_at=at,
            )
            for pledge, hashed in people
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )


def owe_last_word(pledge: Pledge, address: str, hashed: str, at: datetime) -> None:
    """Owe somebody whose data was just erased the word of it; nothing else that was owed to them is sent."""
    _add(pledge, MailKind.ERASED, hashed, at, address=address)


def _add(pledge: Pledge, kind: str, hashed: str, at: datetime, about: str = "", address: str = "") -> None:
    OutboxMail.objects.create(
        organization_id=pledge.campaign.organization_id,
        pledge=pledge,
        kind=kind,
        about=about,
        address=address,
        address_hash=hashed,
        not_before=at,
        created_at=at,
    )


def owe_alarm(organization: Organization, at: datetime) -> None:
    """Owe owners and organizers the news that letters have stopped; for one moment it is owed once."""
    people = User.objects.filter(
        is_active=True,
        roles__organization=organization,
        roles__name__in=[RoleName.OWNER, RoleName.ORGANIZER],
    ).distinct()
    OutboxMail.objects.bulk_create(
        [
            OutboxMail(
                organization=organization,
                user=user,
                kind=MailKind.ALARM,
                about=at.isoformat(),
                address_hash=address_hash(canonical_email(user.email)),
                not_before=at,
                created_at=at,
            )
            for user in people
        ],
        ignore_conflicts=True,
    )


def owe_job_news(job: Job, at: datetime) -> None:
    """Owe whoever asked for a long job the news that it is over, or waits for them; once for each of the two."""
    user = job.requested_by
    if user is None or not user.is_active:
        return
    OutboxMail.objects.bulk_create(
        [
            OutboxMail(
                organization=job.organization,
                user=user,
                kind=MailKind.JOB,
                about=f"{job.pk.hex}.{job.state}",
                address_hash=address_hash(canonical_email(user.email)),
                not_before=at,
                created_at=at,
            )
        ],
        ignore_conflicts=True,
    )
