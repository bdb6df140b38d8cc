"""Keep standard output clean of what compiled code prints there.

HiGHS writes a line to the C library's standard output when a repaired solution misses its tolerance, whatever its
options say. Results may be piped from standard output, so it leads nowhere while HiGHS runs.
"""
from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock

_ALONE = RLock()
_STDOUT = 1


@contextmanager
def quiet() -> Iterator[None]:
    """Send file descriptor 1 nowhere inside the block; one thread at a time, others wait."""
    with _ALONE:
        try:
            if sys.stdout is not None:
                sys.stdout.flush()
            kept = os.dup(_STDOUT)
            nowhere = os.open(os.devnull, os.O_WRONLY)
        except (OSError, ValueError):  # no such descriptor: nothing can be written to it either
            yield
            return
        try:
            _flush()
            os.dup2(nowhere, _STDOUT)
            yield
        finally:
            _flush()
            os.dup2(kept, _STDOUT)
            os.close(kept)
            os.close(nowhere)


def _flush() -> None:
    """Empty the C library's own buffers, which Python does not know of."""
    name = "ucrtbase" if os.name == "nt" else None
    with suppress(OSError, AttributeError):
        ctypes.CDLL(name).fflush(None)
