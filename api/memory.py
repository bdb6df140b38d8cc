"""A web process at ease: what is loaded for good is not looked through again, and threads take shorter turns."""
from __future__ import annotations

import gc
import sys

_TURN = 0.0005  # seconds


def set_aside() -> None:
    """Take all that is loaded out of the collector's sight, and let threads take short turns.

    A full collection looks at a quarter of a million objects of the libraries: a tenth of a second in which every
    request of the process waits. And a request that asks the database waits after each answer for a whole turn of
    whatever computes beside it: ten times in a row, by default for 5 ms. Called once, when the app is made and before
    the first request.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_TURN)


__all__ = ["set_aside"]
