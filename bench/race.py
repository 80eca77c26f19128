"""What contestants share: their command line, their start, their finish and their answer."""

import argparse
import json
import multiprocessing
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

Work = Callable[[], None]


def command_line(about: str | None) -> argparse.ArgumentParser:
    """The options that all contestants take."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--letters", type=int, required=True)
    parser.add_argument("--port", type=int, required=True, help="the sink's")
    parser.add_argument("--plain", action="store_true", help="the text alone, without HTML")
    return parser


def race(works: Sequence[Work], ready: Work = lambda: None) -> float:
    """Seconds from the moment when every worker is ready until the last one has ended.

    Each is a process forked from this one, warm. `ready` is what each does before the start.
    """
    fork = multiprocessing.get_context("fork")
    gate = fork.Barrier(len(works) + 1)

    def run(work: Work) -> None:
        ready()
        gate.wait()
        work()

    workers = [fork.Process(target=run, args=(work,), daemon=True) for work in works]
    for worker in workers:
        worker.start()
    gate.wait()
    begun = time.perf_counter()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - begun
    if any(worker.exitcode for worker in workers):
        raise SystemExit("error: a worker failed")
    return seconds


def timed(work: Work, around: AbstractContextManager[object] | None = None) -> float:
    """Seconds that `work` takes in this process."""
    with around or nullcontext():
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun


def answer(letters: int, seconds: float, **more: object) -> None:
    """Say how it went, for whoever started this contestant: the last line it prints."""
    print(json.dumps({"letters": letters, "seconds": seconds, **more}), flush=True)
