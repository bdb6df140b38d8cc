"""One page in one state, as a test opens it."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PageState:
    """One page as one role finds it; ``world`` "people" is the one in which students were asked already."""

    name: str
    role: str
    path: str
    state: str = "filled"
    status: int = 200
    act: Callable[[Any], None] | None = None
    world: str = ""


def press(selector: str, first: str = "") -> Callable[[Any], None]:
    """Click on what ``selector`` finds, after what ``first`` finds, and wait for the page that follows."""
    def act(page: Any) -> None:
        if first:
            page.locator(first).first.click()
        page.locator(selector).first.click()
        page.wait_for_load_state()

    return act


__all__ = ["PageState", "press"]
