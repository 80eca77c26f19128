"""The real web server, Celery worker and beat of a trial, each a process with its log in the trial's folder."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

_PR_SET_PDEATHSIG = 1  # prctl(2): the signal a child gets when its parent dies
STOP_SECONDS = 10
START_SECONDS = 60


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Processes:
    """Starts commands beside this one and, as a context manager, ends them all with everything they started."""

    def __init__(self, root: Path, logs: Path) -> None:
        self.root, self.logs = root, logs
        self._running: list[tuple[str, subprocess.Popen[bytes], IO[bytes]]] = []

    def __enter__(self) -> Self:
        return self

    def start(self, name: str, *arguments: str) -> None:
        """Run a Python module or script; what it says goes to `<name>.log`."""
        log = (self.logs / f"{name}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=_apart,
        )
        self._running.append((name, process, log))

    def web(self, port: int) -> None:
        """The site on a port; `wait_for` it."""
        listen = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
        size = ["--workers", "2", "--blocking-threads", "3", "--log-level", "warning"]
        self.start("web", "-m", "granian", *listen, *size, "config.wsgi:application")

    def workers(self, count: int) -> None:
        """`count` Celery workers, and one beat."""
        celery = ("-m", "celery", "-A", "config")
        alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        for n in range(1, count + 1):
            self.start(
                f"worker{n}", *celery, "worker", "-c", "2", "-n", f"trial{n}@%h", "-l", "WARNING", *alone
            )
        self.start("beat", *celery, "beat", "--pidfile=", "-l", "WARNING")

    def wait_for(self, port: int) -> None:
        """Return when something listens on a port. Raises ProcessEnded."""
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            self.check()
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise ProcessEnded(f"nothing listens on port {port}; see {self.logs}")

    def check(self) -> None:
        """Raise ProcessEnded when one of them is no longer there, with the end of its log."""
        for name, process, _log in self._running:
            if process.poll() is not None:
                said = (self.logs / f"{name}.log").read_text(errors="replace")[-2000:]
                raise ProcessEnded(f"{name} ended with code {process.returncode}:\n{said}")

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _name, process, _log in self._running:
            if process.poll() is None:
                process.terminate()
        give_up = time.monotonic() + STOP_SECONDS
        for _name, process, log in self._running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, give_up - time.monotonic()))
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # and what it started
            process.wait()
            log.close()
        self._running = []


class ProcessEnded(RuntimeError):
    """A process the trial needs is not there."""


def _apart() -> None:
    os.setsid()  # Ctrl-C reaches the trial alone, which then ends the others
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
