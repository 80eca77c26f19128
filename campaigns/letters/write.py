"""A confirmed pledge × its targets → letter rows; for a whole drive at once see `wave.py`."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from campaigns.letters.compose import suggested_body, writer_values
from campaigns.letters.correct import follow_corrections
from campaigns.letters.subjects import arm_of
from campaigns.models import (
    Campaign,
    Drive,
    Letter,
    LetterChange,
    LetterState,
    LetterVersion,
    Pledge,
    TargetGroup,
)
from campaigns.targets import holders, posts_for


def open_drive(campaign: Campaign) -> Drive | None:
    """The drive that takes the campaign's letters now; the database allows one."""
    return campaign.drives.filter(state__in=Drive.TAKES_LETTERS).first()


def version_for(
    versions: Iterable[LetterVersion], language: str, campaign_language: str
) -> LetterVersion | None:
    """A group's version in the supporter's language, else in the campaign's, else any."""
    by_language = {version.language: version for version in versions}
    for wanted in (language, campaign_language):
        if wanted in by_language:
            return by_language[wanted]
    return next(iter(by_language.values()), None)


def letters_of(pledge: Pledge, drive: Drive, at: datetime) -> list[Letter]:
    """The letters (not saved) a confirmed pledge owes in a drive: one for each of its targets."""
    campaign = pledge.campaign
    supporter = pledge.supporter
    if supporter is None:
        return []
    divisions: list[UUID] = list(supporter.residences.values_list("division_id", flat=True))
    versions: dict[UUID, LetterVersion | None] = {}
    values = writer_values(pledge, campaign)
    letters = []
    for post, group in posts_for(campaign, divisions, at.date()):
        if group.pk not in versions:
            versions[group.pk] = _version(group, pledge)
        version = versions[group.pk]
        if version is None:
            continue
        letters.append(
            Letter(
                drive=drive,
                pledge=pledge,
                post=post,
                version=version,
                subject_arm=arm_of(version, pledge.pk),
                is_test=pledge.is_test,
                state=LetterState.READY if pledge.send_untouched else LetterState.DRAFT,
                body=suggested_body(version, values),
                created_at=at,
                not_before=at + timedelta(minutes=campaign.editing_minutes),
                deadline=drive.ends_at,
            )
        )
    return letters


def _version(group: TargetGroup, pledge: Pledge) -> LetterVersion | None:
    return version_for(group.versions.order_by("language"), pledge.language, pledge.campaign.language)


def name_holders(letters: list[Letter]) -> None:
    """Say of new letters whom they are written for, so that a successor gets none of them by accident."""
    days = {letter.created_at.date() for letter in letters}
    seats = {day: holders({letter.post for letter in letters}, day) for day in days}
    for letter in letters:
        seat = seats[letter.created_at.date()].get(letter.post_id)
        letter.legislator = seat.legislator if seat else None


def save_letters(letters: list[Letter]) -> int:
    """Store new letters with the first row of their history; a letter that exists stays as it is."""
    existing = set(
        Letter.objects.filter(pledge__in={letter.pledge_id for letter in letters}).values_list(
            "drive_id", "pledge_id", "post_id", "is_test"
        )
    )
    fresh = [x for x in letters if (x.drive_id, x.pledge_id, x.post_id, x.is_test) not in existing]
    name_holders(fresh)
    Letter.objects.bulk_create(fresh, batch_size=500)
    LetterChange.objects.bulk_create(
        (LetterChange(letter=letter, to_state=letter.state, at=letter.created_at) for letter in fresh),
        batch_size=500,
    )
    follow_corrections(fresh)
    return len(fresh)
