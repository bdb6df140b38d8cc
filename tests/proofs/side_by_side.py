"""All tests with their full counts, in groups of which two run side by side: two cores, half the time."""
from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.proofs.figures import KEPT, ROOT

SIDE_BY_SIDE = 2
GROUPS: dict[str, tuple[str, ...]] = {
    "pages in every state": ("tests/pages/test_every_page.py",),
    "service, a to m": ("tests/service/test_[a-m]*.py",),
    "crashes": ("tests/proofs/test_crash.py",),
    "service, n to z": ("tests/service/test_[n-z]*.py",),
    "other proofs": ("tests/proofs",),
    "other pages": ("tests/pages",),
}
"""What takes long stands first. A group leaves to those before it what they have; `REST` has what is in none."""
REST = "the rest"
FULL = ("-m", "slow or not slow")


@dataclass(frozen=True)
class Told:
    """How a group went: pytest's exit status and last line, and where the whole of what it said is kept."""

    group: str
    status: int
    line: str
    kept: Path
    minutes: float


def words_of(groups: dict[str, tuple[str, ...]] = GROUPS) -> dict[str, list[str]]:
    """What pytest is told for each group, so that every test is in exactly one."""
    told: dict[str, list[str]] = {}
    before: list[str] = []
    for name, patterns in groups.items():
        paths = [str(path.relative_to(ROOT)) for pattern in patterns for path in sorted(ROOT.glob(pattern))]
        told[name] = [*paths, *_without(before)]
        before += paths
    return told | {REST: ["tests", *_without(before)]}


def run_all(groups: dict[str, list[str]]) -> list[Told]:
    """Run every group and say how each went as soon as it ends."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return list(pool.map(_run, groups, groups.values()))


def _without(paths: Sequence[str]) -> list[str]:
    return [f"--ignore={path}" for path in paths]


def _run(name: str, words: Sequence[str]) -> Told:
    kept = KEPT.parent / "prove" / f"{name.replace(' ', '-').replace(',', '')}.txt"
    kept.parent.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FULL, *words]
    with kept.open("w", encoding="utf-8") as file:
        status = subprocess.call(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
    lines = kept.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["nothing was said"]
    told = Told(name, status, lines[-1], kept, (time.monotonic() - begun) / 60)
    failed = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
    sys.stdout.write("\n".join([f"{name}: {told.line}", *failed, f"  all of it: {kept.relative_to(ROOT)}\n"]))
    sys.stdout.flush()
    return told
