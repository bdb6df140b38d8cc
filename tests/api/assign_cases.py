"""Files of the assign format for tests, and the command run in this process."""
from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from api.cli import run

TABLES = {
    "scores": "student,opening,score\n007,x,0.9\n007,y,0.8\n7,x,0.5\nb,y,0.25\nb,z,0.25\n",
    "openings": "opening,places\nx,1\ny,1\nz,0\n",
}


def write(folder: Path, **tables: str) -> dict[str, Path]:
    """Write tables by their name; limits is JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for name, text in tables.items():
        paths[name] = folder / f"{name}.{'json' if name == 'limits' else 'csv'}"
        paths[name].write_text(text, encoding="utf-8", newline="")
    return paths


def assign(folder: Path, *options: str, out: str = "out", **tables: str) -> int:
    """Write the tables and run the command; returns the exit status."""
    paths = write(folder, **(TABLES | tables))
    files = [text for name, path in sorted(paths.items()) for text in (f"--{name}", str(path))]
    return run(["assign", *files, *options, "--out", str(folder / out)])


def rows(path: Path) -> list[dict[str, str]]:
    """A written CSV as dicts."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def plan(folder: Path) -> dict[str, str]:
    """Student -> opening of assignment.csv."""
    return {row["student"]: row["opening"] for row in rows(folder / "assignment.csv")}


def result(folder: Path) -> dict[str, Any]:
    """result.json."""
    content: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return content


def tree(folder: Path) -> dict[str, bytes]:
    """Every file but timings.json."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "timings.json"
    }
