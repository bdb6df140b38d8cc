"""Solve a problem here and on a Dask cluster of two workers, one of which is killed while it works on a part.

Writes the digests of both answers and how many workers were killed.
"""
from __future__ import annotations

import hashlib
import os
import signal
import sys
import threading
import time

import joblib
from distributed import Client, LocalCluster

from matcher.solution import Solution
from matcher.solver import search
from tests.matcher.drawn_parts import beside, loaded

PARTS = 6


def digest(solution: Solution) -> str:
    """SHA-256 over plan and stages."""
    return hashlib.sha256(repr((solution.assignment.tolist(), solution.stages)).encode()).hexdigest()


def kill_one(client: Client, killed: list[int]) -> None:
    """End a worker with SIGKILL as soon as it is at work."""
    pids = client.run(os.getpid)
    while not killed:
        for address, tasks in client.processing().items():
            if tasks and address in pids:
                time.sleep(0.1)  # well into the part
                os.kill(pids[address], signal.SIGKILL)
                killed.append(pids[address])
                return
        time.sleep(0.01)


def main() -> None:
    """Run and write."""
    problem = beside([loaded(seed) for seed in range(PARTS)], 1)
    alone = digest(search(problem))
    killed: list[int] = []
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        killer = threading.Thread(target=kill_one, args=(client, killed))
        killer.start()
        with joblib.parallel_config(backend="dask"):
            found = digest(search(problem))
        killer.join(timeout=10)
        sys.stdout.write(f"{alone} {found} {len(killed)}\n")


if __name__ == "__main__":
    main()
