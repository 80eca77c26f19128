"""Named moments at which a worker kills itself: before and after each step of a window."""

import os
import signal

from campaigns.channels.email import SmtpSession
from campaigns.delivery import ledger, results
from campaigns.delivery.spool import WindowFile

STEPS = {
    "claim": (ledger, "claim"),
    "spool": (WindowFile, "prepare"),
    "intent": (ledger, "intend"),
    "begin": (SmtpSession, "begin"),
    "mark": (WindowFile, "mark"),
    "dot": (SmtpSession, "finish"),
    "answer": (WindowFile, "answer"),
    "record": (results, "record_all"),
    "release": (ledger, "release"),
    "unlink": (WindowFile, "__exit__"),
}


def points_of(steps):
    """Both sides of every step."""
    return [(step, when) for step in steps.values() for when in ("before", "after")]


POINTS = points_of(STEPS)


def die_at(step, when, times):
    """Make this process die the `times`-th time it comes to a step, before or after it."""
    owner, attribute = step
    original = getattr(owner, attribute)
    left = [times]

    def step(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **kwargs)
        if left[0] == 0 and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, attribute, step)
