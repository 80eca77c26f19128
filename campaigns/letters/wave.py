"""The letters of a whole drive, in one statement for each portion of its pledges: none of them passes through Python.

Who gets which version is decided by the same functions as for a single pledge (`targets`, `version_for`); what they
say goes into the statement as two small tables.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from campaigns.letters.compose import body_pieces, writer_values
from campaigns.letters.subjects import digits_of, limit
from campaigns.letters.write import version_for
from campaigns.models import (
    Campaign,
    Drive,
    Letter,
    LetterChange,
    LetterState,
    LetterVersion,
    Pledge,
    SubjectArm,
)
from campaigns.models import PledgeState as P
from campaigns.targets import ByGroup, divisions_within, holders, targets_by_group
from contacts.models import Residence

# Pledges whose letters are one transaction: it is over in about a second, and a worker that dies loses no more.
PORTION = 5000
BEFORE_ALL, AFTER_ALL = UUID(int=0), UUID(int=2**128 - 1)

# `writer` has the portion's pledges with each of their divisions, `reached` every post that a group gives to one of
# them, with the group's place. The first group that gives a post takes it; a fallback does only when nothing came
# before it. Everything about a pledge is carried along: joined again, PostgreSQL would guess how many rows there are.
_LETTERS = """
WITH target AS ({target}), wording AS ({wording}),
writer AS (
  SELECT {of_pledge}, r.division_id FROM {pledge} p LEFT JOIN {residence} r ON r.supporter_id = p.supporter_id
  WHERE p.campaign_id = %s AND p.state = %s AND p.id > %s AND p.id <= %s AND NOT EXISTS (
    SELECT 1 FROM {letter} l WHERE l.drive_id = %s AND l.pledge_id > %s AND l.pledge_id <= %s AND l.pledge_id = p.id
  )
), reached AS (
  SELECT p.*, t.post_id, t.legislator_id, t.place FROM writer p JOIN target t ON t.home = p.division_id
  UNION ALL
  SELECT p.*, t.post_id, t.legislator_id, t.place FROM writer p CROSS JOIN target t WHERE t.home IS NULL
), ranked AS (
  SELECT p.*, ROW_NUMBER() OVER (PARTITION BY id, post_id ORDER BY place) AS turn,
    MIN(place) OVER (PARTITION BY id) AS first_place
  FROM reached p
), worded AS (
  SELECT p.*, COALESCE(own.version_id, other.version_id) AS version_id FROM ranked p
    JOIN wording other ON other.place = p.place AND other.language = ''
    LEFT JOIN wording own ON own.place = p.place AND own.language = p.language
  WHERE p.turn = 1 AND (p.place < %s OR p.place = p.first_place)
)
INSERT INTO {letter} ({columns}) SELECT {values} FROM worded w WHERE true
ON CONFLICT (drive_id, pledge_id, post_id, is_test) DO NOTHING
"""
_OF_PLEDGE = ("id", "language", "is_test", "send_untouched", "name", "city", "postal_code")
# A letter is never written without the first row of its history: those that have none are the new ones.
_HISTORY = """
INSERT INTO {history} (letter_id, from_state, to_state, reason, at)
SELECT l.id, '', l.state, '', l.created_at FROM {letter} l
WHERE l.drive_id = %s AND l.pledge_id > %s AND l.pledge_id <= %s
  AND NOT EXISTS (SELECT 1 FROM {history} h WHERE h.letter_id = l.id)
