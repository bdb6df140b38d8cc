"""What a form was filled in on: it holds the version that its reader saw, which is held against what is now."""
from __future__ import annotations

from collections.abc import Callable


class Stale(Exception):
    """Something changed since the form was shown."""


def seen_as(version: str) -> Callable[[int], None]:
    """Return what a service calls with the version as it is now; it raises `Stale` when another one was seen."""
    def seen(now: int) -> None:
        if str(now) != version:
            raise Stale

    return seen
