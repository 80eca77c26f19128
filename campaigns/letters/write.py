"""A confirmed pledge × its targets → letter rows; for a whole drive at once see `wave.py`."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import cache, partial
from uuid import UUID

from django.db.models import UUIDField

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
)
from campaigns.targets import holders, posts_for, targets_now
from contacts.statements import Given, Prepared, insert

_CAMPAIGN = Given("campaign", UUIDField())
_OPEN_DRIVES = Prepared(lambda: Drive.objects.filter(campaign=_CAMPAIGN, state__in=Drive.TAKES_LETTERS))
_VERSIONS = Prepared(lambda: LetterVersion.objects.filter(group__campaign=_CAMPAIGN).order_by("language"))


def open_drive(campaign: Campaign) -> Drive | None:
    """The drive that takes the campaign's letters now; the database allows one."""
    found = _OPEN_DRIVES.objects(campaign=campaign.pk)
    for drive in found:
        drive.campaign = campaign
    return found[0] if found else None


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
    supporter = pledge.supporter
    if supporter is None:
        return []
    divisions: list[UUID] = list(supporter.residences.values_list("division_id", flat=True))
    targets = posts_for(pledge.campaign, divisions, at.date())
    return _letters(pledge, drive, at, [(post.pk, group.pk) for post, group in targets])


def _letters(
    pledge: Pledge, drive: Drive, at: datetime, targets: Iterable[tuple[UUID, UUID]]
) -> list[Letter]:
    """A letter to each post, as the versions of its group suggest it; none where its group suggests nothing."""
    campaign = pledge.campaign
    suggested: dict[UUID, list[LetterVersion]] = defaultdict(list)
    for version in _VERSIONS.objects(campaign=campaign.pk):
        suggested[version.group_id].append(version)
    values = cache(partial(writer_values, pledge, campaign))
    letters = []
    for post_id, group_id in targets:
        chosen = version_for(suggested[group_id], pledge.language, campaign.language)
        if chosen is None:
            continue
        letters.append(
            Letter(
                drive=drive,
                pledge=pledge,
                post_id=post_id,
                version=chosen,
                subject_arm=arm_of(chosen, pledge.pk),
                is_test=pledge.is_test,
                state=LetterState.READY if pledge.send_untouched else LetterState.DRAFT,
                body=suggested_body(chosen, values(chosen.language)),
                created_at=at,
                not_before=at + timedelta(minutes=campaign.editing_minutes),
                deadline=drive.ends_at,
            )
        )
    return letters


def name_holders(letters: list[Letter]) -> None:
    """Say of new letters whom they are written for, so that a successor gets none of them by accident."""
    days = {letter.created_at.date() for letter in letters}
    seats = {day: holders({letter.post_id for letter in letters}, day) for day in days}
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


def write_first_letters(pledge: Pledge, drive: Drive, divisions: Collection[UUID], at: datetime) -> None:
    """Store the letters of a pledge that never had any, for somebody who lives in `divisions`."""
    targets = targets_now(pledge.campaign, divisions, at.date())
    letters = _letters(pledge, drive, at, [(target.post_id, target.group_id) for target in targets])
    seated = {target.post_id: target.legislator_id for target in targets}
    for letter in letters:
        letter.legislator_id = seated[letter.post_id]
    insert(letters)
    insert([LetterChange(letter=letter, to_state=letter.state, at=at) for letter in letters])
    follow_corrections(letters)
