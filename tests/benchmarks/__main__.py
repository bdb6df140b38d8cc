"""Measure the solver against its peers and write the table.

    python -m tests.benchmarks [region] [nation] [stress] [groups] [contested] [caps] [--rounds N] [--out FILE]

Runs are interleaved, so that whatever else the machine does falls on all alike; times are medians, memory is the
peak above the loaded problem in a process of its own. Every optimum must be one and the same. All start from the same
arrays of pairs. Schakel is measured as it is used: `matcher.Problem`, which checks the arrays, and `matcher.solve`,
which gives the plan, the prices that prove it, and settles ties, and has `matcher.verify` recompute all of that.
"""
from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from matcher import NoPlanYet, solve
from matcher.resolve import KeptPlan
from tests.benchmarks.instances import Instance, draw, limited, save
from tests.benchmarks.memory import measure
from tests.benchmarks.peers import LARGE, ONCE, PEERS, PROVES, only, value
from tests.benchmarks.questions import questions, with_loads

MINUTE = 60.0
LIMITED = {
    "groups": "40 groups with a minimum of 6 to 12 anywhere",
    "contested": "40 groups with a minimum of 6 to 12 in one region",
    "caps": "at most 70 % of the places of each of 35 regions x 20 branches",
}
BASE = "OR-Tools min-cost flow"
RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass
class Row:
    """What one peer did at one size."""

    seconds: list[float]
    reached: tuple[int, int]
    mebibytes: float = 0.0


def run_all(instance: Instance, rounds: int) -> dict[str, Row]:
    """Run every peer in turn, round after round, and check that they agree."""
    names = LARGE.get(instance.name, tuple(PEERS))
    small = draw("warm", sizes=(60, 30, 40, 6.0))
    rows: dict[str, Row] = {}
    for name in names:
        PEERS[name](small)  # whatever is loaded or compiled on first use
    for turn in range(rounds):
        for name in names:
            if turn and name in ONCE.get(instance.name, ()):
                continue
            say(f"{instance.name}, round {turn + 1} of {rounds}: {name}")
            start = time.perf_counter()
            plan = PEERS[name](instance)
            seconds = time.perf_counter() - start
            row = rows.setdefault(name, Row([], value(instance, plan)))
            row.seconds.append(seconds)
            if row.reached != value(instance, plan):
                raise AssertionError(f"{name} gives two answers")
    best = {row.reached for name, row in rows.items() if not name.startswith("greedy")}
    if len(best) != 1:
        raise AssertionError(f"the peers disagree: {sorted(best)}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "instance.npz"
        save(instance, path)
        for name, row in rows.items():
            say(f"{instance.name}, memory: {name}")
            row.mebibytes = measure(path, name)
    return rows


def table(instance: Instance, rows: dict[str, Row]) -> list[str]:
    """Write one size as a table, ratios against OR-Tools."""
    n, m, seats = len(instance.priority), len(instance.places), int(instance.places.sum())
    reached = next(iter(rows.values())).reached
    lines = [
        f"## {instance.name}: {n:,} students, {m:,} openings, {seats:,} places, {instance.pairs:,} pairs",
        "",
        f"Optimum of all exact solvers: priority {reached[0]:,}, fit {reached[1] / 1e6:,.6f}.",
        "",
        "| solver | median time | times OR-Tools | memory above the problem | times OR-Tools | |",
        "|---|---|---|---|---|---|",
    ]
    base = rows[BASE]
    for name, row in sorted(rows.items(), key=lambda item: median(item[1].seconds)):
        seconds = median(row.seconds)
        note = "proved by prices, ties settled, verified" if name in PROVES else ""
        if row.reached != reached:
            note = f"priority {row.reached[0]:,}, fit {row.reached[1] / 1e6:,.6f}"
        lines.append(
            f"| {name} | {clock(seconds)} | {seconds / median(base.seconds):.3f} | {row.mebibytes:,.0f} MiB | "
            f"{row.mebibytes / max(base.mebibytes, 1.0):.3f} | {note} |"
        )
    return [*lines, ""]


def changes(instance: Instance, tries: int = 200) -> list[str]:
    """Measure one change to a kept plan, copy and answer included."""
    stages = [instance.row_priority(), instance.fit, instance.tie]
    kept = KeptPlan(instance.indptr, instance.indices, instance.places, stages, [0, 0, 0], engine="compiled")
    rng = np.random.default_rng(1)
    plan = kept.assignment
    seconds: dict[str, list[float]] = {"rejection": [], "pin": [], "drop-out": []}
    placed = np.flatnonzero(plan >= 0)
    for turn in range(tries + 3):
        i = int(rng.choice(placed))
        j = int(rng.choice(instance.indices[instance.indptr[i] : instance.indptr[i + 1]]))
        for name, taken in seconds.items():
            start = time.perf_counter()
            trial = kept.copy()
            if name == "rejection":
                trial.forbid(i, int(plan[i]))
            elif name == "pin":
                trial.pin(i, j)
            else:
                trial.drop_student(i)
            _ = trial.assignment
            if turn >= 3:  # the first ones load the compiled code
                taken.append(time.perf_counter() - start)
    cells = [f"{name} {clock(median(taken))} (slowest {clock(max(taken))})" for name, taken in seconds.items()]
    return [f"One change to a kept plan, exact, compiled: {', '.join(cells)}.", ""]


def limits(kind: str) -> list[str]:
    """Measure the nation under limits, compiled and with plain kernels, a minute each at most."""
    problem = limited(kind)
    lines = [f"## nation, {LIMITED[kind]}", "", "| kernels | time | status | gap in fit |", "|---|---|---|---|"]
    for engine, name in (("compiled", "compiled"), ("plain", "SciPy and HiGHS alone")):
        say(f"{kind}: {name}")
        with only(engine):
            start = time.perf_counter()
            try:
                found = solve(problem, time_limit=MINUTE)
            except NoPlanYet:
                lines.append(f"| {name} | {clock(time.perf_counter() - start)} | no plan yet | |")
                continue
        seconds, fit = time.perf_counter() - start, found.stages[1]
        gap = int(fit.bound) - int(fit.value)
        lines.append(f"| {name} | {clock(seconds)} | {found.status} | {gap / 1e6:,.6f} |")
    return [*lines, ""]


def clock(seconds: float) -> str:
    """Write a time in a unit that reads well."""
    return f"{seconds * 1000:,.2f} ms" if seconds < 1 else f"{seconds:,.1f} s"


def say(text: str) -> None:
    """Tell what is running."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def main() -> None:
    """Run the sizes asked for, and write the results."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    sizes = ["region", "nation", "stress", *LIMITED]
    parser.add_argument("sizes", nargs="*", choices=sizes, default=sizes[:2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    lines = [
        "# Measured",
        "",
        f"Command: `python -m tests.benchmarks {' '.join(asked.sizes)}`. Machine: {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        (__doc__ or "").split("\n\n")[-1].strip().replace("\n", " "),
        "",
    ]
    for size in asked.sizes:
        if size in LIMITED:
            lines += limits(size)
            continue
        instance = draw(size)
        rounds = {"region": 20 * asked.rounds, "nation": asked.rounds, "stress": 1}[size]
        lines += table(instance, run_all(instance, rounds))
        if size in ("region", "nation"):
            lines += changes(instance)
        if size == "region":
            lines += questions(instance) + with_loads()
    asked.out.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
