"""Signatures a second through the shipped server, beside the smallest view and beside a plain DRF create.

`make bench-signing`: PostgreSQL and SQLite, one after the other; contestants take turns in every round. Progress goes
to standard error; the last line on standard output is JSON. Linux only. See docs/benchmarks.md.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.http_load import Answers, request, send_all
from bench.signers import FORM, Campaign, bare


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def set_up(folder: Path, database: str) -> None:
    os.environ.update(
        OUTSPOKEN_ENV="embedded",
        OUTSPOKEN_DATA_DIR=str(folder),
        DATABASE_URL=database,
        TRUSTED_PROXY_COUNT="1",
        DJANGO_SETTINGS_MODULE="config.settings",
        LOG_LEVEL="ERROR",
        # What a rush asks of browsers is measured by no server.
        SIGNING_PROOF_ABOVE="1000000000",
        SIGNING_MOST_A_MINUTE="1000000000",
    )
    import django

    django.setup()


@contextmanager
def server(settings: str, wsgi: str, processes: int) -> Iterator[int]:
    """Granian as it is shipped (four threads in each process), on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    size = f"--workers {processes} --blocking-threads 4"
    listen = f"--interface wsgi --port {port} --log-level error"
    command = [sys.executable, "-m", "granian", *f"{listen} {size}".split(), wsgi]
    process = subprocess.Popen(command, env={**os.environ, "DJANGO_SETTINGS_MODULE": settings})
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def expect(answers: Answers, status: int, what: str) -> Answers:
    wrong = {code: n for code, n in answers.statuses.items() if code != status}
    if wrong:
        raise SystemExit(f"error: {what} was answered with {wrong}")
    return answers


def check(campaign: Campaign, signed: int) -> None:
    """Every signature that was answered is there once, with the mail that is owed for it."""
    from campaigns.models import OutboxMail, Pledge

    people = Pledge.objects.filter(campaign=campaign.campaign).exclude(email__startswith="filler")
    seen = {
        "signatures": people.exclude(state="held").count(),
        "people": people.values("canonical_email").distinct().count(),
        "mails": OutboxMail.objects.filter(kind="confirm", pledge__campaign=campaign.campaign).count(),
    }
    if set(seen.values()) != {signed}:
        raise SystemExit(f"error: {signed} signed, but {seen}")


def measure(given: argparse.Namespace) -> dict[str, object]:
    """One database: rounds on an empty campaign, then one on a full one, confirmations and the page."""
    from django.core.management import call_command
    from django.db import connection

    from bench.bare_models import BareSignature
    from contacts.models import Clock

    call_command("migrate", verbosity=0)
    Clock.objects.get_or_create(pk=1)
    with connection.schema_editor() as editor:
        editor.create_model(BareSignature)
    rounds: list[dict[str, Answers]] = []
    campaign = Campaign()
    signed = 0
    # As our image starts it, and as `make run` does.
    processes = 2 if connection.vendor == "postgresql" else 1
    with (
        server("config.settings", "config.wsgi:application", processes) as ours,
        server("bench.bare_settings", "bench.bare_wsgi:application", processes) as plain,
    ):

        def sign(count: int) -> Answers:
            nonlocal signed
            signed += count
            return expect(send_all(ours, campaign.signings(ours, count), given.connections), 302, "signing")

        sign(given.requests // 4)  # warm
        for number in range(given.rounds):
            turns = {
                "sign": lambda: sign(given.requests),
                "bare": lambda: expect(
                    send_all(plain, bare(plain, "/insert/", given.requests * 2), given.connections),
                    200,
                    "INSERT",
                ),
                "drf": lambda: expect(
                    send_all(plain, bare(plain, "/drf/", given.requests // 2), given.connections), 201, "DRF"
                ),
            }
            order = [*turns][number % 3 :] + [*turns][: number % 3]
            found = {name: turns[name]() for name in order}
            rounds.append(found)
            say(f"round {number + 1}: " + "  ".join(f"{k} {v.rate:,.0f}/s" for k, v in found.items()))
        check(campaign, signed)
        updates = [request(plain, "POST", f"/update/{n}/", FORM) for n in range(1, given.requests)]
        update = expect(send_all(plain, updates, given.connections), 302, "UPDATE")
        confirm = expect(
            send_all(ours, campaign.confirmations(ours, given.requests), given.connections), 302, "confirming"
        )
        page = [request(ours, "GET", campaign.page, {}) for _ in range(given.requests * 2)]
        shown = expect(send_all(ours, page, given.connections), 200, "the page")
        empty = sign(given.requests)
        campaign.fill(given.full)
        sign(given.requests // 4)
        full = sign(given.requests)
        check(campaign, signed)

    def ratio(key: str) -> float:
        return round(median(r["sign"].rate / r[key].rate for r in rounds), 3)

    return {
        "sign": round(median(r["sign"].rate for r in rounds), 1),
        "bare_insert": round(median(r["bare"].rate for r in rounds), 1),
        "drf": round(median(r["drf"].rate for r in rounds), 1),
        "ratio_bare": ratio("bare"),
        "ratio_drf": ratio("drf"),
        "ratio_full_campaign": round(full.rate / empty.rate, 3),
        "full_campaign": given.full,
        "p99_ms": round(median(r["sign"].p99_ms() for r in rounds), 1),
        "ratio_p99": round(median(r["sign"].p99_ms() / r["bare"].p99_ms() for r in rounds), 2),
        "errors": 0,  # one would have ended the run
        "campaign_page": round(shown.rate, 1),
        "confirm": round(confirm.rate, 1),
        "ratio_confirm": round(confirm.rate / update.rate, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.signing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=2000, help="signatures in a turn")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--full", type=int, default=1_000_000, help="pledges of the full campaign")
    parser.add_argument("--one", metavar="DATABASE_URL", help="measure on this one, in this process")
    given = parser.parse_args()
    if given.one:
        with tempfile.TemporaryDirectory(prefix="outspoken-bench-") as name:
            set_up(Path(name), given.one)
            print(json.dumps(measure(given)))
        return
    results = {}
    with tempfile.TemporaryDirectory(prefix="outspoken-bench-") as name:
        databases = {"postgres": os.environ["DATABASE_URL"], "sqlite": f"sqlite:///{name}/bench.sqlite3"}
        for database, address in databases.items():
            say(f"{database}:")
            command = [sys.executable, "-m", "bench.signing", "--one", address]
            for option in ("rounds", "requests", "connections", "full"):
                command += [f"--{option}", str(getattr(given, option))]
            run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            results[database] = json.loads(run.stdout.splitlines()[-1])
    print(json.dumps(results))


if __name__ == "__main__":
    main()
