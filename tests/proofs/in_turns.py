"""How long people waited for a service, beside a run that stands still every other turn."""
from __future__ import annotations

import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.proofs.asking import Client

TURN = 20.0
"""Seconds after which a run goes on, or stands still."""
HELD = "held"


@dataclass
class Measured:
    """How long each kind of request took from the moment it was due (``asked``: both), and what went wrong.

    ``steps`` are what a run in the background was doing, and from when; `HELD` where it stood still.
    """

    asked: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)
    steps: list[tuple[float, str]] = field(default_factory=list)

    def share(self, kind: str, of_100: float, during: Callable[[str], bool] = lambda _: True) -> float:
        """The time within which so many of 100 were answered, of those that were due ``during`` some steps of a run."""
        times = sorted(took for due, took in self.asked[kind] if during(self.step_at(due)))
        return times[min(len(times) - 1, int(len(times) * of_100 / 100))] if times else 0.0

    def step_at(self, moment: float) -> str:
        """What the run was doing."""
        return next((step for begun, step in reversed(self.steps) if begun <= moment), "before")

    def line(self, kind: str) -> str:
        """The figures of a kind, in milliseconds, but for when a run stood still."""
        p50, p95, p99, most = (1000 * self.share(kind, share, going) for share in (50, 95, 99, 100))
        number = sum(going(self.step_at(due)) for due, _ in self.asked[kind])
        return f"{kind}: {number} asked, p50 {p50:.0f} ms, p95 {p95:.0f}, p99 {p99:.0f}, most {most:.0f}"

    def line_of_steps(self) -> str:
        """The time of 95 of 100 in each step of the run, in milliseconds: reads / decisions."""
        first = {step: begun for begun, step in reversed(self.steps)}
        return ", ".join(f"{step} from {begun:.0f} s {1000 * self.share('reads', 95, step.__eq__):.0f} / "
                         f"{1000 * self.share('decisions', 95, step.__eq__):.0f}"
                         for step, begun in sorted(first.items(), key=lambda item: item[1]))  # fmt: skip


def going(step: str) -> bool:
    """Whether a run does not stand still."""
    return step != HELD


def follow(doing: Callable[[float], str], measured: Measured, start: float, seconds: float) -> None:
    """Write down from when a run was at what."""
    while time.monotonic() < start + seconds:
        step = doing(time.monotonic() - start)
        if step != measured.step_at(seconds):
            measured.steps.append((time.monotonic() - start, step))
        time.sleep(1)


@dataclass
class InTurns:
    """A run that is followed, and of which the process stands still every other turn of its solving."""

    client: Client
    run: str
    held: bool = False

    def __call__(self, at: float) -> str:
        """What the run is at, at a second of the measurement; `HELD` where it stands still from now on."""
        told = self.client.get(f"/api/v1/runs/{self.run}").json
        step = str(told["step"] or told["state"])
        self.hold(step == "solve" and int(at / TURN) % 2 == 1)
        return HELD if self.held else step

    def hold(self, still: bool) -> None:
        """Let the process stand still, or go on."""
        if still != self.held:
            for process in self._processes():
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGSTOP if still else signal.SIGCONT)
            self.held = still

    def _processes(self) -> list[int]:
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if f"{self.run}:".encode() in path.read_bytes():
                    found.append(int(path.parent.name))
        return found
