"""Peak memory of one solver above the loaded problem, in a process of its own.

    python -m tests.benchmarks.memory INSTANCE.npz PEER
"""
from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.instances import draw, load
from tests.benchmarks.peers import PEERS

STATUS = Path("/proc/self/status")


def resident(kind: str) -> float:
    """Resident memory in MiB: VmRSS now, or VmHWM at its highest."""
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith(kind))
    return int(line.split()[1]) / 1024


def measure(path: Path, peer: str) -> float:
    """Run a peer once in a fresh process; return its peak above the loaded problem in MiB."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", str(path), peer]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout.strip().splitlines()[-1])


def main() -> None:
    """Load, warm up on a small problem, reset the mark, run, and write the difference."""
    path, peer = Path(sys.argv[1]), sys.argv[2]
    instance = load(path)
    # Libraries and compiled code are no part of the problem's memory: load them first.
    PEERS[peer](draw("warm", sizes=(60, 30, 40, 6.0)))
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what was freed on the way is not there for the solver to use unseen
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = resident("VmRSS")
    PEERS[peer](instance)
    sys.stdout.write(f"{max(0.0, resident('VmHWM') - before):.1f}\n")


if __name__ == "__main__":
    main()
