"""Small helps for tests that start processes."""

import socket
import time


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(ask, seconds=60.0, errors=(OSError,)):
    """What `ask` gives once it gives something without an error; fails after `seconds`, which a busy machine may need."""
    give_up = time.monotonic() + seconds
    while True:
        try:
            answer = ask()
            if answer:
                return answer
        except errors:
            answer = None
        assert time.monotonic() < give_up, f"still not so after {seconds} s"
        time.sleep(0.1)
