"""HTTP requests that were made beforehand, over kept-alive connections, as fast as the answers come."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles

_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


@dataclass
class Answers:
    """What came back: how many of each status, how long each took (seconds), and how long it all took."""

    statuses: dict[int, int] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    def p99_ms(self) -> float:
        return quantiles(self.waits, n=100)[98] * 1000


def request(port: int, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One request as it goes over the wire."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def send_all(port: int, requests: Sequence[bytes], connections: int) -> Answers:
    """Send them all, each connection its next as soon as its last was answered. Raises on a lost connection."""
    return asyncio.run(_send_all(port, requests, connections))


async def _send_all(port: int, requests: Sequence[bytes], connections: int) -> Answers:
    answers = Answers()
    waiting = iter(requests)
    streams = [await asyncio.open_connection("127.0.0.1", port, limit=2**20) for _ in range(connections)]
    begun = time.perf_counter()
    await asyncio.gather(*(_converse(reader, writer, waiting, answers) for reader, writer in streams))
    answers.seconds = time.perf_counter() - begun
    for _reader, writer in streams:
        writer.close()
    return answers


async def _converse(reader, writer, waiting, answers: Answers) -> None:
    for data in waiting:
        begun = time.perf_counter()
        writer.write(data)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length:
            await reader.readexactly(int(length[1]))
        else:  # in chunks, none of which is empty but the last
            await reader.readuntil(b"0\r\n\r\n")
        answers.waits.append(time.perf_counter() - begun)
        status = int(_STATUS.match(head)[1])
        answers.statuses[status] = answers.statuses.get(status, 0) + 1
