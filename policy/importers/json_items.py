"""JSON read item by item, plain or in a zip: memory stays flat, errors know their line, bombs are refused."""

import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from contacts.importers.rows import FilesMissing

_CHUNK = 256 * 1024
# A bill with its whole text in it has a few hundred kilobytes.
_MOST_ITEM = 4_000_000
_MOST_MEMBERS = 50
# What a page of an API calls its items: Open States, Open Referral.
_PAGES = ("results", "contents")
_SPACE = " \t\r\n,"


def items_of_file(stream: BinaryIO, name: str, most_bytes: int) -> Iterator[tuple[str, Any]]:
    """Items as (`file:line`, item): of a list, of an API page, one on its own, or one a line.

    A zip gives those of its .json files. Raises FilesMissing for what is neither, cut short or too large.
    """
    if stream.read(4) == b"PK\x03\x04":
        stream.seek(0)
        yield from _of_zip(stream, name, most_bytes)
        return
    stream.seek(0)
    yield from _items(_Bounded(stream, name, most_bytes), name)


def _of_zip(stream: BinaryIO, name: str, most_bytes: int) -> Iterator[tuple[str, Any]]:
    try:
        with zipfile.ZipFile(stream) as archive:
            members = [member for member in archive.infolist() if member.filename.endswith(".json")]
            if not members or len(members) > _MOST_MEMBERS:
                raise FilesMissing(f"{name}: the archive must hold 1 to {_MOST_MEMBERS} .json files.")
            left = most_bytes
            for member in members:
                label = member.filename.rpartition("/")[2][:80]
                with archive.open(member) as file:
                    bounded = _Bounded(file, label, left)
                    yield from _items(bounded, label)
                    left = bounded.left
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ) as fault:
        raise FilesMissing(f"{name}: the archive can't be read.") from fault


class _Bounded(io.RawIOBase):
    """The first bytes of a stream; more than that is an error, whatever its size claims to be."""

    def __init__(self, stream: Any, name: str, most: int) -> None:
        self.stream, self.name, self.left = stream, name, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.stream.read(len(buffer))
        self.left -= len(data)
        if self.left < 0:
            raise FilesMissing(f"{self.name}: larger than this import takes.")
        buffer[: len(data)] = data
        return len(data)


def _items(stream: _Bounded, name: str) -> Iterator[tuple[str, Any]]:
    text = io.TextIOWrapper(io.BufferedReader(stream, _CHUNK), encoding="utf-8-sig")
    decoder, buffer, line, is_list, is_over = json.JSONDecoder(), "", 1, False, False
    try:
        while True:
            rest = buffer.lstrip(_SPACE)
            line += buffer.count("\n", 0, len(buffer) - len(rest))
            buffer = rest
            if not buffer:
                buffer = text.read(_CHUNK)
                if buffer:
                    continue
                if is_list and not is_over:
                    raise FilesMissing(f"{name}:{line}: the list ends in the middle.")
                return
            if buffer[0] == "[" and not is_list:
                is_list, buffer = True, buffer[1:]
                continue
            if buffer[0] == "]" and is_list:
                is_over, buffer = True, buffer[1:]
                continue
            item, end, buffer = _decode(decoder, buffer, text, f"{name}:{line}")
            where, used = f"{name}:{line}", buffer[:end]
            line, buffer = line + used.count("\n"), buffer[end:]
            for found in _on_page(item):
                yield where, found
    except UnicodeDecodeError as fault:
        raise FilesMissing(f"{name}:{line}: not text in UTF-8.") from fault


def _on_page(item: Any) -> list[Any]:
    """What an API's page holds; anything else by itself."""
    pages = [item[key] for key in _PAGES if isinstance(item.get(key), list)] if isinstance(item, dict) else []
    return pages[0] if pages else [item]


def _decode(
    decoder: json.JSONDecoder, buffer: str, text: io.TextIOWrapper, where: str
) -> tuple[Any, int, str]:
    """One value from the start of the buffer, which is filled up until it holds the whole."""
    size = _CHUNK
    while True:
        try:
            item, end = decoder.raw_decode(buffer)
            if end < len(buffer) or not isinstance(item, int | float):
                return item, end, buffer
        except RecursionError as fault:
            raise FilesMissing(f"{where}: nested too deeply.") from fault
        except ValueError as fault:
            if len(buffer) > _MOST_ITEM:
                raise FilesMissing(f"{where}: one item has more than {_MOST_ITEM:,} characters.") from fault
            if not (more := text.read(size)):
                raise FilesMissing(f"{where}: not valid JSON.") from fault
            buffer, size = buffer + more, size * 2
        else:
            if not (more := text.read(size)):
                return item, end, buffer
            buffer += more
