"""Ready letters whose moment has come → queued letters with fixed bytes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from campaigns.channels.base import Unfit
from campaigns.delivery import breaker, departures, domains
from campaigns.delivery.addressees import (
    NO_TEST_RECIPIENT,
    Addressee,
    Way,
    resolve,
    zone_of,
)
from campaigns.delivery.days_off import DaysOff
from campaigns.delivery.frozen import FROZEN, frozen_columns
from campaigns.delivery.hours import closed_on, is_zone
from campaigns.delivery.ledger import note_moves
from campaigns.delivery.owed import owe_news
from campaigns.delivery.planning import posts_of, window_of
from campaigns.delivery.routes import EMAIL
from campaigns.delivery.schedule import closes_at
from campaigns.delivery.setwise import update_each
from campaigns.models import ChannelName, Drive, DriveState, Letter, LetterState, LetterVersion, MailKind
from campaigns.models.moves import move_many
from contacts.clock import now
from contacts.models import Post

# How long a letter that can't go waits before we look again whether it can.
LOOK_AGAIN = timedelta(minutes=15)
# What freezing has no use for; of a thousand letters it takes a while to read.
UNUSED = (
    *("raw", "content_sha256", "similarity", "accepted_by", "accepted_reply"),
    *("lease_owner", "lease_until", "lease_token", "drive_epoch", "crash_count", "attempt_count"),
    *("sent_at", "replied_at", "scrubbed_at", "batch"),
    *("pledge__consents", "pledge__matched", "pledge__comment", "pledge__signer_hash"),
    *("pledge__signed_at", "pledge__expires_at", "pledge__confirmed_at"),
)


def queue_due(limit: int) -> int:
    """Freeze and queue letters whose moment has come; gives how many.

    A letter that can't go now (vacant seat, no contact point, outside the office's hours) stays where it
    is with the reason, and is looked at again. Letters are locked while they are read, so that what is frozen
    is the text their writers see last.
    """
    at = now()
    queued = 0
    # What goes by a paused channel or to a stopped domain is not queued up: all of it would leave at once later.
    paused = [shut.name for shut in breaker.open_channels()]
    stopped = list(domains.waiting_for_a_person())
    running = Drive.objects.filter(state=DriveState.RUNNING)
    for drive in running.select_related(
        "campaign__organization", "campaign__measure", "campaign__test_recipient"
    ):
        with transaction.atomic():
            due = (
                Letter.objects.due(at)
                .filter(drive=drive, deadline__gt=at)
                .exclude(channel__in=paused)
                .exclude(domain__in=stopped)
                .select_related("pledge")
                .defer(*UNUSED)
                .select_for_update(of=("self",), skip_locked=True, no_key=True)
                .order_by("send_after", "pk")[:limit]
            )
            if letters := list(due):
                queued += _queue(letters, drive, now())
    return queued


def _share(letters: list[Letter], drive: Drive, posts: list[Post]) -> None:
    """Give locked letters the rest of what their text is made from (PARTS): many share it, so it is read once.

    Versions as they are now that the letters are locked: a correction changes both, and half of it is none.
    """
    versions = LetterVersion.objects.in_bulk({letter.version_id for letter in letters})
    by_id = {post.pk: post for post in posts}
    for letter in letters:
        letter.drive, letter.pledge.campaign = drive, drive.campaign
        letter.version, letter.post = versions[letter.version_id], by_id[letter.post_id]


def _queue(letters: list[Letter], drive: Drive, at: datetime) -> int:
    posts = posts_of({letter.post_id for letter in letters})
    _share(letters, drive, posts)
    addressees = resolve(posts, drive.campaign, at.date())
    window, days_off = window_of(drive), DaysOff(drive)
    closing: dict[tuple[UUID, str], datetime | None] = {}
    queued = 0
    frozen: list[Letter] = []
    for letter in letters:
        who = addressees[letter.post_id]
        if departures.is_for_another(letter, who.legislator):
            departures.hold(Letter.objects.filter(pk=letter.pk), letter.legislator.name, at)  # type: ignore[union-attr]  # is_for_another
            continue
        problem = who.problem_for(letter)
        # A test goes to the organizer whatever the office's troubles, but a letter to nobody is none.
        if problem and (not letter.is_test or who.legislator is None):
            _wait(letter, who, problem, at)
            continue
        way = _way(letter, who)
        # Hours are for what leaves by itself; people carry the rest when they can.
        keeps_hours = not letter.is_test and (way is None or way.route.is_timed)
        zone = way.zone if way else who.zone
        closes: datetime | None = letter.deadline
        if keeps_hours:
            place = letter.post.chamber_id, zone
            if place not in closing:
                closing[place] = closes_at(closed_on(window, days_off.of(letter.post.chamber)), zone, at)
            closes = closing[place]
        if closes is None:
            # Its moment was missed: planned anew, inside the next window and under the rates.
            again = None if letter.state == LetterState.READY else at + LOOK_AGAIN
            Letter.objects.filter(pk=letter.pk, state=letter.state).update(send_after=again)
            continue
        closes = min(closes, letter.deadline)
        if letter.state == LetterState.DEFERRED:
            mail = letter.channel == ChannelName.EMAIL
            queued += _move(
                letter,
                LetterState.QUEUED,
                at,
                "another try",
                queued_at=at,
                window_closes=closes if mail else None,
            )
        elif _freeze(letter, who, way, at, closes):
            frozen.append(letter)
    _put_in_queue(frozen, at)
    return queued + len(frozen)


def _put_in_queue(frozen: list[Letter], at: datetime) -> None:
    """Write down what was fixed of letters that are locked, set-wise."""
    note_moves(Letter.objects.filter(pk__among=[letter.pk for letter in frozen]), LetterState.QUEUED, at)
    fixed: list[Any] = [Letter._meta.get_field(name) for name in (*FROZEN, "window_closes", "id")]
    update_each(
        Letter,
        [field.name for field in fixed[:-1]],
        ["id"],
        [[getattr(letter, field.attname) for field in fixed] for letter in frozen],
        state=LetterState.QUEUED,
        queued_at=at,
        note="",
    )
    for letter in frozen:
        if letter.channel == ChannelName.LINK:
            owe_news(letter, MailKind.LETTER_BY_HAND, at)


def _way(letter: Letter, who: Addressee) -> Way | None:
    """How a letter goes: a test by mail to the organizer, one that was frozen by the channel it was frozen for."""
    if letter.is_test:
        organizer = letter.pledge.campaign.test_recipient
        return Way(EMAIL, organizer.email, None, who.zone) if organizer else None
    if letter.state == LetterState.DEFERRED:
        return next((way for way in who.ways if way.channel == letter.channel), who.way_of(letter))
    return who.way_of(letter)


def _wait(letter: Letter, who: Addressee, problem: str, at: datetime) -> None:
    """A letter that can't go now says why; one to an office that asked us to stop is for a person."""
    if who.suppressed:
        if _move(letter, LetterState.HELD, at, problem):
            owe_news(letter, MailKind.OFFICE_STOPPED, at)
    else:
        Letter.objects.filter(pk=letter.pk, state=letter.state).update(
            send_after=at + LOOK_AGAIN, note=problem[:200]
        )


