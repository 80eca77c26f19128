import resource
import sys
from pathlib import Path


def peak_kb() -> int:
    """The most memory this process held since it began to run its program, in kB.

    On Linux getrusage() starts from the parent's own peak, so a child of a big process would never look small.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak
