"""Whether a worker's lease still holds, as the worker itself can tell."""

import time
from threading import Lock

from campaigns.delivery import ledger

# Goes on while a process is stopped, and on Linux while the machine sleeps.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
# After this no letter of a window is begun any more: with the wait for the last answer it ends within its lease.
WINDOW_SECONDS = 120


class LeaseClock:
    """The lease of one claim. Made before the intent is written: from a moment before the database's, never after it.

    A worker may be frozen at any moment, also while its intent is being committed; what it finds when it goes on must
    not look fresh.
    """

    def __init__(self, ticket: str) -> None:
        self.ticket = ticket
        self.begun = self.renewed = _seconds()
        self.holds_for = (ledger.lease() - ledger.margin()).total_seconds()
        self._renewing = Lock()

    def out_of_time(self) -> bool:
        """Long enough for one window: the relay is slow, and the letters not begun go back."""
        return _seconds() - self.begun > min(WINDOW_SECONDS, self.holds_for)

    def good(self) -> bool:
        """Renews the lease in good time; False when it is over."""
        if _seconds() - self.renewed < self.holds_for / 2:
            return True
        with self._renewing:
            asked = _seconds()
            held = asked - self.renewed
            if held < self.holds_for / 2:
                return True
            if held >= self.holds_for or not ledger.renew(self.ticket):
                return False
            self.renewed = asked
            return True


def _seconds() -> float:
    return time.clock_gettime(_CLOCK)
