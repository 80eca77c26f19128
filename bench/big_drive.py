"""A drive of a hundred thousand letters, or a million: composed, rehearsed, planned, sent: `make bench-drive`.

On a PostgreSQL that keeps what it has committed, against the counting sink. Each phase is a process of its own, so that
its memory is known; the letters are sent by two. Progress goes to standard error; the last line on standard output is
JSON. Linux only. See docs/benchmarks.md.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.big_world import BigWorld
from bench.contestants.ours_memory import memory_mb
from bench.delivery import check_durability, say
from bench.sink import Sink
from bench.world import empty, set_up

WORKERS = 2
TASK_SECONDS = 20  # as long as a worker's task sends before another has its turn
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Phase:
    """What a phase counted, how long it took, and what it needed: processors' time, memory over an idle process."""

    count: int
    seconds: float
    own_seconds: float
    database_seconds: float
    extra_mb: float

    @property
    def rate(self) -> float:
        return self.count / self.seconds


def processor_seconds(process: int) -> float:
    """What a process has used so far (proc(5): utime and stime are fields 14 and 15)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start(work: Callable[[], int]):
    """A process that does the work; gives it with the end of a pipe that tells a Phase."""
    from django.db import connection, connections

    connections.close_all()
    ours, theirs = FORK.Pipe(duplex=False)

    def measured() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = cursor.fetchone()[0]
        idle = memory_mb("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # forgets the peak so far (proc(5))
        before = time.perf_counter(), time.process_time(), processor_seconds(backend)
        count = work()
        after = time.perf_counter(), time.process_time(), processor_seconds(backend)
        seconds, own, database = (late - early for late, early in zip(after, before, strict=True))
        theirs.send(Phase(count, seconds, own, database, memory_mb("VmHWM") - idle))

    process = FORK.Process(target=measured, daemon=True)
    process.start()
    theirs.close()
    return process, ours


def finish(name: str, process, pipe) -> Phase:
    try:
        phase = pipe.recv()
    except EOFError:
        raise SystemExit(f"error: {name} failed") from None
    process.join()
    per_letter = 1e6 / max(phase.count, 1)
    say(
        f"{name}: {phase.count:,} in {phase.seconds:,.1f} s, {phase.rate:,.0f}/s, "
        f"{phase.own_seconds * per_letter:.0f} + {phase.database_seconds * per_letter:.0f} µs a letter "
        f"(processor: ours, the database's), + {phase.extra_mb:.1f} MB"
    )
    return phase


def compose(drive) -> int:
    from django.db import connection

    from campaigns.letters.wave import write_letters_of_drive
    from contacts.clock import now

    written = write_letters_of_drive(drive, now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE campaigns_letter, campaigns_letterchange")
    return written


def rehearse(drive) -> int:
    from campaigns.delivery import rehearsal

    return rehearsal.rehearse(drive).planned


def plan() -> int:
    """Ticks' planning, one after the other, until every letter has its moment."""
    from campaigns.delivery import planning

    planned = 0
    while portion := planning.plan_ready():
        planned += portion
    return planned


def freeze(most: int) -> int:
    """Letters fixed and queued, as one process does it when it does nothing else."""
    from campaigns.delivery import dispatcher
    from campaigns.delivery.freeze import queue_due

    frozen = 0
    while frozen < most and (portion := queue_due(dispatcher.QUEUE_AHEAD)):
        frozen += portion
    return frozen


def send(number: int, over) -> int:
    """What a worker does: the first one also ticks, between its tasks."""
    from campaigns.delivery import dispatcher
    from campaigns.models import Letter

    sent = 0
    while not over.is_set():
        if number == 0:
            dispatcher.prepare()
        portion = dispatcher.send_windows(TASK_SECONDS)
        sent += portion
        if not portion:
            time.sleep(0.1)  # nothing is due at this moment: that is no work to measure
        if not portion and not Letter.objects.filter(state__in=[*Letter.OUTGOING, *Letter.LEAVING]).exists():
            break
    return sent


