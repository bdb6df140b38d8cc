"""The kernels as numba compiles them (extra ``fast``), or None where numba is absent."""
from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from types import FunctionType, SimpleNamespace
from typing import Any

from matcher import kernels

NAMES = ("leave", "enter", "transversal", "sink", "rise", "auction", "release", "forward", "backward", "lower", "tight", "settled")
FAR = (1 << 62) - 1


def available() -> bool:
    """Tell whether numba is installed, without loading it."""
    return find_spec("numba") is not None


def loaded() -> bool:
    """Tell whether the compiled kernels are in use already."""
    return compiled_kernels.cache_info().currsize > 0


@cache
def compiled_kernels() -> Any:
    """Compile each kernel of :mod:`matcher.kernels` on its first call; the result is kept on disk where possible.

    Returns
    -------
    namespace or None
        The kernels by name and ``FAR``; None if numba is not installed or does not load.
    """
    try:
        from numba import njit
    except ImportError:
        return None
    # Each kernel is rebuilt over a namespace of its own, so that compiled ones call compiled ones and the
    # plain ones stay plain.
    scope: dict[str, Any] = dict(vars(kernels), FAR=FAR)
    for name in NAMES:
        plain = getattr(kernels, name)
        copy = FunctionType(plain.__code__, scope, name)
        copy.__module__ = kernels.__name__
        copy.__qualname__ = name
        try:
            scope[name] = njit(copy, cache=True)
        except RuntimeError:  # no folder to write to: compile again in every process
            scope[name] = njit(copy)
    return SimpleNamespace(**{name: scope[name] for name in NAMES}, FAR=FAR)
