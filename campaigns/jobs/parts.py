"""A job's files, kept in pieces so that nobody ever holds a whole one."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from contacts.models import Job, JobPart

PIECE = 512 * 1024


def store(job: Job, role: str, chunks: Iterable[bytes]) -> int:
    """Keep a file; gives its bytes."""
    position = size = 0
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        size += len(chunk)
        while len(waiting) >= PIECE:
            append(job, role, position, bytes(waiting[:PIECE]))
            del waiting[:PIECE]
            position += 1
    if waiting:
        append(job, role, position, bytes(waiting))
    return size


def append(job: Job, role: str, position: int, data: bytes) -> None:
    JobPart.objects.create(job=job, role=role, position=position, data=data)


def pieces(job: Job, role: str, first: int = 0) -> Iterator[bytes]:
    """The pieces of a file from one on, one in memory at a time."""
    found = JobPart.objects.filter(job=job, role=role, position__gte=first).order_by("position")
    for position in list(found.values_list("position", flat=True)):
        data = found.filter(position=position).values_list("data", flat=True).first()
        if data is not None:
            yield bytes(data)


class PartFile(io.RawIOBase):
    """A job's file as a stream of bytes."""

    def __init__(self, job: Job, role: str) -> None:
        self._pieces = pieces(job, role)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        n = min(len(buffer), len(self._rest))
        buffer[:n] = self._rest[:n]
        self._rest = self._rest[n:]
        return n


def text(job: Job, role: str, encoding: str) -> io.TextIOWrapper:
    """A job's file as text with its line ends, for the csv module."""
    return io.TextIOWrapper(io.BufferedReader(PartFile(job, role), 65536), encoding=encoding, newline="")
