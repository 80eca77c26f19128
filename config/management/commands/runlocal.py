"""`manage.py runlocal`: web server, Celery worker, beat and mailbox as one process tree, for one machine."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from contacts.models import Organization, User

_PR_SET_PDEATHSIG = 1  # linux/prctl.h: a child gets this signal when its parent dies
_STOP_SECONDS = 15
_LONGEST_PAUSE = 30.0


@dataclass
class Child:
    """A supervised process: started again when it ends, after a pause that doubles."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = 0.5
    started: float = 0.0
    again_at: float = 0.0
    env: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  # our own commands, no shell
            self.command, env={**os.environ, **self.env}, preexec_fn=_own_group
        )

    def stop(self) -> None:
        """Ask it to end, and end its whole group when it does not."""
        process = self.process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _own_group() -> None:
    os.setsid()  # Ctrl-C reaches the supervisor alone, which stops its children in order
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Command(BaseCommand):
    help = "Run everything on this machine: web, worker, beat and mailbox. Ctrl-C stops it all."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--no-demo", action="store_true", help="Do not load the demo into a fresh database.")
        parser.add_argument("--workers", type=int, default=1, help="Celery worker processes.")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if settings.PRODUCTION:
            raise CommandError("runlocal is for the embedded size. In production run web, worker and beat separately.")
        for name, number in (("web server", port), ("mailbox", settings.MAILBOX_PORT)):
            if not _free(host if name == "web server" else "127.0.0.1", number):
                raise CommandError(
                    f"Port {number} for the {name} is in use. "
                    f"Set {'PORT' if name == 'web server' else 'MAILBOX_PORT'} to a free one."
                )
        call_command("migrate", verbosity=0, interactive=False)
        if not options["no_demo"] and not Organization.objects.exists():
            self.stdout.write("Loading the demo …")
            call_command("load_demo", verbosity=0)
        children = self._children(host, port, options["workers"])
        signal.signal(signal.SIGTERM, _as_interrupt)
        signal.signal(signal.SIGINT, _as_interrupt)
        try:
            for child in children:
                child.start()
            self._greet(host, port)
            while True:
                time.sleep(0.5)
                for child in children:
                    self._keep_alive(child)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            for child in reversed(children):
                child.stop()

    def _children(self, host: str, port: int, workers: int) -> list[Child]:
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "-A", "config"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
        # The worker's pool is of threads on SQLite, where one writer is all there is; each worker is a process.
        return [
            Child("mailbox", [sys.executable, "manage.py", "mailbox"]),
            *(
                Child(
                    f"worker {n + 1}",
                    [*celery, "worker", "--pool", "prefork", "--concurrency", "2", "-n", f"worker{n + 1}@%h", *quiet],
                )
                for n in range(workers)
            ),
            Child("beat", [*celery, "beat", "--pidfile=", "--loglevel", "WARNING"]),
            Child(
                "web",
                [
                    *python,
                    "granian",
                    "--interface",
                    "wsgi",
                    "--host",
                    host,
                    "--port",
                    str(port),
                    "--workers",
                    "1",
                    "--blocking-threads",
                    "4",
                    "--log-level",
                    "warning",
                    "config.wsgi:application",
                ],
            ),
        ]

    def _keep_alive(self, child: Child) -> None:
        process = child.process
        if process is not None and process.poll() is None:
            if time.monotonic() - child.started > 60:
                child.pause = 0.5
            return
        if process is not None:
            self.stderr.write(f"{child.name} ended ({process.returncode}); starting it again in {child.pause:g} s")
            child.process, child.again_at = None, time.monotonic() + child.pause
            child.pause = min(child.pause * 2, _LONGEST_PAUSE)
        elif time.monotonic() >= child.again_at:
            child.start()

    def _greet(self, host: str, port: int) -> None:
        site = f"http://{host}:{port}"
        lines = [
            "",
            f"  Outspoken is running       {site}/",
            f"  Console for organizers     {site}/console/",
            f"  Mailbox (all mail stays)   {site}/mailbox/",
            f"  API                        {site}/api/schema/",
        ]
        password = settings.DATA_DIR / "demo-password"
        if password.exists():
            secret = password.read_text().strip()
            lines += ["", "  Demo accounts, one password for all: " + secret]
            for user in User.objects.filter(email__endswith="@demo.example").order_by("email"):
                lines.append(f"    {user.email}")
        lines += ["", "  Ctrl-C stops everything. Your data stays in " + str(settings.DATA_DIR), ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


