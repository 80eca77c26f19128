from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns import tasks
from campaigns.delivery.votes import end_before_vote, move_deadlines
from campaigns.errors import ActionRefused, DriveNotReady
from campaigns.letters.wave import write_letters_of_drive
from campaigns.models import Campaign, CampaignState, Drive, DriveState, Letter, LetterState
from campaigns.models.moves import check, move, move_many
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import User


def create_drive(*, campaign: Campaign, actor: User | None, **fields: Any) -> Drive:
    """Set up a wave of letters as a draft, then write them; a campaign has one open drive at a time.

    The letters come in portions, each its own transaction: what a crash leaves unwritten, scheduling writes.
    """
    drive = _create(campaign, actor, fields)
    write_letters_of_drive(drive, drive.created_at)
    return drive


@transaction.atomic
def _create(campaign: Campaign, actor: User | None, fields: dict[str, Any]) -> Drive:
    at = now()
    drive = Drive(campaign=campaign, created_at=at, **fields)
    _end_before_vote(drive)
    _check_window(drive)
    try:
        with transaction.atomic():
            drive.save(force_insert=True)
    except IntegrityError:
        raise ActionRefused(_("This campaign has an open drive. Finish or cancel it first.")) from None
    drive.history.create(to_state=DriveState.DRAFT, actor=actor, at=at)
    record(organization=campaign.organization, actor=actor, verb="create drive", obj=drive)
    return drive


@transaction.atomic
def update_drive(*, drive: Drive, actor: User | None, **fields: Any) -> Drive:
    """Change window, dates or rates of a drive that is not over; what is not queued yet is planned anew."""
    if drive.state not in Drive.TAKES_LETTERS:
        raise ActionRefused(_("This drive is over."))
    for name, value in fields.items():
        setattr(drive, name, value)
    _end_before_vote(drive)
    _check_window(drive)
    drive.save(update_fields={*fields, "ends_at"})
    move_deadlines(drive)
    record(
        organization=drive.campaign.organization,
        actor=actor,
        verb="edit drive",
        obj=drive,
        fields=sorted(fields),
    )
    return drive


def _end_before_vote(drive: Drive) -> None:
    """Count the last moment backward from the vote, when the drive is to keep clear of it."""
    if drive.hours_before_vote is None:
        return
    end = end_before_vote(drive)
    if end is None:
        raise ActionRefused(_("Name the day of the vote, here or at the measure."))
    drive.ends_at = end


def _check_window(drive: Drive) -> None:
    if drive.ends_at is None:
        raise ActionRefused(_("Say when the last letter may leave: a moment, or hours before a vote."))
    if drive.ends_at <= drive.starts_at:
        raise ActionRefused(_("The last moment must be after the start."))
    if not drive.all_day and drive.closes <= drive.opens:
        raise ActionRefused(_("The hours must end after they begin."))
    if not drive.weekdays or not set(drive.weekdays) <= set(range(7)):
        raise ActionRefused(_("Choose at least one weekday."))
    if drive.starts_on and drive.ends_on and drive.ends_on < drive.starts_on:
        raise ActionRefused(_("The last day must not be before the first."))
    weights = drive.hour_weights
    if weights and (len(weights) != 24 or not all(0 <= w <= 100 for w in weights) or not any(weights)):
        raise ActionRefused(_("Give a weight from 0 to 100 for each of the 24 hours, at least one above 0."))


def what_is_missing(drive: Drive) -> list[str]:
    """What still has to be done before the drive can start, in words for its organizer."""
    missing = []
    if drive.campaign.state not in {CampaignState.OPEN, CampaignState.PAUSED, CampaignState.CLOSED}:
        missing.append(_("Open the campaign first."))
    if drive.ends_at <= now():
        missing.append(_("The drive's last moment has passed."))
    return missing


def schedule_drive(*, drive: Drive, actor: User | None) -> int:
    """Let a drive start by itself at its time; gives how many letters wait to leave. Raises DriveNotReady, BadMove."""
    missing = what_is_missing(drive)
    if missing:
        raise DriveNotReady(" ".join(missing))
    check(Drive.MOVES, drive.state, DriveState.SCHEDULED)
    at = now()
    # Before it is scheduled: when this is cut short, the drive is still a draft and scheduling it goes on.
    write_letters_of_drive(drive, at)
    with transaction.atomic():
        move(drive, DriveState.SCHEDULED, at=at, actor=actor)
        record(organization=drive.campaign.organization, actor=actor, verb="schedule drive", obj=drive)
        tasks.tick.delay_on_commit()
    return Letter.objects.counted().filter(drive=drive, state__in=Letter.OUTGOING).count()


@transaction.atomic
def unschedule_drive(*, drive: Drive, actor: User | None) -> None:
    """Back to a draft, as long as it has not started."""
    move(drive, DriveState.DRAFT, at=now(), actor=actor)
    record(organization=drive.campaign.organization, actor=actor, verb="unschedule drive", obj=drive)


@transaction.atomic
def pause_drive(*, drive: Drive, actor: User | None, reason: str = "") -> int:
    """Begin no more letters; gives how many are leaving already and will finish."""
    move(drive, DriveState.PAUSED, at=now(), actor=actor, reason=reason, epoch=drive.epoch + 1)
    record(organization=drive.campaign.organization, actor=actor, verb="pause drive", obj=drive)
    return drive.letters.filter(state__in=Letter.LEAVING).count()


@transaction.atomic
def resume_drive(*, drive: Drive, actor: User | None) -> None:
    """Go on after a pause; what was missed is planned anew from now, never sent in a burst."""
    move(drive, DriveState.RUNNING, at=now(), actor=actor, epoch=drive.epoch + 1, paused_by=None)
    Letter.objects.filter(drive=drive, state=LetterState.READY).update(send_after=None)
    record(organization=drive.campaign.organization, actor=actor, verb="resume drive", obj=drive)
    tasks.tick.delay_on_commit()


@transaction.atomic
def cancel_drive(*, drive: Drive, actor: User | None) -> tuple[int, int]:
    """Stop a drive for good; gives how many letters were cancelled and how many are leaving already."""
    at = now()
    move(drive, DriveState.CANCELLED, at=at, actor=actor, epoch=drive.epoch + 1)
    cancelled = move_many(
        Letter.objects.filter(drive=drive, state__in=Letter.WAITING),
        LetterState.CANCELLED,
        at=at,
        reason="the drive was cancelled",
        actor=actor,
    )
    leaving = drive.letters.filter(state__in=Letter.LEAVING).count()
    record(
        organization=drive.campaign.organization,
        actor=actor,
        verb="cancel drive",
        obj=drive,
        letters=cancelled,
        leaving=leaving,
    )
    return cancelled, leaving
