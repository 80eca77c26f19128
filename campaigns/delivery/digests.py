"""Digests of what changed of followed measures: one a person and period, never twice, none when nothing changed."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from campaigns.delivery import switch
from campaigns.delivery.hours import zone_or_utc
from campaigns.delivery.mails import FAULTS, was_refused, written
from contacts.clock import now
from contacts.models import Organization, Role, RoleName, User
from policy.models import Digest, DigestState, DigestWish, Follow, Rhythm
from policy.news import News, news_for, wish_token

# On the organisation's clock; a week's digest comes on its Monday, or as soon after as the site runs.
HOUR = 7
READERS = [RoleName.OWNER, RoleName.ORGANIZER, RoleName.STAFF]
LEASE = timedelta(minutes=5)
# What is written down now is visible when its transaction ends: the newest minutes wait for the next digest.
LAG = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=5)
MAX_ATTEMPTS = 8  # 5 min · (2⁸ - 1) ≈ 21 h


def run() -> int:
    """Owe what is due and send it; gives how many were handed over."""
    plan()
    return send_due()


def plan() -> None:
    """Owe each follower the digest of the period that began, if they have not had it."""
    at = now()
    readers = Follow.objects.filter(user__is_active=True).values("user", "measure__organization")
    begun = {
        (row["user"], row["measure__organization"]): row["first"]
        for row in readers.annotate(first=Min("created_at")).order_by()
    }
    wishes = {(w.user_id, w.organization_id): w.rhythm for w in DigestWish.objects.all()}
    organizations = Organization.objects.in_bulk({organization for _user, organization in begun})
    users = User.objects.in_bulk({user for user, _organization in begun})
    periods = {
        (user, organization): period_of(
            wishes.get((user, organization), Rhythm.WEEKLY), organizations[organization], at
        )
        for user, organization in begun
    }
    had = set(
        Digest.objects.filter(period__in={p for p in periods.values() if p}).values_list(
            "user_id", "organization_id", "period"
        )
    )
    for (user, organization), period in periods.items():
        if period and (user, organization, period) not in had:
            _owe(users[user], organizations[organization], period, begun[user, organization], at)


def period_of(rhythm: str, organization: Organization, at: datetime) -> str:
    """The day or the week whose digest is due; empty for those who want none, and before the hour."""
    # Seven hours back: until seven on Monday it is last week's.
    local = at.astimezone(zone_or_utc(organization.time_zone)) - timedelta(hours=HOUR)
    if rhythm == Rhythm.DAILY:
        return local.date().isoformat()
    if rhythm == Rhythm.WEEKLY:
        year, week, _day = local.isocalendar()
        return f"{year}-W{week:02}"
    return ""


def _owe(user: User, organization: Organization, period: str, begun: datetime, at: datetime) -> None:
    if not _may_read(user, organization):
        return
    last = Digest.objects.filter(user=user, organization=organization, state__in=Digest.COVERED)
    since = last.order_by("-until").values_list("until", flat=True).first() or begun
    until = max(at - LAG, since)
    has_news = bool(news_for(user, organization, since, until))
    try:
        with transaction.atomic():
            # One that still waits (sending was stopped) covers the same time from its start: this one takes its place.
            waiting = Digest.objects.filter(user=user, organization=organization, state=DigestState.QUEUED)
            waiting.update(state=DigestState.DROPPED)
            Digest.objects.create(
                user=user,
                organization=organization,
                period=period,
                since=since,
                until=until,
                state=DigestState.QUEUED if has_news else DigestState.EMPTY,
                not_before=at,
            )
    except IntegrityError:
        return  # another worker was faster: digest_once_per_period


def _may_read(user: User, organization: Organization) -> bool:
    return (
        user.is_active
        and Role.objects.filter(user=user, organization=organization, name__in=READERS).exists()
    )


def send_due(limit: int = 200) -> int:
    """Send what waits over one connection; gives how many were handed over."""
    at = now()
    # Whoever claimed these died with them: they may have left.
    Digest.objects.filter(state=DigestState.SENDING, lease_until__lte=at).update(
        state=DigestState.UNCERTAIN, lease_until=None
    )
    due = Digest.objects.filter(state=DigestState.QUEUED, not_before__lte=at).order_by("not_before", "pk")
    ids = list(due.values_list("pk", flat=True)[:limit])
    if not ids:
        return 0
    handed_over = 0
    connection: BaseEmailBackend = get_connection()
    try:
        for digest_id in ids:
            if switch.is_stopped():
                break
            handed_over += _send(digest_id, connection)
    finally:
        connection.close()
    return handed_over


def _send(digest_id: UUID, connection: BaseEmailBackend) -> bool:
    at = now()
    free = Digest.objects.filter(pk=digest_id, state=DigestState.QUEUED)
    if not free.update(state=DigestState.SENDING, lease_until=at + LEASE):
        return False  # another worker has it
    digest = Digest.objects.select_related("user", "organization").get(pk=digest_id)
    news = news_for(digest.user, digest.organization, digest.since, digest.until)
    wish = DigestWish.objects.filter(user=digest.user, organization=digest.organization).first()
    is_off = wish is not None and wish.rhythm == Rhythm.OFF
    if not news or is_off or not _may_read(digest.user, digest.organization):
        _record(digest, DigestState.DROPPED)
        return False
    mail = message(digest, connection)
    try:
        connection.open()
    except FAULTS as fault:
        _try_later(digest, at, type(fault).__name__)
        return False
    try:
        mail.send()
    except FAULTS as fault:
        if was_refused(fault):
            _try_later(digest, at, type(fault).__name__)
        else:  # the line broke: it may have arrived, and is not sent again
            _record(digest, DigestState.UNCERTAIN, last_reply=type(fault).__name__)
        connection.close()
        return False
    _record(digest, DigestState.SENT, sent_at=now())
    return True


def message(digest: Digest, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The mail as it leaves: text and HTML with the same words, in the reader's language."""
    user, organization = digest.user, digest.organization
    site = settings.SITE_URL.rstrip("/")
    wish_url = site + reverse("campaigns:digest-wish", args=[wish_token(user, organization)])
    language = user.reads(organization)
    with override(language), timezone.override(zone_or_utc(organization.time_zone)):
        news = news_for(user, organization, digest.since, digest.until)
        context = {
            "language": language,
            "user": user,
            "organization": organization,
            "news": [(item, _page(site, organization, item)) for item in news],
            "first": news[0].measure if news else None,
            "wish_url": wish_url,
            "site_url": site,
        }
        # RFC 8058: mail programs offer to stop it with one click.
        stop = {
            "List-Unsubscribe": f"<{wish_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        return written("digest", organization, user.email, context, digest.pk.hex, connection, stop)


def _page(site: str, organization: Organization, item: News) -> str:
    return site + reverse("campaigns:measure", args=[organization.slug, item.measure.pk])


def _record(digest: Digest, state: str, **changes: object) -> None:
    Digest.objects.filter(pk=digest.pk).update(state=state, lease_until=None, **changes)


def _try_later(digest: Digest, at: datetime, fault: str) -> None:
    attempts = digest.attempts + 1
    state = DigestState.FAILED if attempts >= MAX_ATTEMPTS else DigestState.QUEUED
    later = at + FIRST_WAIT * 2 ** (attempts - 1)
    _record(digest, state, attempts=attempts, not_before=later, last_reply=fault)
