"""The figures that the full counts measured: appended to ``out/proofs.json``, read as a page in ``out/proofs.md``."""
from __future__ import annotations

import fcntl
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "out" / "proofs.json"


def record(promise: str, figure: str, command: str = "python3 start.py prove", **counts: Any) -> None:
    """Add what was measured for a promise; ``counts`` are the numbers by themselves."""
    row = {"date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"), "commit": _commit(), "promise": promise,
           "figure": figure, "command": command, "counts": counts}  # fmt: skip
    with _alone():
        rows = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
        rows.append(row)
        KEPT.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        KEPT.with_suffix(".md").write_text(as_page(rows), encoding="utf-8")


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else writes meanwhile: proofs run side by side."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def as_page(rows: list[dict[str, Any]]) -> str:
    """Return the latest figure per promise as a table."""
    latest = {row["promise"]: row for row in rows}
    lines = ["| promise | figure | date (UTC) | commit | command |", "|---|---|---|---|---|"]
    lines += [f"| {r['promise']} | {r['figure']} | {r['date']} | {r['commit']} | `{r['command']}` |"
              for r in sorted(latest.values(), key=lambda r: str(r["promise"]))]  # fmt: skip
    return "\n".join(lines) + "\n"


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")