def _freeze(letter: Letter, who: Addressee, way: Way | None, at: datetime, closes: datetime) -> bool:
    """Fix channel, recipient, Date, Message-ID and bytes; from here every try is the same to the byte."""
    legislator = who.legislator
    if legislator is None or way is None:  # only tests come here so, for want of somebody to send them to
        _move(letter, LetterState.HELD, at, str(NO_TEST_RECIPIENT))
        return False
    letter.queued_at = at
    try:
        frozen = frozen_columns(letter, legislator, way)
    except Unfit as fault:
        # A text that the channel can't carry is for a person to look at; it must not stop the others.
        _move(letter, LetterState.HELD, at, str(fault))
        return False
    for name, value in frozen.items():
        setattr(letter, name, value)
    letter.legislator = legislator
    letter.window_closes = closes if way.channel == ChannelName.EMAIL else None
    return True


def reopen_windows() -> int:
    """Queued letters that missed the end of their office's hours may leave when the next hours begin."""
    at = now()
    reopened = 0
    mail = Letter.objects.filter(channel=ChannelName.EMAIL)
    shut = mail.filter(state=LetterState.QUEUED, drive__state=DriveState.RUNNING).filter(
        Q(window_closes__isnull=True) | Q(window_closes__lte=at)
    )
    days_off: dict[UUID, DaysOff] = {}
    for letter in shut.select_related(
        "drive__campaign", "post__division", "post__chamber__jurisdiction__division", "contact_point__office"
    )[:500]:
        zone = zone_of(letter.post, letter.contact_point.office if letter.contact_point else None)
        closed = days_off.setdefault(letter.drive_id, DaysOff(letter.drive)).of(letter.post.chamber)
        closes = closes_at(closed_on(window_of(letter.drive), closed), zone, at) if is_zone(zone) else None
        if closes is not None or letter.is_test:
            reopened += Letter.objects.filter(pk=letter.pk, state=LetterState.QUEUED).update(
                window_closes=min(closes or letter.deadline, letter.deadline)
            )
    return reopened


def _move(letter: Letter, to_state: str, at: datetime, reason: str, **changes: object) -> bool:
    moved = move_many(
        Letter.objects.filter(pk=letter.pk, state=letter.state),
        to_state,
        at=at,
        reason=reason,
        note=reason[:200],
        **changes,
    )
    return bool(moved)
