"""A drive's numbers for pages: letters by state, by hour and by office. Tests are never in them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import TruncHour

from campaigns.models import ChannelName, Drive, DriveState, Letter, LetterState, Tally, TallyKind
from campaigns.reports import GROUPS, in_groups, is_in, ways_of
from campaigns.tallies import sums
from contacts.models import Post


def drive_numbers(drive: Drive) -> list[tuple[str, str, int]]:
    """Letters of a drive by channel and state, tests left out."""
    return ways_of(dict(sums(TallyKind.LETTERS, [drive.pk])))


def numbers_of_drives(drives: Iterable[Drive]) -> dict[UUID, dict[str, int]]:
    """Letters by group for each drive of a list, in one query."""
    found: dict[UUID, dict[str, int]] = {drive.pk: {} for drive in drives}
    rows = Tally.objects.filter(kind=TallyKind.LETTERS, owner__in=list(found)).order_by()
    for owner, key, n in (
        rows.values("owner", "key").annotate(total=Sum("n")).values_list("owner", "key", "total")
    ):
        found[owner][key] = n
    return {owner: in_groups(ways_of(some)) for owner, some in found.items()}


def sent_by_hour(drive: Drive) -> list[tuple[datetime, int]]:
    """Accepted letters per clock hour (UTC, the hours in which rates count), oldest first.

    What people carry keeps no hours and is not among them.
    """
    return _by_hour(drive, "sent")


def planned_by_hour(drive: Drive) -> list[tuple[datetime, int]]:
    """Letters that have a moment and have not left, per clock hour (UTC)."""
    return _by_hour(drive, "ahead")


def leaving_by_hour(drive: Drive) -> tuple[dict[datetime, int], int]:
    """Letters that have not left per clock hour (UTC) in which they do, and how many have a moment and do not leave.

    What is held, can't leave, or fits no hour of the drive has a moment too, at which nothing leaves.
    """
    idle = _idle_by_hour(drive)
    leaving = {hour: n - idle[hour] for hour, n in planned_by_hour(drive) if n > idle[hour]}
    return leaving, idle.total()


def _idle_by_hour(drive: Drive) -> Counter[datetime]:
    mailed = Letter.objects.counted().exclude(channel__in=[ChannelName.PRINT, ChannelName.LINK])
    timed = mailed.filter(drive=drive, send_after__isnull=False)
    # One query each: every one reads the few rows of an index of its own, beside a million others of the drive.
    # What fits no hour has the drive's last moment.
    idle = [
        timed.filter(state=LetterState.HELD),
        timed.stuck(),
        timed.filter(state=LetterState.READY, note="", send_after__gte=drive.ends_at),
    ]
    found: Counter[datetime] = Counter()
    for letters in idle:
        by_hour = letters.order_by().values(hour=TruncHour("send_after", tzinfo=UTC)).annotate(n=Count("pk"))
        for hour, n in by_hour.values_list("hour", "n"):
            found[hour] += n
    return found


def timed_beside(drive: Drive, start: datetime) -> int:
    """How many letters of all other drives under way leave, or left, from the clock hour of `start` on.

    About as many rows does a rehearsal of the drive read beside its own: rates are shared by the whole installation.
    """
    others = Drive.objects.exclude(pk=drive.pk).filter(state__in=[DriveState.RUNNING, DriveState.PAUSED])
    hour = f"{start.astimezone(UTC):%Y-%m-%d %H}"
    since = Q(key__startswith="ahead ", key__gte=f"ahead {hour}") | Q(
        key__startswith="sent ", key__gte=f"sent {hour}"
    )
    found = Tally.objects.filter(since, kind=TallyKind.HOURS, owner__in=others.order_by().values("pk"))
    return found.aggregate(total=Sum("n"))["total"] or 0


def _by_hour(drive: Drive, which: str) -> list[tuple[datetime, int]]:
    found = sums(TallyKind.HOURS, [drive.pk]).filter(key__startswith=f"{which} ")
    return [
        (datetime.strptime(key, f"{which} %Y-%m-%d %H").replace(tzinfo=UTC), n)
        for key, n in found.order_by("key")
    ]


@dataclass(frozen=True)
class OfficeNumbers:
    """One seat's letters in a drive: in all, and of them those accepted or posted."""

    post: UUID
    label: str
    letters: int
    delivered: int

    @property
    def others(self) -> int:
        return self.letters - self.delivered


def offices_of(drive: Drive, words: str = "") -> list[OfficeNumbers]:
    """Every seat that a drive has letters for, the fullest first; with words only those named by them."""
    letters = {UUID(post): n for post, n in sums(TallyKind.SEATS, [drive.pk])}
    delivered = {UUID(post): n for post, n in sums(TallyKind.OFFICES, [drive.pk])}
    posts = Post.objects.filter(pk__in=letters, label__icontains=words).values_list("pk", "label")
    found = [OfficeNumbers(pk, label, letters[pk], delivered.get(pk, 0)) for pk, label in posts]
    return sorted(found, key=lambda office: (-office.letters, office.label, office.post))


def counted_at(drive: Drive, offices: Iterable[OfficeNumbers]) -> dict[UUID, dict[str, Any]]:
    """For a page of offices, counted letter by letter: letters in each group, and when the last left (`last_at`)."""
    rows = (
        Letter.objects.counted()
        .filter(drive=drive, post__in=[office.post for office in offices])
        .order_by()
        .values("post")
        .annotate(
            **{group: Count("pk", filter=is_in(group)) for group in GROUPS},
            last_at=Max("sent_at"),
        )
    )
    return {row["post"]: dict(row) for row in rows}
