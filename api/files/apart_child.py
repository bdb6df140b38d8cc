"""The process in which a file is opened: see `api.files.apart`."""
from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

from api.files.apart import MEMORY, SECONDS
from api.files.opening import sheets_of
from api.files.sheet_data import defect_data, sheet_data
from api.files.sheets import UnusableError
from api.files.sources import Source


def take_no_more() -> None:
    """Let this process get no more memory than what it has and `MEMORY`, nor more of the processor than `SECONDS`."""
    with suppress(ImportError, OSError, ValueError):  # a system without such limits: then the time alone holds
        import resource

        now = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, now + MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))


def main() -> None:
    """Open what comes in, and say its sheets, or why there are none."""
    take_no_more()
    source = Source(json.loads(sys.stdin.buffer.readline()), sys.stdin.buffer.read())
    try:
        said = json.dumps({"sheets": [sheet_data(one) for one in sheets_of(source)]})
    except UnusableError as error:
        said = json.dumps({"defect": defect_data(error.defect)})
    except MemoryError:
        said = '{"heavy": true}'
    sys.stdout.write(said)


if __name__ == "__main__":
    main()

__all__ = ["main", "take_no_more"]
