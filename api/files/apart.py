"""Opening a file in a process of its own: the memory and time it takes are bounded, and no secret is near it.

The process gets the bytes on its standard input and says the sheets on its standard output, as JSON: nothing that it
says is run. It has no settings of the service in its environment.
"""
from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from api.defects import Defect, Phrase
from api.files.cell_data import packed, unpacked
from api.files.sheets import Limits, Sheet, UnusableError, unreadable

SECONDS = 10.0
"""After which a file is given up."""
MEMORY = 512 * 1024**2
"""Bytes beyond what the process itself takes."""
_SMALL = 100_000
"""Bytes of a text that is opened here: it costs less than a process does."""
_ZIP = b"PK"
_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT")


def is_heavy(data: bytes) -> bool:
    """Whether opening a file may take more than the file is large: it is packed, or long."""
    return data.startswith(_ZIP) or len(data) > _SMALL


def open_apart(name: str, data: bytes, limits: Limits) -> list[Sheet]:
    """Return the sheets of a file, as `api.files.opening.sheets_of` does.

    Raises
    ------
    UnusableError
        If the bytes are no table or beyond the limits, or opening them takes too much memory or time.
    """
    command = [sys.executable, "-m", "api.files.apart", name]
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ} | {"PYTHONUTF8": "1"}
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=True, env=environment)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise unreadable(name, "too_heavy", expected=limits.size) from None
    told = json.loads(done.stdout)
    if "defect" in told:
        raise UnusableError(_defect(told["defect"]))
    return [_sheet(one) for one in told["sheets"]]


def _told(sheet: Sheet) -> dict[str, Any]:
    return {"rows": [[number, [packed(cell) for cell in row]] for number, row in sheet.rows], "name": sheet.name,
            "hidden": sheet.hidden, "header_at": sheet.header_at,
            "faults": [[number, _said(defect)] for number, defect in sheet.faults],
            "absent": [[number, sorted(left)] for number, left in sheet.absent.items()]}  # fmt: skip


def _sheet(told: Mapping[str, Any]) -> Sheet:
    rows = [(number, [unpacked(cell) for cell in row]) for number, row in told["rows"]]
    return Sheet(rows, told["name"], told["hidden"], told["header_at"],
                 [(number, _defect(said)) for number, said in told["faults"]],
                 {number: set(left) for number, left in told["absent"]})  # fmt: skip


def _said(defect: Defect) -> list[Any]:
    phrases = [None if one is None else [one.key, one.facts] for one in (defect.expected, defect.hint)]
    return [defect.code, defect.found, *phrases, defect.suggestion, defect.severity]


def _defect(said: list[Any]) -> Defect:
    code, found, expected, hint, suggestion, severity = said
    return Defect(code, found, _phrase(expected), _phrase(hint), suggestion, severity)


def _phrase(said: list[Any] | None) -> Phrase | None:
    return None if said is None else Phrase(said[0], tuple((name, fact) for name, fact in said[1]))


def _take_no_more() -> None:
    """Let this process get no more memory than what it has and `MEMORY`, nor more of the processor than `SECONDS`."""
    with suppress(ImportError, OSError, ValueError):  # a system without such limits: then the time alone holds
        import resource

        now = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, now + MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))


def _main(name: str) -> None:
    from api.files.opening import sheets_of
    from api.files.sources import Source

    _take_no_more()
    try:
        told: dict[str, Any] = {"sheets": [_told(one) for one in sheets_of(Source(name, sys.stdin.buffer.read()))]}
    except UnusableError as error:
        told = {"defect": _said(error.defect)}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _main(sys.argv[1])

__all__ = ["MEMORY", "SECONDS", "is_heavy", "open_apart"]
