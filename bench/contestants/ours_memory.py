"""How much more memory one of our workers takes while it sends than when it has nothing to do.

The worker is started afresh, so that it carries nothing of what made the letters. Linux only.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.contestants.ours import send, warm
from bench.race import answer, command_line, timed
from bench.world import World, empty, set_up


def memory_mb(what: str) -> float:
    """A line of this process's status, in MB: VmRSS is now, VmHWM the most since it was last forgotten."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024


def work(folder: Path, port: int) -> None:
    """A worker that was idle and then sends all there is; prints both."""
    set_up(folder, port)
    warm()
    idle = memory_mb("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak of starting up (proc(5))
    seconds = timed(send)
    print(json.dumps({"seconds": seconds, "idle_mb": idle, "peak_mb": memory_mb("VmHWM")}))


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--folder", type=Path, help="be the worker of the letters made here")
    given = parser.parse_args()
    if given.folder:
        work(given.folder, given.port)
        return
    with tempfile.TemporaryDirectory(prefix="outspoken-bench-") as name:
        set_up(Path(name), given.port)
        empty()
        world = World()
        world.queue(given.letters, plain=given.plain)
        command = [sys.executable, "-m", "bench.contestants.ours_memory", *sys.argv[1:], "--folder", name]
        said = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        world.check(given.letters)
        answer(given.letters, **said)


if __name__ == "__main__":
    main()