def drain(sink: Sink, letters: int, minutes: float) -> list[Phase]:
    """All that is due over the wire, by two workers; what is left after so many minutes stays."""
    over, begun = FORK.Event(), time.monotonic()
    workers = [start(lambda n=n: send(n, over)) for n in range(WORKERS)]
    told = begun
    while any(process.is_alive() for process, _pipe in workers):
        time.sleep(0.2)
        if time.monotonic() - told > 30:
            told = time.monotonic()
            taken = sink.count()
            say(f"  {taken:,} of {letters:,} sent, {taken / (told - begun):,.0f}/s")
        if time.monotonic() - begun > minutes * 60:
            over.set()
    return [finish(f"worker {n + 1}", *worker) for n, worker in enumerate(workers)]


def check(drive, sink: Sink) -> int:
    """How many letters left. The sink has to have taken exactly those that the database calls sent, with their rows."""
    from campaigns.models import Attempt, Letter, LetterChange

    sent = Letter.objects.filter(drive=drive, state="sent", sent_at__isnull=False).count()
    seen = {
        "taken by the sink": sink.count(),
        "accepted attempts": Attempt.objects.filter(letter__drive=drive, outcome="accepted").count(),
        "rows of history": LetterChange.objects.filter(letter__drive=drive, to_state="sent").count(),
    }
    wrong = {name: found for name, found in seen.items() if found != sent}
    if wrong:
        raise SystemExit(f"error: {sent} letters are sent, but {wrong}")
    return sent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.big_drive", description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=50, help="that sending may take at most")
    given = parser.parse_args()
    check_durability()
    with tempfile.TemporaryDirectory(prefix="outspoken-bench-") as name, Sink() as sink:
        set_up(Path(name), sink.port)
        from campaigns.delivery import planning

        # The rates are far above what two workers send: a letter that waits its turn has missed nothing.
        planning.MISSED_AFTER = timedelta(hours=12)
        empty()
        begun = time.perf_counter()
        drive = BigWorld(given.letters).drive()
        say(f"{given.letters:,} pledges made in {time.perf_counter() - begun:,.0f} s")
        composed = finish("compose", *start(lambda: compose(drive)))
        rehearsed = finish("rehearse", *start(lambda: rehearse(drive)))
        planned = finish("plan", *start(plan))
        frozen = finish("freeze", *start(lambda: freeze(max(given.letters // 20, 500))))
        begun = time.perf_counter()
        workers = drain(sink, given.letters, given.minutes)
        seconds = time.perf_counter() - begun
        sent = check(drive, sink)
    per_letter = {"compose": composed, "rehearse": rehearsed, "plan": planned, "freeze": frozen}
    figures = {
        "letters": given.letters,
        "sent": sent,
        "compose_per_s": round(composed.rate),
        "compose_mb": round(composed.extra_mb, 1),
        "rehearse_s": round(rehearsed.seconds, 1),
        "rehearse_mb": round(rehearsed.extra_mb, 1),
        "plan_per_s": round(planned.rate),
        "plan_mb": round(planned.extra_mb, 1),
        "freeze_per_s": round(frozen.rate),
        "freeze_mb": round(frozen.extra_mb, 1),
        "drain_s": round(seconds, 1),
        "drain_per_s": round(sent / seconds),
        "memory_mb": round(max(worker.extra_mb for worker in workers), 1),
        "processor_us": {
            name: round((phase.own_seconds + phase.database_seconds) / max(phase.count, 1) * 1e6)
            for name, phase in per_letter.items()
        }
        | {"drain": round(sum(w.own_seconds + w.database_seconds for w in workers) / max(sent, 1) * 1e6)},
    }
    print(json.dumps(figures))
    if {given.letters} != {composed.count, rehearsed.count, planned.count, sent}:
        sys.exit("error: not every letter was composed, rehearsed, planned and sent")


if __name__ == "__main__":
    main()
