"""`manage.py demo`: the whole path at the terminal, in a data folder and database of its own."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from argparse import SUPPRESS, ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from campaigns.demo.browser import LostVisitor
from campaigns.demo.grown import own_database, own_part_of_redis
from campaigns.demo.processes import ProcessEnded, free_port
from campaigns.demo.sink import SinkProcess
from campaigns.demo.trial import Order, Result, Stuck, run

# Of whom one minute sees everything through on two cores: signed, confirmed, written to, printed.
PEOPLE_A_MINUTE = 1000
_PR_SET_PDEATHSIG = 1  # prctl(2): the signal a child gets when its parent dies
# Settings of the ordinary installation that a trial must not inherit.
NOT_INHERITED = [
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_URL",
    "REDIS_URL",
    "CACHE_URL",
    "ALLOWED_HOSTS",
]


class Command(BaseCommand):
    help = "Go the whole path once, through real HTTP, worker and mail server, and check what arrived."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--data",
            type=Path,
            help="Folder with us-congress/ and us-zip/; without it, an invented region is used.",
        )
        parser.add_argument("--supporters", type=_positive, default=1000, metavar="N")
        parser.add_argument(
            "--workers", type=_positive, default=1, metavar="N", help="Celery workers to start."
        )
        parser.add_argument("--json", action="store_true", help="Print the result as JSON in the last line.")
        parser.add_argument("--keep", action="store_true", help="Leave data folder and database for a look.")
        # The command starts itself again with settings of its own; these are for that second start.
        parser.add_argument("--inside", type=Path, help=SUPPRESS)
        parser.add_argument("--web-port", type=int, help=SUPPRESS)
        parser.add_argument("--pdfs", type=Path, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        try:
            code = self._inside(options) if options["inside"] else self._outside(options)
        except KeyboardInterrupt:
            if not options["inside"]:  # or both starts would say it
                self.stderr.write("Stopped.")
            code = 130
        if code:
            sys.exit(code)

    # The first start: a folder, a mail server, perhaps a database; then the second start in them.

    def _outside(self, options: dict[str, Any]) -> int:
        if options["data"] and not (options["data"] / "us-congress").is_dir():
            raise CommandError(
                f"{options['data']} has no folder us-congress. The README says where to get the data."
            )
        folder = Path(tempfile.mkdtemp(prefix="outspoken-demo-"))
        os.environ["PYTHONPATH"] = str(settings.BASE_DIR)  # so that the sink is found from any folder
        self.stdout.write(f"A trial in {folder}; your own data is not touched.")
        minutes = 1 + options["supporters"] // PEOPLE_A_MINUTE
        self.stdout.write(
            f"It takes about {minutes} minute{'' if minutes == 1 else 's'}, longer on a busy machine. Ctrl-C ends it."
        )
        with ExitStack() as stack:
            if not options["keep"]:
                stack.callback(shutil.rmtree, folder, ignore_errors=True)
            sink = stack.enter_context(SinkProcess(folder / "sink.jsonl", keep=folder / "mails"))
            port = free_port()
            environment = self._environment(folder, sink.port, port, stack, options["keep"])
            code = self._start_inside(options, folder, port, environment)
        if options["keep"]:
            self.stderr.write(f"Kept: OUTSPOKEN_DATA_DIR={folder}")
        return code

    def _environment(
        self, folder: Path, smtp_port: int, web_port: int, stack: ExitStack, keep: bool
    ) -> dict[str, str]:
        """The second start's settings: embedded, or grown where the ordinary installation is."""
        environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        # Set, if only to nothing: what is missing would be read from the file .env.
        environment.update(dict.fromkeys(NOT_INHERITED, ""))
        environment.update(
            OUTSPOKEN_ENV="embedded",
            OUTSPOKEN_DATA_DIR=str(folder),
            ALLOWED_HOSTS="127.0.0.1",
            SITE_URL=f"http://127.0.0.1:{web_port}",
            EMAIL_URL=f"smtp://127.0.0.1:{smtp_port}",
            DEFAULT_FROM_EMAIL="no-reply@outspoken.example",
            TRUSTED_PROXY_COUNT="1",
            TICK_SECONDS="1",
            LOG_LEVEL="WARNING",
        )
        url = os.environ.get("DATABASE_URL", "")
        if connection.vendor == "postgresql":
            try:
                environment["DATABASE_URL"] = stack.enter_context(own_database(url, keep))
            except DatabaseError as fault:
                raise CommandError(
                    f"The trial needs a database of its own on that server: {fault}"
                ) from fault
        if settings.REDIS_URL:
            environment.update(stack.enter_context(own_part_of_redis(settings.REDIS_URL, keep)))
        return environment

    def _start_inside(
        self, options: dict[str, Any], folder: Path, port: int, environment: dict[str, str]
    ) -> int:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo", "--inside", str(folder)]
        command += ["--supporters", str(options["supporters"]), "--workers", str(options["workers"])]
        command += ["--web-port", str(port), "--pdfs", str(settings.DATA_DIR / "demo")]
        command += ["--data", str(options["data"].resolve())] if options["data"] else []
        command += ["--json"] if options["json"] else []
        self.stdout.flush()
        child = subprocess.Popen(command, env=environment, preexec_fn=_with_parent)  # noqa: S603  # our own command
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.send_signal(signal.SIGTERM)
            child.wait()
            raise

    # The second start: the trial itself.

    def _inside(self, options: dict[str, Any]) -> int:
        order = Order(
            data=options["data"],
            supporters=options["supporters"],
            workers=options["workers"],
            web_port=options["web_port"],
            sink_log=options["inside"] / "sink.jsonl",
            pdfs=options["pdfs"],
        )
        try:
            result = run(order, self._say)
        except (LostVisitor, ProcessEnded, Stuck) as fault:
            self.stderr.write(f"The trial failed: {fault}")
            return 1
        self._report(order, result, options["json"])
        return 0 if _is_complete(order, result) else 1

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _report(self, order: Order, result: Result, as_json: bool) -> None:
        letters = result.letters
        rows = {
            "Legislators in office": result.legislators,
            "Postal areas": result.zip_areas,
            "Pledges confirmed": f"{result.pledges_confirmed:,} of {order.supporters:,}",
            "Letters due": letters.due,
            "Letters accepted by the sink": letters.accepted,
            "Letters lost": letters.lost,
            "Letters doubled": letters.doubled,
            "Letters uncertain": letters.uncertain,
            "Letters altered or misdirected": letters.altered,
            "Letters nobody owed": letters.unexpected,
            "Pages of the longest PDF": result.longest_pdf,
            "Seconds": result.seconds,
        }
        self.stdout.write("")
        for name, value in rows.items():
            self.stdout.write(f"  {name:32} {value if isinstance(value, str) else f'{value:,}':>16}")
        for path in result.pdfs:
            self.stdout.write(f"  {path}")
        if as_json:
            summary = {
                "legislators": result.legislators,
                "zip_areas": result.zip_areas,
                "pledges_confirmed": result.pledges_confirmed,
                "letters_due": letters.due,
                "letters_accepted": letters.accepted,
                "letters_lost": letters.lost,
                "letters_doubled": letters.doubled,
                "letters_uncertain": letters.uncertain,
                "pdfs": [str(path) for path in result.pdfs],
                "seconds": result.seconds,
            }
            self.stdout.write(json.dumps(summary))


def _is_complete(order: Order, result: Result) -> bool:
    everybody = result.pledges_confirmed == order.supporters
    return everybody and result.letters.is_clean and len(result.pdfs) == 2 and result.longest_pdf >= 2


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _with_parent() -> None:
    """End when the first start is killed: nobody would clean up after us."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
