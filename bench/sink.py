"""A mail server that takes everything, keeps nothing and counts: fast enough not to be what is measured.

One thread around a selector, in a process of its own: `python -m bench.sink --delay-ms 5` prints its port. It speaks
EHLO, HELO, MAIL, RCPT, DATA, RSET, NOOP and QUIT, with PIPELINING. `XCNT` answers how many letters were taken.
"""

import argparse
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Self

_HELLO = b"250-sink.example\r\n250-PIPELINING\r\n250-SIZE 33554432\r\n250 8BITMIME\r\n"
_REPLIES = {
    b"EHLO": _HELLO,
    b"HELO": b"250 sink.example\r\n",
    b"MAIL": b"250 2.1.0 fine\r\n",
    b"RCPT": b"250 2.1.5 fine\r\n",
    b"DATA": b"354 go on, end with a dot\r\n",
    b"RSET": b"250 2.0.0 fine\r\n",
    b"NOOP": b"250 2.0.0 fine\r\n",
    b"QUIT": b"221 2.0.0 goodbye\r\n",
}
_END = b"\r\n.\r\n"


class Visit:
    """One connection: what came and was not yet read, and whether a letter is coming."""

    __slots__ = ("coming", "is_letter", "link")

    def __init__(self, link: socket.socket) -> None:
        self.link, self.coming, self.is_letter = link, b"", False


class CountingSink:
    """All connections in one loop. Every reply leaves `delay` seconds after what it answers came in."""

    def __init__(self, delay: float = 0) -> None:
        self.delay, self.count = delay, 0
        self._owed: deque[tuple[float, socket.socket, bytes]] = deque()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._door.setblocking(False)
        self.port = self._door.getsockname()[1]
        self._watch = selectors.DefaultSelector()
        self._watch.register(self._door, selectors.EVENT_READ)
        self._watch.register(sys.stdin, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until standard input ends, which it does when whoever started this dies."""
        while True:
            wait = max(self._owed[0][0] - time.monotonic(), 0) if self._owed else None
            for key, _events in self._watch.select(wait):
                if key.data is not None:
                    self._hear(key.data)
                elif key.fileobj is self._door:
                    self._greet()
                elif not sys.stdin.buffer.raw.read(4096):
                    return
            while self._owed and self._owed[0][0] <= time.monotonic():
                _due, link, replies = self._owed.popleft()
                self._say(link, replies)

    def _greet(self) -> None:
        link, _address = self._door.accept()
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._watch.register(link, selectors.EVENT_READ, Visit(link))
        self._answer(link, b"220 sink.example ESMTP\r\n")

    def _hear(self, visit: Visit) -> None:
        try:
            heard = visit.link.recv(262144)
        except OSError:
            heard = b""
        if not heard:
            self._watch.unregister(visit.link)
            visit.link.close()
            return
        visit.coming += heard
        replies = self._read(visit)
        if replies:
            self._answer(visit.link, replies)

    def _read(self, visit: Visit) -> bytes:
        """Go through all that came; gives the replies to it, in order."""
        coming, at, replies = visit.coming, 0, b""
        while True:
            if visit.is_letter:
                end = coming.find(_END, at)
                if end < 0:
                    break
                at, visit.is_letter = end + len(_END), False
                self.count += 1
                replies += b"250 2.0.0 accepted\r\n"
                continue
            end = coming.find(b"\r\n", at)
            if end < 0:
                break
            verb = coming[at : at + 4].upper()
            at = end + 2
            visit.is_letter = verb == b"DATA"
            if verb == b"XCNT":
                replies += b"250 %d\r\n" % self.count
            else:
                replies += _REPLIES.get(verb, b"502 5.5.1 not here\r\n")
        visit.coming = coming[at:]
        return replies

    def _answer(self, link: socket.socket, replies: bytes) -> None:
        if self.delay:
            self._owed.append((time.monotonic() + self.delay, link, replies))
        else:
            self._say(link, replies)

    @staticmethod
    def _say(link: socket.socket, replies: bytes) -> None:
        with suppress(OSError):  # they went; the loop hears of it
            link.sendall(replies)  # short: always fits


class Sink:
    """A counting sink in a process of its own, as a context manager; it ends with the process that started it."""

    def __init__(self, delay_ms: float = 0) -> None:
        self.delay_ms = delay_ms

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "bench.sink", "--delay-ms", str(self.delay_ms)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self._process.stdout.readline())  # type: ignore[union-attr]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def count(self) -> int:
        """How many letters it has taken so far."""
        return count_at(self.port)


def count_at(port: int) -> int:
    """How many letters the sink at this port has taken so far."""
    with socket.create_connection(("127.0.0.1", port)) as link, link.makefile("rwb") as lines:
        lines.readline()
        lines.write(b"XCNT\r\n")
        lines.flush()
        return int(lines.readline().split()[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--delay-ms", type=float, default=0, help="before each reply")
    sink = CountingSink(parser.parse_args().delay_ms / 1000)
    print(sink.port, flush=True)
    sink.serve()


if __name__ == "__main__":
    main()
