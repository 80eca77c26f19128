"""Python's own smtplib with prebuilt bytes: no database, nothing recorded, nothing composed."""

import smtplib
from functools import partial

from bench.letter import SENDER, prebuilt
from bench.race import answer, command_line, race


def send(port: int, letters: list[tuple[str, bytes]]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for to, raw in letters:
            smtp.sendmail(SENDER, [to], raw)


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--processes", type=int, default=1, help="each with a connection of its own")
    given = parser.parse_args()
    letters = prebuilt(given.letters, plain=given.plain)
    shares = [letters[n :: given.processes] for n in range(given.processes)]
    answer(given.letters, race([partial(send, given.port, share) for share in shares]))


if __name__ == "__main__":
    main()
