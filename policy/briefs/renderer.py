"""A warm press and its reins: limits of time, started again when it ends or grows, one order at a time."""

import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from django.conf import settings

from policy.briefs import press
from policy.errors import AssetRefused, BriefOverLimits, BriefTooLarge

# A brief takes a third of a second and 150 MB; these are the ends of what may go wrong.
MEMORY_MB = 1200
CPU_SECONDS = 20
WALL_SECONDS = 40
# For each further document in one order (letters to print).
SECONDS_MORE = 0.5
# Memory that a press keeps after an order; beyond it the next order gets a fresh one.
GROWN_MB = 400
# To load libraries, fonts and stylesheets: two seconds, and more on a machine that is busy.
START_SECONDS = 45
# All that the press is told of the world it runs in.
ENVIRONMENT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "FONTCONFIG_PATH",
    "FONTCONFIG_FILE",
    "DYLD_FALLBACK_LIBRARY_PATH",
)


@dataclass(frozen=True)
class Order:
    """HTML documents to set one after the other into one PDF, and the stylesheets to set them with."""

    pages: Sequence[str]
    sheets: Sequence[str]
    closer: Sequence[str] = ()
    tagged: bool = True
    identifier: str = ""
    most_pages: int = 60
    colour: str = ""  # takes the place of the accent
    files: Mapping[str, bytes] | None = None


@dataclass(frozen=True)
class Pressed:
    content: bytes
    pages: list[int]


class Renderer:
    """One press in a process of its own. Safe to share between threads: orders wait for each other."""

    def __init__(
        self,
        *,
        memory_mb: int = MEMORY_MB,
        cpu_seconds: int = CPU_SECONDS,
        wall_seconds: float = WALL_SECONDS,
    ) -> None:
        self.memory_mb, self.cpu_seconds, self.wall_seconds = memory_mb, cpu_seconds, wall_seconds
        self.started = 0
        self.memory = 0  # MB that the press held after its last order
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def render(self, order: Order) -> Pressed:
        """The PDF of an order. Raises BriefTooLarge, BriefOverLimits, AssetRefused, or RuntimeError for a fault."""
        more = SECONDS_MORE * (len(order.pages) - 1)
        frame = json.dumps(
            {
                "pages": list(order.pages),
                "sheets": list(order.sheets),
                "closer": list(order.closer),
                "tagged": order.tagged,
                "identifier": order.identifier,
                "most_pages": order.most_pages,
                "colour": order.colour,
                "files": {
                    name: base64.b64encode(content).decode() for name, content in (order.files or {}).items()
                },
                "seconds": int(self.cpu_seconds + more),
            }
        ).encode()
        with self._turn:
            facts, content = self._ask(frame, self.wall_seconds + more)
        if facts["error"] == "large":
            raise BriefTooLarge
        if facts["error"] == "memory":
            raise BriefOverLimits("memory")
        if facts["error"] == "asset":
            raise AssetRefused
        if facts["error"]:
            raise RuntimeError(facts["trace"])
        return Pressed(content, facts["pages"])

    def stop(self) -> None:
        """End the press; the next order starts a fresh one."""
        with self._turn:
            self._end()

    def _ask(self, frame: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        process = self._ready()
        is_late = threading.Event()

        def too_late() -> None:
            is_late.set()
            process.kill()

        clock = threading.Timer(seconds, too_late)
        clock.start()
        try:
            press.send(_pipe(process.stdin), frame)
            head = press.receive(_pipe(process.stdout))
            content = press.receive(_pipe(process.stdout)) if head is not None else None
        except OSError:
            head = content = None
        except BaseException:
            # Somebody gave up waiting: the answer still to come must not be taken for the next one's.
            self._end()
            raise
        finally:
            clock.cancel()
        if head is None or content is None:
            with contextlib.suppress(subprocess.TimeoutExpired):  # to learn how it ended
                process.wait(1)
            self._end()
            raise BriefOverLimits(_which(is_late.is_set(), process.returncode))
        facts: dict[str, Any] = json.loads(head)
        self.memory = facts["memory"]
        if facts["error"] or facts["memory"] > GROWN_MB:
            self._end()
        return facts, content

    def _ready(self) -> "subprocess.Popen[bytes]":
        """The press that waits, or a fresh one: when there is none, it died, or it belongs to a parent process."""
        if self._process and self._owner == os.getpid():
            if self._process.poll() is None:
                return self._process
            self._end()
        static = Path(settings.BASE_DIR) / "static"
        folder = tempfile.mkdtemp(prefix="press-")
        program = [sys.executable, "-I", press.__file__, str(static), folder, str(self.memory_mb), *WARMED]
        self._process = subprocess.Popen(  # noqa: S603  # our own program and nobody's words
            program,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        )
        self._owner = os.getpid()
        self.started += 1
        self._finish = weakref.finalize(self, _end, self._process, self._owner, folder)
        clock = threading.Timer(START_SECONDS, self._process.kill)
        clock.start()
        try:
            greeting = press.receive(_pipe(self._process.stdout))
        except BaseException:
            # Somebody gave up waiting: its greeting must not be taken for the answer to an order.
            self._end()
            raise
        finally:
            clock.cancel()
        if greeting is None:
            self._end()
            raise RuntimeError("The press did not start. Is Pango installed?")
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._finish()
            self._process = None


def _which(is_late: bool, code: int) -> str:
    """The limit that ended a press, by whether its time was over and how it ended."""
    if is_late:
        return "time"
    # Libraries in C abort when they get no memory.
    if code in {press.OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGTRAP}:
        return "memory"
    return "processor" if code == -signal.SIGXCPU else "ended"


def _end(process: "subprocess.Popen[bytes]", owner: int, folder: str) -> None:
    if owner != os.getpid():
        return  # a forked child must not end its parent's press
    process.kill()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # what was still to be written finds nobody any more
            _pipe(pipe).close()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)


def _pipe(pipe: IO[bytes] | None) -> BinaryIO:
    if pipe is None:
        raise ValueError("a press is always started with pipes")
    return cast(BinaryIO, pipe)


# Read at the start, so that the first brief waits no longer than the others.
WARMED = ("css/tokens.css", "css/brief.css", "css/brief_print.css")
