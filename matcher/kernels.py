"""The kernels of the sparse engine, as they stand or compiled with numba (extra ``fast``): the same results."""
from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from types import FunctionType, SimpleNamespace
from typing import Any

from matcher import bids, distances, repairs, searches, slack

PLAIN = SimpleNamespace(
    leave=bids.leave,
    enter=bids.enter,
    transversal=bids.transversal,
    sink=bids.sink,
    rise=bids.rise,
    auction=bids.auction,
    release=bids.release,
    forward=searches.forward,
    backward=searches.backward,
    lower=searches.lower,
    close=slack.close,
    settled=slack.settled,
    seat=repairs.seat,
    fill=repairs.fill,
    floyd=distances.floyd,
    ford=distances.ford,
    FAR=searches.FAR,
)
FAR = (1 << 62) - 1


@cache
def available() -> bool:
    """Tell whether numba is installed, without loading it."""
    return find_spec("numba") is not None


def loaded() -> bool:
    """Tell whether the compiled kernels are in use already."""
    return compiled_kernels.cache_info().currsize > 0


@cache
def compiled_kernels() -> Any:
    """Compile each kernel on its first call; the result is kept on disk where that can be written.

    Returns
    -------
    namespace or None
        As ``PLAIN``, for int64 arrays instead of lists, and ``kept``: whether the next process finds them
        compiled; None if numba is not installed or does not load.
    """
    try:
        from numba import njit
    except ImportError:
        return None
    # Each kernel is rebuilt over a namespace of its own, so that compiled kernels call compiled ones, and the
    # plain ones stay plain.
    kept = True
    scope: dict[str, Any] = {}
    for module in (bids, searches, slack, repairs, distances):
        scope.update(vars(module))
    scope["FAR"] = FAR
    for name, plain in vars(PLAIN).items():
        if isinstance(plain, FunctionType):
            copy = FunctionType(plain.__code__, scope, name)
            copy.__module__ = plain.__module__
            copy.__qualname__ = name
            try:
                scope[name] = njit(copy, cache=True)
            except RuntimeError:  # no folder to write to: every process compiles for itself
                scope[name] = njit(copy)
                kept = False
    return SimpleNamespace(**{name: scope[name] for name in vars(PLAIN)}, kept=kept)
