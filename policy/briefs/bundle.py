"""The briefs of a set as one file: a zip that streams, or one PDF to print."""

import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO

import pikepdf
from django.utils.text import slugify

from policy.models import BriefSet, BriefSetItem, BriefState, ItemState

AT_ONCE = 20


def ready(brief_set: BriefSet) -> Iterator[BriefSetItem]:
    """Items whose brief is ready, with its bytes, a few at a time in memory."""
    items = brief_set.items.filter(state=ItemState.READY, brief__state=BriefState.READY)
    items = items.select_related("brief", "legislator")
    yield from items.defer("brief__content").order_by("position").iterator(chunk_size=AT_ONCE)


def file_name(item: BriefSetItem) -> str:
    """`017-or-3-ada-quill.pdf`: sorts as the list does, and says for whom it is."""
    return f"{item.position:03d}-{slugify(item.label)[:60]}-{slugify(item.legislator.name)[:60]}.pdf"


class _Pipe(io.RawIOBase):
    """Takes what the zip writes until somebody fetches it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        content = bytes(part)  # type: ignore[call-overload]
        self._parts.append(content)
        return len(content)

    def fetch(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def zipped(brief_set: BriefSet) -> Iterator[bytes]:
    """A zip of the ready briefs, piece by piece. PDFs are compressed already, so they are only stored."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for item in ready(brief_set):
            if item.brief is None:
                continue
            entry = zipfile.ZipInfo(file_name(item), item.brief.created_at.timetuple()[:6])
            archive.writestr(entry, bytes(item.brief.pdf or b""))
            yield pipe.fetch()
    yield pipe.fetch()


def printed(brief_set: BriefSet) -> IO[bytes]:
    """The ready briefs as one PDF for paper."""
    parts = (
        (f"{item.legislator.name}, {item.label}", bytes(item.brief.pdf or b""))
        for item in ready(brief_set)
        if item.brief is not None
    )
    return joined(parts, title=brief_set.title, language=brief_set.language)


def joined(parts: Iterable[tuple[str, bytes]], *, title: str, language: str) -> IO[bytes]:
    """One PDF of several, with a bookmark each, in a file that goes away when it is closed.

    It is for paper: the tags for screen readers stay with the single files.
    """
    out = tempfile.TemporaryFile(prefix="joined-")  # noqa: SIM115  # whoever sends it closes it
    with pikepdf.new() as whole, whole.open_outline() as outline:
        whole.Root.Lang = language
        whole.docinfo["/Title"] = title
        for name, pdf in parts:
            first = len(whole.pages)
            with pikepdf.open(io.BytesIO(pdf)) as one:
                for page in one.pages:
                    # Without the tree of tags that these point into, they would point nowhere.
                    for key in ("/StructParents", "/Annots"):
                        if key in page.obj:
                            del page.obj[key]
                whole.pages.extend(one.pages)
            outline.root.append(pikepdf.OutlineItem(name, first))
    whole.save(out)
    out.seek(0)
    return out
