"""Bare sockets with prebuilt bytes and PIPELINING (RFC 2920): what the sink can take, at least."""

import socket
from functools import partial

from bench.letter import SENDER, prebuilt
from bench.race import answer, command_line, race


def send(port: int, letters: list[tuple[str, bytes]]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as link, link.makefile("rb") as replies:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        body = b"EHLO bench.example\r\n"
        owed = 1 + 4
        for to, raw in letters:
            link.sendall(
                b"%bMAIL FROM:<%b>\r\nRCPT TO:<%b>\r\nDATA\r\n" % (body, SENDER.encode(), to.encode())
            )
            _read(replies, owed)
            body, owed = raw + b".\r\n", 4
        link.sendall(body + b"QUIT\r\n")
        _read(replies, 2)


def _read(replies, count: int) -> None:
    """So many replies; a line with a hyphen after its code is not the last of its reply."""
    while count:
        count -= replies.readline()[3:4] != b"-"


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    letters = prebuilt(given.letters, plain=given.plain)
    shares = [letters[n :: given.processes] for n in range(given.processes)]
    answer(given.letters, race([partial(send, given.port, share) for share in shares]))


if __name__ == "__main__":
    main()
