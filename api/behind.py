"""Stepping back: work that may take long lets whoever waits for a page go first."""
from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Done = TypeVar("Done")
_BEHIND = 10
"""Of 19: how far it steps back. Beside one other that wants the processor all the time a tenth of it remains, so that a
run comes to its end within its time on a busy machine too."""


def behind(act: Callable[[], Done]) -> Done:
    """Do something in a thread that steps back, and wait for it.

    On Linux a thread has a place of its own in the queue for the processor. The one that reads and writes keeps its
    place: who holds a database up must not be slow.
    """
    with ThreadPoolExecutor(1, initializer=_step_back) as alone:
        return alone.submit(act).result()


def _step_back() -> None:
    """Take a lower place: who wakes up to answer goes first."""
    os.nice(_BEHIND)


__all__ = ["behind"]
