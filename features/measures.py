"""What answers are worth within a pair feature, and what items weigh there: figures that a policy may set."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from features.errors import FeatureError

MILLION = 1_000_000


HALF = 500_000
BOUNDS: Mapping[str, tuple[int, int]] = {
    "branch_unlisted": (0, HALF), "task_wanted_able": (HALF, MILLION), "task_wanted": (HALF, MILLION),
    "task_able": (HALF, MILLION), "task_disliked": (0, HALF), "task_unnamed": (0, HALF),
    "diploma_recognised": (HALF, MILLION), "diploma_crebo": (HALF, MILLION), "no_guarantee": (0, HALF),
    "weigh_startup": (1, 1000), "weigh_unsaid": (1, 1000), "weigh_structural": (1, 1000), "weigh_essential": (1, 1000),
    "presumed_km": (1, 1000),
}  # fmt: skip
"""Least and greatest where they are narrower: a wish never counts against a place, what is not wished never for it."""


def bounds(name: str) -> tuple[int, int]:
    """Return the least and greatest value of a measure."""
    return BOUNDS.get(name, (0, MILLION if is_worth(name) else 1000))


@dataclass(frozen=True, slots=True)
class Measures:
    """Worths in millionths, weights as whole numbers (their names begin with ``weigh_``).

    ``branch_step`` is what one place lower on the list of wishes costs, ``branch_least`` what the last of a long
    list is still worth, ``branch_unlisted`` a branch not named while others are. ``task_*`` is what a task is worth by
    what the student says of it; ``skill_*`` a work skill so many levels short; ``limited_*`` limited support where it
    is needed at the start, not said when, or for good. ``presumed_km`` is the road km to which comfort is
    measured while the student's limit is unknown. ``certificates_*`` is what one, two, three or more new
    certificates are worth, ``diploma_*`` a diploma at a recognised company and with a crebo alone; ``outlook_*`` the
    contract by its type, and ``no_guarantee`` no promise of a job.

    Raises
    ------
    FeatureError
        If a measure lies outside its `bounds`, or the weights of the outlook are all 0.
    """

    branch_step: int = 150_000
    branch_least: int = 400_000
    branch_unlisted: int = 200_000
    task_wanted_able: int = 1_000_000
    task_wanted: int = 900_000
    task_able: int = 700_000
    task_disliked: int = 0
    task_unnamed: int = 300_000
    skill_one_short: int = 500_000
    skill_two_short: int = 200_000
    skill_three_short: int = 0
    weigh_startup: int = 2
    weigh_unsaid: int = 3
    weigh_structural: int = 4
    weigh_essential: int = 2
    limited_startup: int = 700_000
    limited_unsaid: int = 550_000
    limited_structural: int = 400_000
    presumed_km: int = 25
    certificates_one: int = 600_000
    certificates_two: int = 800_000
    certificates_three: int = 1_000_000
    diploma_recognised: int = 1_000_000
    diploma_crebo: int = 800_000
    outlook_job: int = 1_000_000
    outlook_apprenticeship: int = 900_000
    outlook_supported_job: int = 800_000
    outlook_secondment: int = 600_000
    outlook_sheltered_place: int = 500_000
    outlook_work_experience: int = 400_000
    outlook_internship: int = 300_000
    no_guarantee: int = 200_000
    weigh_contract: int = 5
    weigh_guarantee: int = 3
    weigh_duration: int = 1
    weigh_trial: int = 1

    def __post_init__(self) -> None:
        for part in fields(self):
            value = getattr(self, part.name)
            least, most = bounds(part.name)
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                raise FeatureError(f"{part.name} is {value!r}; expected a whole number from {least} to {most:,}.")
        if not any(self.outlook_weights):
            raise FeatureError("the weights of the outlook are all 0; expected one above 0.")

    @property
    def task_worth(self) -> Mapping[str, int]:
        """What one task is worth by what the student says of it; the first that holds counts."""
        return {"disliked": self.task_disliked, "wanted_able": self.task_wanted_able, "wanted": self.task_wanted,
                "able": self.task_able}  # fmt: skip

    @property
    def shortfall(self) -> tuple[int, int, int, int]:
        """What a work skill is worth that falls 0, 1, 2 or 3 levels short."""
        return MILLION, self.skill_one_short, self.skill_two_short, self.skill_three_short

    @property
    def when_weight(self) -> Mapping[str | None, int]:
        """What one needed item weighs by how long it is needed."""
        return {"startup": self.weigh_startup, None: self.weigh_unsaid, "structural": self.weigh_structural}

    @property
    def limited(self) -> Mapping[str | None, int]:
        """What limited support is worth by how long it is needed."""
        return {"startup": self.limited_startup, None: self.limited_unsaid, "structural": self.limited_structural}

    @property
    def new_certificates(self) -> tuple[int, int, int, int]:
        """What 0, 1, 2, and 3 or more certificates not held yet are worth."""
        return 0, self.certificates_one, self.certificates_two, self.certificates_three

    def outlook(self, contract_type: str) -> float:
        """What a contract type gives by itself, in [0, 1]."""
        worth: int = getattr(self, f"outlook_{contract_type}")
        return worth / MILLION

    @property
    def outlook_weights(self) -> tuple[int, int, int, int]:
        """Weights of contract type, job guarantee, duration and trial."""
        return self.weigh_contract, self.weigh_guarantee, self.weigh_duration, self.weigh_trial


def is_worth(name: str) -> bool:
    """Whether a measure is a worth in millionths; the others are whole numbers as they stand."""
    return not name.startswith("weigh_") and name != "presumed_km"
