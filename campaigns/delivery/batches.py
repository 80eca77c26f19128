"""Letters that wait to be printed → files to print, one an office, with a list of what is in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Min, Q

from campaigns.channels.sheet import Sheet
from campaigns.delivery.manifest import letters_list, signers_list
from campaigns.letters.bundle import Signer, common_text, signer_of
from campaigns.letters.paper import bundle_page, page_of, paper_of
from campaigns.models import (
    BatchKind,
    BatchState,
    ChannelName,
    Drive,
    DriveState,
    Letter,
    LetterQuerySet,
    LetterState,
    PledgeState,
    PrintBatch,
    PrintBatchChange,
)
from contacts.clock import now
from contacts.models import Post
from policy.briefs.pdf import print_each

# A pile that a person can fold in one sitting, and a file that is set within a minute.
MOST_LETTERS = 200
MOST_SIGNERS = 500
A_WEEK = timedelta(days=7)
# So long before a drive ends its last bundles are made, so that somebody can still hand them over.
LAST_BUNDLE = timedelta(days=2)
# A letter is there so long at most after the moment that it says it was queued at.
_SEEN = timedelta(seconds=30)


@dataclass(frozen=True)
class Pile:
    """Letters to an office and the file that was set of them; it counts for nothing before it is stored."""

    drive: Drive
    post: Post
    letters: list[Letter]
    kind: str
    pdf: bytes
    pages: int
    manifest: str
    # When what waits was read; the same for all bundles of an office in its week.
    read_at: datetime


@dataclass(frozen=True)
class OnPaper:
    """Letters of a drive that wait for a printer, and those set already that nobody said to be posted."""

    to_print: int = 0
    to_post: int = 0


class _Changed(Exception):
    """A letter was taken back, cancelled or printed elsewhere while the file was being set."""


def _on_paper() -> LetterQuerySet:
    return Letter.objects.counted().filter(
        state=LetterState.QUEUED, channel=ChannelName.PRINT, pledge__state=PledgeState.CONFIRMED
    )


def waiting(drive: Drive) -> LetterQuerySet:
    """Letters of a drive that are in no batch yet and may be printed."""
    return _on_paper().filter(drive=drive, batch__isnull=True)


def paper_work(drives: Iterable[Drive]) -> dict[UUID, OnPaper]:
    """What people have to print and to post, by drive; drives without any are left out. One query."""
    rows = (
        _on_paper()
        .filter(drive__in=[drive.pk for drive in drives])
        .order_by()
        .values_list("drive")
        .annotate(
            to_print=Count("pk", filter=Q(batch__isnull=True)),
            to_post=Count("batch", filter=Q(batch__state=BatchState.MADE)),
        )
    )
    return {drive: OnPaper(to_print, to_post) for drive, to_print, to_post in rows}


def let_go(batch: PrintBatch) -> int:
    """Letters of a discarded file wait for the next one, held ones once they are released; gives how many wait."""
    letters = Letter.objects.filter(batch=batch)
    letters.filter(state=LetterState.HELD).update(batch=None)
    return letters.filter(state=LetterState.QUEUED).update(batch=None)


def make_batches(drive_id: UUID) -> int:
    """Set all that waits in a running drive, office by office; gives how many batches were made. Safe to call twice.

    Where the campaign bundles near-identical letters, an office gets a bundle when it had none for a week.
    """
    drive = running(drive_id)
    made = 0
    if drive is None:
        return made
    for post in posts_waiting(drive):
        if is_bundle_due(drive, post):
            made += sum(map(store, set_bundles(drive, post)))
        while (pile := set_singles(drive, post)) is not None and store(pile):
            made += 1
    return made


def is_bundle_due(drive: Drive, post: Post, *, by_itself: bool = False) -> bool:
    """Whether an office may get its bundles now. The first that is stored makes it no: ask once for all of them."""
    return drive.campaign.bundle_similar and next_bundle_at(drive, post, by_itself=by_itself) <= now()


def next_bundle_at(drive: Drive, post: Post, *, by_itself: bool = False) -> datetime:
    """When an office may get its next bundle of a drive: a week after the last, at once where that left some behind.

    By itself the first is made when its oldest letter has waited for a week, and all when the drive is about to end.
    """
    bundles = PrintBatch.objects.filter(drive=drive, post=post, kind=BatchKind.BUNDLE)
    last = bundles.exclude(state=BatchState.DISCARDED).aggregate(at=Max("made_at"))["at"]
    if last is not None and _left_behind(drive, post, last):
        return now()
    oldest = waiting(drive).filter(post=post).aggregate(at=Min("queued_at"))["at"]
    since = last or (oldest if by_itself else None)
    due: datetime = since + A_WEEK if since else now()
    return min(due, drive.ends_at - LAST_BUNDLE) if by_itself else due


def _left_behind(drive: Drive, post: Post, last: datetime) -> bool:
    """Whether letters waited when an office's last bundles were set, and are in none of them.

    Their bundle was not set, since the work broke off or one of its signers stopped; or somebody threw it away.
    """
    letters = _letters(drive, post).filter(queued_at__lt=last - _SEEN).defer("raw")
    return any(signer_of(letter) is not None for letter in letters.iterator(MOST_LETTERS))


def running(drive_id: UUID) -> Drive | None:
    return Drive.objects.select_related("campaign").filter(pk=drive_id, state=DriveState.RUNNING).first()


def posts_waiting(drive: Drive) -> list[Post]:
    """Offices for which something waits to be printed."""
    posts = Post.objects.filter(pk__in=waiting(drive).values("post")).select_related("division")
    return list(posts.order_by("label", "pk"))


def _letters(drive: Drive, post: Post) -> LetterQuerySet:
    """What waits for an office, oldest first, with all that a bundle needs to know of it."""
    letters = waiting(drive).filter(post=post, raw__isnull=False).order_by("queued_at", "pk")
    return letters.select_related("version", "pledge__campaign__organization", "pledge__campaign__measure")


def set_singles(drive: Drive, post: Post) -> Pile | None:
    """The next pile of letters to an office, each in an envelope of its own; None when none waits."""
    read_at = now()
    letters = _letters(drive, post)
    if drive.campaign.bundle_similar:
        # Which go alone only their words tell; the finished letters are read of one pile, not of all that wait.
        light = letters.defer("raw").iterator(MOST_LETTERS)
        alone = (letter.pk for letter in light if signer_of(letter) is None)
        letters = letters.filter(pk__in=list(islice(alone, MOST_LETTERS)))
    part = list(letters[:MOST_LETTERS])
    if not part:
        return None
    paper = paper_of(post.division.country)
    sheets = [Sheet.from_bytes(bytes(letter.raw or b"")) for letter in part]
    pdf, pages = print_each([page_of(sheet, paper) for sheet in sheets])
    manifest = letters_list(part, sheets, pages)
    return Pile(drive, post, part, BatchKind.LETTERS, pdf, sum(pages), manifest, read_at)


def set_bundles(drive: Drive, post: Post) -> Iterator[Pile]:
    """An office's bundles, one for each text; more than one where they are too many signers for a file.

    Each is set when it is asked for, so that the one before can be stored: a large file takes half a minute.
    """
    read_at = now()
    by_version: dict[UUID, list[Signer]] = {}
    for letter in _letters(drive, post).defer("raw"):  # read of the first of each bundle only
        if (signer := signer_of(letter)) is not None:
            by_version.setdefault(letter.version_id, []).append(signer)
    for signers in by_version.values():
        for start in range(0, len(signers), MOST_SIGNERS):
            yield _set_bundle(drive, post, signers[start : start + MOST_SIGNERS], read_at)


def _set_bundle(drive: Drive, post: Post, signers: list[Signer], read_at: datetime) -> Pile:
    first = signers[0].letter
    sheet = Sheet.from_bytes(bytes(first.raw or b""))
    paper = paper_of(post.division.country)
    text = common_text(first.version, first)
    page = bundle_page(sheet, paper, signers, text, drive.campaign.organization, now().date())
    pdf, pages = print_each([page])
    letters = [signer.letter for signer in signers]
    return Pile(drive, post, letters, BatchKind.BUNDLE, pdf, sum(pages), signers_list(signers), read_at)


def store(pile: Pile) -> bool:
    """One batch; False when something changed since it was set, and then nothing is stored."""
    at, drive = now(), pile.drive
    try:
        with transaction.atomic():
            still = Drive.objects.filter(pk=drive.pk, state=DriveState.RUNNING)
            if not list(still.select_for_update(no_key=True).values_list("pk", flat=True)):
                return False
            batch = PrintBatch.objects.create(
                organization_id=drive.campaign.organization_id,
                drive=drive,
                post=pile.post,
                kind=pile.kind,
                letter_count=len(pile.letters),
                page_count=pile.pages,
                paper=paper_of(pile.post.division.country),
                pdf=pile.pdf,
                manifest=pile.manifest,
                made_at=pile.read_at,
            )
            PrintBatchChange.objects.create(batch=batch, to_state=BatchState.MADE, at=at)
            # Those that came back with other words meanwhile are another letter.
            ids = [letter.pk for letter in pile.letters]
            same = waiting(drive).filter(
                pk__in=ids, content_sha256__in={letter.content_sha256 for letter in pile.letters}
            )
            if same.update(batch=batch) != len(ids):
                raise _Changed
    except _Changed:
        return False
    return True
