"""Letters a second, ours and others', on this machine: `make bench-delivery`. See docs/benchmarks.md.

Every contestant is a process of its own, sends the same letter to the same sink, and is counted there. Rounds are
interleaved. Progress goes to standard error; the last line on standard output is JSON.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass

import psycopg

from bench.figures import Rates, median_rates, median_ratios, table
from bench.sink import Sink

DELAY_MS = 5
GIVE_UP_SECONDS = 600
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True)
class Contestant:
    """A module of `bench.contestants`, and how many letters give it a second or more."""

    key: str
    module: str
    letters: int
    options: tuple[str, ...] = ()
    slow: bool = False  # the sink waits before each reply


CONTESTANTS = (
    Contestant("smtplib_1", "smtplib_raw", 4000),
    Contestant("ours_1", "ours", 2000, ("--workers", "1")),
    Contestant("post_office", "post_office", 800),
    Contestant("smtplib_2", "smtplib_raw", 8000, ("--processes", "2")),
    Contestant("ours_2", "ours", 4000, ("--workers", "2")),
    Contestant("django_mailer", "django_mailer", 300),
    Contestant("task_per_mail", "task_per_mail", 500),
    Contestant("ours_with_compose", "ours", 1000, ("--compose",)),
    Contestant("ours_signed", "ours", 1000, ("--compose", "--signed")),
    Contestant("smtplib_5ms", "smtplib_raw", 50, slow=True),
    Contestant("ours_5ms_1_connection", "ours", 200, slow=True),
    Contestant("ours_5ms", "ours", 2000, ("--connections", "50"), slow=True),
)
CEILING = Contestant("sink_ceiling", "pipelined", 30000)
PLAIN = ("smtplib_1", "ours_1", "post_office", "smtplib_2", "ours_2", "django_mailer", "task_per_mail")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(one: Contestant, sink: Sink, letters: int, *more: str) -> dict[str, float]:
    """A contestant's answer, when the sink has counted as many letters as it says."""
    before = sink.count()
    command = [sys.executable, "-m", f"bench.contestants.{one.module}", "--port", str(sink.port)]
    command += ["--letters", str(letters), *one.options, *more]
    done = subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=GIVE_UP_SECONDS
    )
    if done.returncode:
        raise SystemExit(f"error: {one.key} failed:\n{done.stderr[-3000:]}")
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    taken = sink.count() - before - said.get("uncounted", 0)
    if taken != letters:
        raise SystemExit(f"error: {one.key} says it sent {letters} letters; the sink took {taken}")
    return said


def rates_of_round(number: int, sinks: dict[bool, Sink], share: float, *, plain: bool = False) -> Rates:
    """Letters a second of each contestant; a round begins with another one than the round before."""
    chosen = [one for one in CONTESTANTS if not plain or one.key in PLAIN]
    start = number % len(chosen)
    rates = {}
    for one in chosen[start:] + chosen[:start]:
        letters = max(int(one.letters * share), 20)
        said = run(one, sinks[one.slow], letters, *(["--plain"] if plain else []))
        rates[one.key] = letters / said["seconds"]
    shown = "  ".join(f"{one.key} {rates[one.key]:,.0f}" for one in chosen)
    say(f"round {number + 1}{' (plain text)' if plain else ''}: {shown}")
    return {one.key: rates[one.key] for one in chosen}


def memory(sink: Sink, few: int, many: int) -> dict[str, float]:
    """What sending adds to an idle worker in MB, and what part its peak grows by from few letters to many."""
    one = Contestant("ours_memory", "ours_memory", many)
    small, large = (run(one, sink, letters) for letters in (few, many))
    for letters, said in ((few, small), (many, large)):
        say(f"memory, {letters:,} letters: idle {said['idle_mb']:.1f} MB, peak {said['peak_mb']:.1f} MB")
    return {
        "memory_extra_mb": round(large["peak_mb"] - large["idle_mb"], 1),
        "memory_growth": round(large["peak_mb"] / small["peak_mb"] - 1, 3),
        "memory_letters": many,
    }


def check_durability() -> None:
    """A database that may lose what it has committed measures something else."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        raise SystemExit("error: no PostgreSQL. Start this with `make bench-delivery`.")
    with psycopg.connect(url) as server:
        for name in DURABLE:
            if server.execute(f"SHOW {name}").fetchone() != ("on",):
                raise SystemExit(f"error: PostgreSQL has {name} off; the bench is for full durability.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.delivery", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="0 leaves them out")
    parser.add_argument("--plain-rounds", type=int, default=2, help="with the plain-text letter")
    parser.add_argument("--quick", action="store_true", help="one small round: does it run at all?")
    parser.add_argument("--memory", type=int, metavar="LETTERS", help="and a worker's memory, up to so many")
    given = parser.parse_args()
    check_durability()
    count, plain_count, share = (1, 1, 0.05) if given.quick else (given.rounds, given.plain_rounds, 1)
    with Sink() as fast, Sink(DELAY_MS) as slow:
        sinks = {False: fast, True: slow}
        ceiling = CEILING.letters / run(CEILING, fast, CEILING.letters)["seconds"]
        say(f"the sink takes at least {ceiling:,.0f} letters/s")
        rounds = [rates_of_round(number, sinks, share) for number in range(count)]
        plain = [rates_of_round(number, sinks, share, plain=True) for number in range(plain_count)]
        space = memory(fast, 1000, given.memory) if given.memory else {}
    print(table(rounds))
    figures: dict[str, object] = {**median_rates(rounds), **median_ratios(rounds)}
    figures |= {"memory_extra_mb": None, "memory_growth": None, **space}
    if plain:
        figures["plain"] = {**median_rates(plain), **median_ratios(plain)}
    print(json.dumps({**figures, "sink_ceiling": round(ceiling), "rounds": count}))


if __name__ == "__main__":
    main()
