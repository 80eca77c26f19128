"""Letters that wait to be printed → files to print, one an office, with a list of what is in them."""

import csv
import io
from itertools import accumulate
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _t

from campaigns.channels.sheet import Sheet
from campaigns.letters.paper import page_of, paper_of
from campaigns.models import (
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
# A cell that begins so is a formula to spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class _Changed(Exception):
    """A letter was taken back, cancelled or printed elsewhere while the file was being set."""


def waiting(drive: Drive) -> LetterQuerySet:
    """Letters of a drive that are in no batch yet and may be printed."""
    return Letter.objects.counted().filter(
        drive=drive,
        state=LetterState.QUEUED,
        channel=ChannelName.PRINT,
        batch__isnull=True,
        pledge__state=PledgeState.CONFIRMED,
    )


def make_batches(drive_id: UUID) -> int:
    """Set all that waits in a running drive, office by office; gives how many batches were made. Safe to call twice."""
    drive = Drive.objects.select_related("campaign").filter(pk=drive_id, state=DriveState.RUNNING).first()
    if drive is None:
        return 0
    made = 0
    posts = Post.objects.filter(pk__in=waiting(drive).values("post")).select_related("division")
    for post in posts.order_by("label", "pk"):
        while letters := list(
            waiting(drive)
            .filter(post=post, raw__isnull=False)
            .select_related("pledge")
            .order_by("queued_at", "pk")[:MOST_LETTERS]
        ):
            if not _make(drive, post, letters):
                break
            made += 1
    return made


def _make(drive: Drive, post: Post, letters: list[Letter]) -> bool:
    """One batch; False when something changed meanwhile, and then nothing is stored."""
    paper = paper_of(post.division.country)
    sheets = [Sheet.from_bytes(bytes(letter.raw or b"")) for letter in letters]
    pdf, pages = print_each([page_of(sheet, paper) for sheet in sheets])
    at = now()
    try:
        with transaction.atomic():
            running = Drive.objects.filter(pk=drive.pk, state=DriveState.RUNNING)
            if not list(running.select_for_update(no_key=True).values_list("pk", flat=True)):
                return False
            batch = PrintBatch.objects.create(
                organization_id=drive.campaign.organization_id,
                drive=drive,
                post=post,
                letter_count=len(letters),
                page_count=sum(pages),
                paper=paper,
                pdf=pdf,
                manifest=_manifest(letters, sheets, pages),
                made_at=at,
            )
            PrintBatchChange.objects.create(batch=batch, to_state=BatchState.MADE, at=at)
            taken = waiting(drive).filter(pk__in=[letter.pk for letter in letters]).update(batch=batch)
            if taken != len(letters):
                raise _Changed
    except _Changed:
        return False
    return True


def _manifest(letters: list[Letter], sheets: list[Sheet], pages: list[int]) -> str:
    """A line a letter, in the order of the file. Cells that spreadsheets would run are quoted."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(
        [
            _t("number"),
            _t("letter"),
            _t("writer"),
            _t("town"),
            _t("office"),
            _t("first page"),
            _t("pages"),
            "SHA-256",
        ]
    )
    firsts = [1, *(1 + end for end in accumulate(pages))]
    for number, (letter, sheet, first, count) in enumerate(
        zip(letters, sheets, firsts, pages, strict=False), start=1
    ):
        town = letter.pledge.city or letter.pledge.postal_code
        cells = [letter.pledge.name, town, sheet.recipient[0]]
        writer.writerow([number, letter.pk, *map(_cell, cells), first, count, letter.content_sha256])
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
