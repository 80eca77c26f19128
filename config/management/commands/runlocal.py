"""`manage.py runlocal`: web server, Celery worker, beat and mailbox as one process tree, for one machine."""

import os
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.supervisor import Child, Supervisor
from contacts.models import Organization, User

_STARTUP_SECONDS = 60


class Command(BaseCommand):
    help = "Run everything on this machine: web, worker, beat and mailbox. Ctrl-C stops it all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument(
            "--no-demo", action="store_true", help="Do not load the demo into a fresh database."
        )
        parser.add_argument("--workers", type=int, default=1, help="How many Celery workers to start.")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if settings.PRODUCTION:
            raise CommandError(
                "runlocal is for the embedded size. In production run web, worker and beat separately."
            )
        self._need_free(host, port, "web server", "PORT")
        self._need_free("127.0.0.1", settings.MAILBOX_PORT, "mailbox", "MAILBOX_PORT")
        # Children read the same settings, so that links in mails lead to this port.
        os.environ.update(HOST=host, PORT=str(port))
        # Celery's advice to root is for servers; a trial in a container often has no other account.
        os.environ.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser privileges")
        call_command("migrate", verbosity=0, interactive=False)
        if not options["no_demo"] and not Organization.objects.exists():
            self.stdout.write("Loading the demo …")
            call_command("load_demo", verbosity=0)
        greeting = self._greeting(host, port)
        supervisor = Supervisor(_children(host, port, options["workers"]), self.stderr.write)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        try:
            supervisor.start()
            self._wait_for_web(supervisor, host, port)
            self.stdout.write(greeting)
            self.stdout.flush()
            while True:
                supervisor.look_after()
                time.sleep(0.5)
        except KeyboardInterrupt:
            # A second Ctrl-C must not leave children behind.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self.stdout.write("\nStopping …")
        finally:
            supervisor.stop()

    def _need_free(self, host: str, port: int, what: str, setting: str) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} on {host} for the {what} is not free ({error.strerror}). "
                    f"Choose another: {setting}={port + 1} make run"
                ) from error

    def _wait_for_web(self, supervisor: Supervisor, host: str, port: int) -> None:
        """Return when the web server listens, or after a minute: a slow machine may still get there."""
        reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not listened on
        give_up = time.monotonic() + _STARTUP_SECONDS
        while time.monotonic() < give_up:
            try:
                socket.create_connection((reach, port), timeout=1).close()
            except OSError:
                supervisor.look_after()
                time.sleep(0.1)
            else:
                return

    def _greeting(self, host: str, port: int) -> str:
        site = f"http://{host}:{port}"
        lines = [
            "",
            f"  Outspoken is running       {site}/",
            f"  Console for organizers     {site}/console/",
            f"  Mailbox (all mail stays)   {site}/mailbox/",
            f"  API for developers         {site}/api/",
        ]
        password = settings.DATA_DIR / "demo-password"
        if password.exists():
            emails = User.objects.filter(email__endswith="@demo.example").order_by("email")
            lines += ["", f"  Demo accounts, one password for all: {password.read_text().strip()}"]
            lines += [f"    {email}" for email in emails.values_list("email", flat=True)]
        lines += ["", f"  Ctrl-C stops everything. Your data stays in {settings.DATA_DIR}", ""]
        return "\n".join(lines)


def _children(host: str, port: int, workers: int) -> list[Child]:
    """The processes in the order they start; they stop in the reverse."""
    python = sys.executable
    manage = str(settings.BASE_DIR / "manage.py")
    celery = [python, "-m", "celery", "--quiet", "-A", "config"]
    # One machine has nobody to gossip with.
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    web = [
        python,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    return [
        Child("mailbox", [python, manage, "mailbox"]),
        *(
            Child(
                f"worker {n}", [*celery, "worker", "-c", "2", "-n", f"worker{n}@%h", "-l", "WARNING", *alone]
            )
            for n in range(1, workers + 1)
        ),
        Child("beat", [*celery, "beat", "--pidfile=", "-l", "WARNING"]),
        Child("web", [*web, "--blocking-threads", "4", "--log-level", "warning", "config.wsgi:application"]),
    ]


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
