"""Outspoken's sending workers: letters in the database, over the wire, back into the database.

Claims, intents, attempts, history and results are written as in production, with the same windows.
"""

import os
import tempfile
from pathlib import Path

from bench.race import answer, command_line, race
from bench.world import World, empty, set_up


def send() -> None:
    """What a worker does until nothing is queued."""
    from campaigns.delivery import dispatcher

    while dispatcher.send_windows(seconds=20):
        pass


def compose_and_send() -> None:
    """The same with freezing in between, as the tick does it: one process, nothing at the same time."""
    from campaigns.delivery import dispatcher, freeze

    while freeze.queue_due(dispatcher.QUEUE_AHEAD):
        send()


def make_key(domain: str) -> None:
    from campaigns.delivery import dkim

    dkim.make_key(domain)


def warm() -> None:
    """A connection to the database and everything imported, as in a worker that has been running."""
    from django.db import connection

    from campaigns.delivery import dispatcher  # noqa: F401

    connection.ensure_connection()


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--compose", action="store_true", help="time composing and freezing, too")
    parser.add_argument(
        "--signed", action="store_true", help="with a DKIM signature (RSA, 2048 bits) a letter"
    )
    parser.add_argument("--connections", type=int, default=1, help="to the sink, of each worker")
    given = parser.parse_args()
    os.environ["SMTP_CONNECTIONS_PER_WORKER"] = str(given.connections)
    with tempfile.TemporaryDirectory(prefix="outspoken-bench-") as name:
        if given.signed:
            os.environ["DKIM_KEYS"] = name
        set_up(Path(name), given.port)
        from django.db import connections

        empty()
        world = World()
        if given.signed:
            make_key(world.drive.campaign.organization.mail_domain)
        if given.compose:
            world.plan(given.letters)
        else:
            world.queue(given.letters, plain=given.plain)
        warm()
        connections.close_all()
        work = compose_and_send if given.compose else send
        seconds = race([work] * given.workers, ready=warm)
        world.check(given.letters, is_signed=given.signed)
        answer(given.letters, seconds)


if __name__ == "__main__":
    main()
