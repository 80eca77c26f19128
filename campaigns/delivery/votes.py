"""Drives that keep clear of a vote: their last moment is counted backward from the day, and moves with it."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from campaigns.delivery.addressees import DEFAULT_ZONE
from campaigns.delivery.hours import zone_or_utc
from campaigns.models import Drive, Letter, LetterState
from contacts.actions.organizations import record
from policy.models import Measure

# A vote that is put before the drive's start leaves it this little: then nothing more is sent.
SHORTEST = timedelta(minutes=1)


def moment_before_vote(day: date, hours: int, measure: Measure | None) -> datetime:
    """So many hours before a day begins where the measure is decided, in UTC."""
    zone = measure.jurisdiction.time_zone if measure else DEFAULT_ZONE
    begins = datetime.combine(day, time.min, tzinfo=zone_or_utc(zone))
    # In UTC, so that a change of the clocks in between makes the time neither longer nor shorter.
    return begins.astimezone(UTC) - timedelta(hours=hours)


def end_before_vote(drive: Drive) -> datetime | None:
    """The last moment of a drive that keeps clear of a vote; None when no hours or no day are named."""
    measure = drive.campaign.measure
    day = drive.vote_on or (measure.vote_on if measure else None)
    if drive.hours_before_vote is None or day is None:
        return None
    return moment_before_vote(day, drive.hours_before_vote, measure)


def move_deadlines(drive: Drive) -> None:
    """After a change of hours, days, rates or end: what waits has the new deadline, what is ready is planned anew."""
    letters = Letter.objects.filter(drive=drive)
    letters.filter(state__in=Letter.WAITING).update(deadline=drive.ends_at)
    letters.filter(state=LetterState.READY).update(send_after=None)


def follow_votes() -> int:
    """Drives whose vote was put on another day get their new last moment; gives how many moved."""
    moved = 0
    open_drives = Drive.objects.filter(state__in=Drive.TAKES_LETTERS, hours_before_vote__isnull=False)
    for drive in open_drives.select_related("campaign__organization", "campaign__measure__jurisdiction"):
        end = end_before_vote(drive)
        end = max(end, drive.starts_at + SHORTEST) if end else None
        if end is None or end == drive.ends_at:
            continue
        moved += _move_end(drive, end)
    return moved


@transaction.atomic
def _move_end(drive: Drive, end: datetime) -> bool:
    """False when somebody changed the drive meanwhile; the next tick looks again."""
    unchanged = Drive.objects.filter(
        pk=drive.pk,
        ends_at=drive.ends_at,
        starts_at=drive.starts_at,
        hours_before_vote=drive.hours_before_vote,
    )
    if not unchanged.update(ends_at=end):
        return False
    drive.ends_at = end
    move_deadlines(drive)
    record(
        organization=drive.campaign.organization,
        actor=None,
        verb="follow the vote's new date",
        obj=drive,
        ends_at=end.isoformat(),
    )
    return True
