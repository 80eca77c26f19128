"""Which final dots a worker has begun and which answers it saw, where a killed process can't take it along.

A file for each window of letters, made and synced before the window's intent is committed, so a full disk
stops it before anything leaves. Marks are written in place and survive the death of the process at once; what a
power cut may take of them is why a file from before the machine's last start proves nothing about letters
without a mark. The worker holds a lock on its file: who gets the lock knows that the worker is dead.
"""

import errno
import fcntl
import json
import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from django.conf import settings

from campaigns.channels.base import Accepted, Deferred, Outcome, Refused, Uncertain

# A mark, the answer as JSON, spaces, a line end. Slots start at a multiple of their size, so none crosses a page.
SLOT = 1024
_TEXT = 300  # characters of an answer that are kept, or as many as fit
_as_json = json.JSONEncoder(ensure_ascii=False).encode
_KINDS = {kind.__name__: kind for kind in (Accepted, Deferred, Refused, Uncertain)}


class Mark(StrEnum):
    """How far a letter of the window came."""

    WAITING = "."
    TALKING = "T"
    DOT = "D"
    ANSWERED = "R"


@dataclass(frozen=True)
class Found:
    """What a dead worker's file says of one letter. `since_start` is False when a power cut may have eaten marks."""

    letter: UUID
    token: int
    mark: Mark
    outcome: Outcome | None
    host: str
    since_start: bool


class WindowFile:
    """The marks of one window, held open and locked by its worker; a context manager that removes it at the end.

    The claim's ticket names it; that is also the lease's owner in the database.
    """

    def __init__(self, ticket: str) -> None:
        self.ticket = ticket
        self._path = _folder() / ticket
        self._file = self._locked()
        self._first = 0

    def _locked(self) -> int:
        while True:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            # Whoever looks for the dead may have found it, empty and not yet locked, and removed it.
            if os.fstat(file).st_nlink:
                return file
            os.close(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._path.unlink(missing_ok=True)
        os.close(self._file)  # left behind with a fault: whoever looks for the dead settles it

    def prepare(self, letters: Sequence[tuple[UUID, int]]) -> None:
        """Write down the window's letters (id and lease token) and room for every mark; on disk when it returns."""
        head = {"boot": _boot(), "letters": [[str(letter), token] for letter, token in letters]}
        text = json.dumps(head).encode() + b"\n"
        self._first = -(-len(text) // SLOT)
        slots = (Mark.WAITING.encode() + b" " * (SLOT - 2) + b"\n") * len(letters)
        whole = text.ljust(self._first * SLOT - 1, b" ") + b"\n" + slots
        if os.pwrite(self._file, whole, 0) != len(whole):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(self._file)

    def mark(self, index: int, mark: Mark) -> None:
        os.pwrite(self._file, mark.encode(), (self._first + index) * SLOT)

    def answer(self, index: int, outcome: Outcome, host: str) -> None:
        """Keep what the other side said, in one write."""
        said = {"kind": type(outcome).__name__, "host": host, **vars(outcome)}
        longest, text = _TEXT, b""
        while not text or len(text) > SLOT - 3:
            cut = {key: value[:longest] if isinstance(value, str) else value for key, value in said.items()}
            text = _as_json(cut).encode()
            longest //= 2
        os.pwrite(self._file, f"{Mark.ANSWERED} ".encode() + text, (self._first + index) * SLOT)


@dataclass
class Leftover:
    """The file of a worker that is gone, locked by us; `found` is empty when it was cut short or is spoilt."""

    ticket: str
    found: list[Found]


def leftovers() -> Iterator[Leftover]:
    """Files on this machine whose workers are dead. Each is removed when the caller comes back for the next."""
    for path in sorted(_folder().iterdir()):
        try:
            file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Its worker may have ended, and removed it, between our two steps.
            if os.fstat(file).st_nlink:
                yield Leftover(path.name, _read(os.pread(file, os.fstat(file).st_size, 0)))
                path.unlink(missing_ok=True)
        except BlockingIOError:
            continue
        finally:
            os.close(file)


def _read(content: bytes) -> list[Found]:
    line, end, _rest = content.partition(b"\n")
    try:
        head = json.loads(line if end else b"")
    except ValueError:
        return []  # not written to its end, or spoilt
    first = -(-(len(line.rstrip()) + 1) // SLOT)
    since_start = head["boot"] == _boot() != ""
    found = []
    for index, (letter, token) in enumerate(head["letters"]):
        slot = content[(first + index) * SLOT :][:SLOT].decode("utf-8", "replace")
        mark = Mark(slot[:1]) if slot[:1] in set(Mark) else Mark.DOT  # what can't be read proves nothing
        outcome, host = None, ""
        if mark is Mark.ANSWERED:
            with suppress(ValueError):
                said = json.loads(slot[1:])
                host = said.pop("host")
                kind = _KINDS[said.pop("kind")]
                # An acceptance has a field `host` of its own, the same.
                outcome = kind(**said, host=host) if kind is Accepted else kind(**said)
            mark = mark if outcome else Mark.DOT
        found.append(Found(UUID(letter), token, mark, outcome, host, since_start))
    return found


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "spool"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _boot() -> str:
    """This start of the machine; empty where it can't be told, and then nothing is taken as proof."""
    if platform.system() == "Linux":
        with suppress(OSError):
            return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""
