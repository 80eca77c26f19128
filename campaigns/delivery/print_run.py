"""The files of a drive that wait to be printed and posted, as one run from the first office to the last."""

from collections.abc import Iterator

from django.db.models import QuerySet

from campaigns.models import BatchState, Drive, PrintBatch
from campaigns.models.batch import BatchKind

_AT_ONCE = 20


def in_run(drive: Drive) -> QuerySet[PrintBatch]:
    """Letters in envelopes that are set and not posted, office by office; a bundle is carried by itself."""
    batches = PrintBatch.objects.filter(
        drive=drive, kind=BatchKind.LETTERS, state=BatchState.MADE, pdf__isnull=False
    )
    return batches.defer("pdf", "manifest").order_by("post__label", "made_at", "pk")


def files_of(drive: Drive) -> Iterator[tuple[str, bytes]]:
    """Each file with its office, a few at a time in memory."""
    batches = in_run(drive).defer(None).defer("manifest").select_related("post")
    for batch in batches.iterator(chunk_size=_AT_ONCE):
        yield batch.post.label, bytes(batch.pdf or b"")
