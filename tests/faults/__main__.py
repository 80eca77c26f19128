"""Faults on purpose: `python -m tests.faults --kills 1000 --database postgres --json`.

Starts a database and a mail sink of its own in a temporary folder and ends with a line of JSON. Exit code 1 when a
letter was lost or doubled, or is still uncertain after the relay's log was read.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.splitlines()[0])
parser.add_argument("--kills", type=int, default=100)
parser.add_argument("--database", choices=["postgres", "sqlite"], default="sqlite")
# How often each fault happens in `make faults`; nought where the scenario counts for itself.
ALL = {
    "kills": 1000,
    "freezes": 20,
    "freezes_listening": 20,
    "terminations": 300,
    "database_stops": 10,
    "pauses": 300,
    "crowd": 5000,
    "poison": 0,
    "disk_full": 0,
    "cwc": 60,
    "paper": 12,
    "link": 40,
    "postfix": 30,
}
parser.add_argument("--scenario", choices=ALL, default="kills")
parser.add_argument("--all", action="store_true", help="every scenario, as often as CI wants it")
parser.add_argument("--seed", type=int, default=7)
parser.add_argument("--json", action="store_true", help="the last line is JSON")
parser.add_argument(
    "--mutants", action="store_true", help="break the delivery in ten ways; each must be noticed"
)
parser.add_argument("--only", default="", help="one of the ten, by name")
parser.add_argument("--naive", type=int, default=60, help="kills of a send-then-mark worker in the same rig")
given = parser.parse_args()


def set_up(folder):
    """Settings of a fresh installation in `folder`; gives the database server to stop at the end."""
    os.environ.update(
        OUTSPOKEN_ENV="embedded",
        OUTSPOKEN_DATA_DIR=str(folder),
        DATABASE_URL="",
        REDIS_URL="",
        EMAIL_URL="",
        DJANGO_SETTINGS_MODULE="config.settings",
        LOG_LEVEL="ERROR",
        FAULTS_QUIET=os.environ.get("FAULTS_QUIET", "1"),
    )
    server = None
    if given.database == "postgres":
        from scripts.services import Postgres

        folder.chmod(0o711)
        server = Postgres(folder)
        server.start()
        os.environ["DATABASE_URL"] = server.url
    import django

    django.setup()
    return server


def empty():
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)
    from contacts.models import Clock

    Clock.objects.get_or_create(pk=1)


def verdict(rig, server):
    from django.conf import settings

    from tests.faults.checker import check, dump_postgres, dump_sqlite

    rows = (
        dump_postgres(server.url, rig.identity)
        if server
        else dump_sqlite(settings.DATABASES["default"]["NAME"], rig.identity)
    )
    return check(rig.arrived(), rows)


def bar(total, name):
    from tqdm import tqdm

    shown = tqdm(total=total, desc=name, disable=not sys.stderr.isatty(), leave=False)
    return lambda n: shown.update(n - shown.n)


def parts_of(scenario):
    """What a scenario stands on, and what is done there."""
    from tests.faults import by_hand, cwc, postfix, scenarios
    from tests.faults.rig import ListeningRig, Rig

    others = {
        "freezes_listening": (ListeningRig, scenarios.freezes),
        "cwc": (cwc.CwcRig, cwc.cwc),
        "paper": (by_hand.PaperRig, by_hand.paper),
        "link": (by_hand.LinkRig, by_hand.link),
        "postfix": (postfix.PostfixRig, postfix.postfix),
    }
    return others.get(scenario) or (Rig, getattr(scenarios, scenario))


def run(folder, server, scenario, count, parts=None):
    """One scenario from an empty database to two verdicts: before and after the relay's log was read."""
    rig_of, act = parts or parts_of(scenario)
    folder.mkdir()
    started = time.monotonic()
    with rig_of(folder, given.seed, server) as rig:
        counted = () if scenario in ("poison", "disk_full") else (count,)
        done = act(rig, *counted, progress=bar(count, scenario))
        acted = time.monotonic()
        rig.drain(**({"seconds": 15} if given.mutants else {}))
        drained = time.monotonic()
        before = verdict(rig, server)
        if before.good:
            rig.reconcile()
        after = verdict(rig, server)
    return {
        "kills": done,
        "letters": after.letters,
        "lost": after.lost,
        "doubled": after.doubled,
        "foreign": after.foreign,
        "uncertain": before.uncertain,
        "uncertain_after_reconcile": after.uncertain,
        "seconds": round(time.monotonic() - started, 1),
        "seconds_of_faults": round(acted - started, 1),
        "seconds_of_draining": round(drained - acted, 1),
    }


def naive(folder, server):
    from tests.faults import mutants, scenarios
    from tests.faults.rig import Rig

    folder.mkdir()
    with Rig(folder, given.seed) as rig:
        rig.letters(3000)
        scenarios.kills(rig, given.naive, work=mutants.send_then_mark)
        return verdict(rig, server).doubled


def mutants_table(folder, server):
    from tests.faults.mutants import MUTANTS, rig_of, try_one

    noticed = 0
    chosen = [mutant for mutant in MUTANTS if given.only in ("", mutant.__name__)]
    for mutant in chosen:
        empty()
        seen = run(
            folder / mutant.__name__,
            server,
            mutant.__name__,
            given.kills,
            (rig_of(mutant), lambda rig, n, mutant=mutant, **_: try_one(rig, mutant, n)),
        )
        caught = not is_good(seen)
        noticed += caught
        print(
            f"{mutant.__name__:30} {'noticed' if caught else 'NOT NOTICED':12} lost {seen['lost']:5} "
            f"doubled {seen['doubled']:5} foreign {seen['foreign']:5}  {mutant.__doc__}",
            flush=True,
        )
    print(json.dumps({"mutants": len(chosen), "noticed": noticed}))
    return noticed == len(chosen)


def everything(folder, server):
    """A table of all scenarios, each from an empty database."""
    from tests.faults import postfix

    results = {}
    for scenario, count in ALL.items():
        if scenario == "postfix" and (why := postfix.missing()):
            print(f"{scenario:16} left out: {why}", flush=True)
            continue
        empty()
        results[scenario] = run(folder / scenario, server, scenario, count)
        row = " ".join(f"{key} {value}" for key, value in results[scenario].items())
        print(f"{scenario:16} {row}", flush=True)
    print(json.dumps(results))
    return all(is_good(result) for result in results.values())


def is_good(result):
    return not any(result[key] for key in ("lost", "doubled", "foreign", "uncertain_after_reconcile"))


def main():
    with tempfile.TemporaryDirectory(prefix="outspoken-faults-") as name:
        folder = Path(name)
        server = set_up(folder)
        try:
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            if given.mutants:
                return mutants_table(folder, server)
            if given.all:
                return everything(folder, server)
            result = run(folder / "run", server, given.scenario, given.kills)
            good = is_good(result)
            if given.scenario == "kills" and given.naive:
                empty()
                result["naive_doubled"] = naive(folder / "naive", server)
            print(json.dumps(result) if given.json else "\n".join(f"{k:26} {v}" for k, v in result.items()))
            return good
        finally:
            from django.db import connections

            connections.close_all()
            if server:
                server.stop()


sys.exit(0 if main() else 1)