"""


def write_letters_of_drive(drive: Drive, at: datetime) -> int:
    """Letters for every confirmed pledge of the campaign that has none in this drive yet; gives how many.

    Each portion of pledges is a transaction. Called again after it was cut short it goes on; two at once write
    nothing twice.
    """
    confirmed = Pledge.objects.filter(campaign=drive.campaign_id, state=P.CONFIRMED)
    if not confirmed.exclude(letters__drive=drive).exists():
        return 0
    in_order = confirmed.order_by("pk").values_list("pk", flat=True)
    written, after = 0, BEFORE_ALL
    wave = _Wave(drive, at)
    if not wave.wording:
        return 0
    while after != AFTER_ALL and Drive.objects.filter(pk=drive.pk, state__in=Drive.TAKES_LETTERS).exists():
        last = in_order.filter(pk__gt=after)[PORTION - 1 : PORTION].first() or AFTER_ALL
        written += wave.write(after, last)
        after = last
    return written


class _Wave:
    """The statements for one drive at one moment."""

    def __init__(self, drive: Drive, at: datetime) -> None:
        self.drive = drive
        groups = targets_by_group(drive.campaign, at.date())
        self.fallback_from = sum(not group.is_fallback for group, _posts in groups)
        self.target = _homes(groups, at.date())
        self.wording: list[tuple[object, ...]] = []
        self.versions: list[UUID] = []
        for place, (group, _posts) in enumerate(groups):
            known = list(group.versions.order_by("language"))
            self.versions += [version.pk for version in known]
            # The language '' stands for all that have no version of their own.
            for language in ["", *(version.language for version in known)]:
                version = version_for(known, language, drive.campaign.language)
                if version is not None:
                    self.wording.append((place, language, version.pk))
        self.columns = _columns(drive, at)

    def write(self, after: UUID, last: UUID) -> int:
        """The letters of the pledges in (after, last]; gives how many are new."""
        after_id, last_id, campaign, drive = (
            _id(pk) for pk in (after, last, self.drive.campaign_id, self.drive.pk)
        )
        names = {
            "pledge": Pledge._meta.db_table,
            "letter": Letter._meta.db_table,
            "history": LetterChange._meta.db_table,
            "residence": Residence._meta.db_table,
            "of_pledge": ", ".join(f"p.{name}" for name in _OF_PLEDGE),
        }
        with transaction.atomic(), connection.cursor() as cursor:
            # As they are now, and held: who corrects a text waits for letters that are being written with it.
            held = LetterVersion.objects.filter(pk__in=self.versions).select_for_update(no_key=True)
            versions = list(held.order_by("pk"))
            columns = {
                **self.columns,
                **_arms(versions),
                "body": _body(self.drive.campaign, versions),
            }
            values = [sql for sql, _params in columns.values()]
            cursor.execute(
                _LETTERS.format(
                    **names,
                    target=_table(home="uuid", post_id="uuid", place="integer", legislator_id="uuid"),
                    wording=_table(place="integer", language="text", version_id="uuid"),
                    columns=", ".join(columns),
                    values=", ".join(values),
                ),
                [
                    *(_as_json(rows) for rows in (self.target, self.wording)),
                    *(campaign, P.CONFIRMED, after_id, last_id, drive, after_id, last_id, self.fallback_from),
                    *(value for _sql, several in columns.values() for value in several),
                ],
            )
            cursor.execute(_HISTORY.format(**names), [drive, after_id, last_id])
            return int(cursor.rowcount)


def _homes(groups: ByGroup, on: date) -> list[tuple[UUID | None, UUID, int, UUID | None]]:
    """(division, post, place of its group, who holds it): who lives there gets the post, or everybody (None)."""
    within = divisions_within({home for _group, posts in groups for home in posts.values() if home})
    seats = holders({post for _group, posts in groups for post in posts}, on)
    return [
        (lived_in, post.pk, place, seats[post.pk].legislator_id if post.pk in seats else None)
        for place, (_group, posts) in enumerate(groups)
        for post, home in posts.items()
        for lived_in in (within[home] if home else [None])
    ]


def _columns(drive: Drive, at: datetime) -> dict[str, tuple[str, list[Any]]]:
    """Each column of a letter but its text, as SQL over the pledge `w` with its values; what stays NULL is left out."""
    alike = Letter(
        drive=drive,
        created_at=at,
        not_before=at + timedelta(minutes=drive.campaign.editing_minutes),
        deadline=drive.ends_at,
    )
    columns: dict[str, tuple[str, list[Any]]] = {}
    fields: list[Any] = list(Letter._meta.concrete_fields)
    for field in fields:
        value = field.get_db_prep_save(getattr(alike, field.attname), connection)
        if value is not None:
            columns[field.column] = ("%s", [value])
    new_id = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    ready, draft = LetterState.READY, LetterState.DRAFT
    return columns | {
        "id": (new_id, []),
        "pledge_id": ("w.id", []),
        "post_id": ("w.post_id", []),
        "legislator_id": ("w.legislator_id", []),
        "version_id": ("w.version_id", []),
        "is_test": ("w.is_test", []),
        "state": ("CASE WHEN w.send_untouched THEN %s ELSE %s END", [ready, draft]),
    }


def _body(campaign: Campaign, versions: Iterable[LetterVersion]) -> tuple[str, list[Any]]:
    """The suggested text of whichever version, with its writer's fields filled."""
    of_writer = {
        "name": "w.name",
        "city": "COALESCE(NULLIF(w.city, ''), w.postal_code)",
        "postal_code": "w.postal_code",
    }
    cases: list[str] = []
    params: list[Any] = []
    for version in versions:
        same_for_all = writer_values(Pledge(), campaign, version.language)
        parts = ["%s"]
        params += [_id(version.pk), ""]
        for is_field, text in body_pieces(version):
            if is_field and text in of_writer:
                parts.append(of_writer[text])
            else:
                parts.append("%s")
                params.append(same_for_all[text] if is_field else text)
        cases.append(f"WHEN %s THEN {' || '.join(parts)}")
    return f"CASE w.version_id {' '.join(cases)} END", params


def _arms(versions: Iterable[LetterVersion]) -> dict[str, tuple[str, list[Any]]]:
    """The column for a letter's subject, as `subjects.arm_of` says it; none where no second one is tried."""
    tried = [version for version in versions if version.second_share]
    if not tried:
        return {}
    digits = digits_of("w.id", connection.vendor)
    second, first = SubjectArm.SECOND.value, SubjectArm.FIRST.value
    cases = [f"WHEN %s THEN CASE WHEN {digits} < %s THEN {second} ELSE {first} END" for _version in tried]
    params = [value for version in tried for value in (_id(version.pk), limit(version.second_share))]
    return {"subject_arm": (f"CASE w.version_id {' '.join(cases)} END", params)}


def _table(**columns: str) -> str:
    """A SELECT that reads rows with these columns (and their PostgreSQL types) from one parameter, as JSON."""
    if connection.vendor == "postgresql":
        read = [f"(value->>{n})::{kind} AS {name}" for n, (name, kind) in enumerate(columns.items())]
        rows = "jsonb_array_elements(%s::jsonb)"
    else:
        read = [f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(columns)]
        rows = "json_each(%s)"
    return f"SELECT {', '.join(read)} FROM {rows}"  # noqa: S608


def _as_json(rows: Sequence[tuple[object, ...]]) -> str:
    """Rows for `_table`."""
    return json.dumps(
        [[str(_id(value)) if isinstance(value, UUID) else value for value in row] for row in rows]
    )


def _id(value: UUID) -> Any:
    """An id as this database keeps it."""
    field: models.Field[Any, Any] = Pledge._meta.pk
    return field.get_db_prep_value(value, connection)
