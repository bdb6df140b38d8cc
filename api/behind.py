"""Stepping back: work that may take long lets whoever waits for a page go first."""
from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

Done = TypeVar("Done")
_BEHIND = 15
"""Of 19: how far it steps back, where a system knows no other way."""


def behind(act: Callable[[], Done]) -> Done:
    """Do something in a thread that steps back, and wait for it.

    On Linux a thread has a place of its own in the queue for the processor. The one that reads and writes keeps its
    place: who holds a database up must not be slow.
    """
    with ThreadPoolExecutor(1, initializer=_step_back) as alone:
        return alone.submit(act).result()


def _step_back() -> None:
    """Take a processor only where nobody else wants it; it counts as free for who wakes up.

    One of low priority does not. Measured in turns on a noisy machine, pages seemed quicker so.
    """
    os.nice(_BEHIND)
    if hasattr(os, "SCHED_IDLE"):
        with suppress(OSError):  # a system that does not let us
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


__all__ = ["behind"]
