"""Keeps a few processes of one machine running; in production systemd or containers do this instead."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings

_PR_SET_PDEATHSIG = 1  # prctl(2): the signal a child gets when its parent dies
_STOP_SECONDS = 15
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds before a process that ended starts again
_STEADY_SECONDS = 60  # having run so long, the next pause is the first one again


@dataclass
class Child:
    """A process to keep running, with its whole process group."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = _FIRST_PAUSE
    started: float = 0.0
    again_at: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  # our own commands, no shell
            self.command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            preexec_fn=_leave_terminal,  # safe: the supervisor has one thread
        )

    def stop(self) -> None:
        """Ask it to end, wait, then end whatever is left of its group."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_STOP_SECONDS)
        self.end_group()
        self.process.wait()
        self.process = None

    def end_group(self) -> None:
        """Kill what still runs of its group, such as the children of a worker that was itself killed."""
        if self.process is None:
            return
        # macOS refuses permission where the group holds zombies only.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Starts children in order, restarts the one that ends, stops them in reverse order."""

    def __init__(self, children: Sequence[Child], say: Callable[[str], object]) -> None:
        self.children = children
        self.say = say

    def start(self) -> None:
        for child in self.children:
            child.start()

    def look_after(self) -> None:
        """Notice who ended, and start those whose pause is over."""
        for child in self.children:
            if child.process is None:
                if time.monotonic() >= child.again_at:
                    child.start()
            elif child.process.poll() is not None:
                self._plan_restart(child, child.process.returncode)

    def _plan_restart(self, child: Child, code: int) -> None:
        if time.monotonic() - child.started > _STEADY_SECONDS:
            child.pause = _FIRST_PAUSE
        self.say(f"{child.name} ended (code {code}); it starts again in {child.pause:g} s")
        child.end_group()
        child.process, child.again_at = None, time.monotonic() + child.pause
        child.pause = min(child.pause * 2, _LONGEST_PAUSE)

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()


def _leave_terminal() -> None:
    os.setsid()  # Ctrl-C reaches the supervisor alone, which stops its children in order
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
