"""A progress line on stderr for work over a second; nothing at all for shorter work, stdout stays clean."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

_WAIT = 1.0  # seconds before anything is shown


class Steps:
    """Known steps of a job; `advance` names the one that begins."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._at = 0
        self._shown: tuple[Progress, int] | None = None
        self._current = names[0]

    def advance(self, name: str) -> None:
        """Say that step ``name`` begins."""
        self._current = name
        if name in self._names:
            self._at = self._names.index(name)
        if self._shown:
            bar, task = self._shown
            bar.update(task, completed=self._at, description=self._current)  # type: ignore[arg-type]

    def show(self, bar: Progress) -> None:
        """Start showing; called by the timer when the work turns out to last."""
        bar.start()
        self._shown = (bar, bar.add_task(self._current, total=len(self._names), completed=self._at))


@contextmanager
def progress(*names: str) -> Iterator[Steps]:
    """Yield the steps; a bar appears on stderr once the work has lasted a second."""
    steps = Steps(names)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    )
    timer = threading.Timer(_WAIT, steps.show, (bar,))
    timer.daemon = True
    timer.start()
    try:
        yield steps
    finally:
        timer.cancel()
        timer.join()
        if bar.live.is_started:  # stopping what never ran would print an empty line
            bar.stop()
