"""New openings for `what-if`: what one is, and the problem with them in it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.assign_read import Stated
from matcher.problem import Problem, id_digests
from matcher.variations import with_opening


@dataclass(frozen=True, slots=True, eq=False)
class NewOpening:
    """An opening that does not exist yet: its id and limits, and its eligible students with score and load.

    ``students`` are indices in the case; ``limits`` the positions of the case's limits that count it.
    """

    id: str
    places: int
    min_to_open: int
    present: int
    load_capacity: int
    students: NDArray[np.int64]
    scores: NDArray[np.int64]
    loads: NDArray[np.int64]
    limits: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Lists:
    """What scoring a vacancy list takes: the leavers of the run, its day, its policy and its travel times.

    ``travel_digest`` is that of the run's own table, empty where it had none.
    """

    leavers: Path | None = None
    policy: Path | None = None
    on: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    travel_times: Path | None = None
    travel_digest: str = ""


def with_new_openings(case: Stated, openings: Sequence[NewOpening]) -> tuple[Problem, tuple[str, ...]]:
    """The problem with the new openings behind the others, and the ids of all openings."""
    problem = case.problem
    for opening in openings:
        problem = with_opening(
            problem, opening.students, opening.scores, opening_id=int(id_digests([opening.id])[0]),
            places=opening.places, min_to_open=opening.min_to_open, present=opening.present,
            load_capacity=opening.load_capacity, load=opening.loads, limits=opening.limits,
        )  # fmt: skip
    return problem, (*case.openings, *(opening.id for opening in openings))


__all__ = ["Lists", "NewOpening", "with_new_openings"]
