"""The hard rules as formulas over columns: each says of a pair whether it refuses and whether it asks.

A formula takes the student's columns and the opening's as arrays that broadcast against each other, so
one and the same line serves a list of pairs and a table of all classes of students by all classes of
openings. Bits and whole numbers only: a comparison is exact on every machine.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.eligibility_columns import Areas, Columns
from features.eligibility_reach import Distances

A = NDArray[Any]
Side = tuple[A, ...]
State = tuple[A, A]
NEVER: A = np.zeros((), dtype=bool)
"""A formula that never asks, or never refuses."""


RULES = (
    "work_capacity", "work_capacity_unknown", "destination", "leaving_profile", "age", "entry", "route",
    "contract_type", "dates", "hours", "region", "reach", "branch", "certificate", "level", "under_18", "support",
    "condition", "task", "skill", "participation", "freshness", "min_fit", "forbidden",
)  # fmt: skip
"""Everything that can refuse a pair, in the order of ``codes.md``; bit k of a mask over rules is ``RULES[k]``.

`evaluate` knows no fit and no decisions: the last two are counted by who does.
"""

POINTS = (
    "entry", "route", "contract_type", "dates", "hours", "region", "reach", "first_transport", "certificate", "level",
    "under_18", "under_18_schooling", "support", "condition", "task", "skill", "participation", "freshness",
    "age_usual", "consent", "planned", "load",
)  # fmt: skip
"""Everything that can stand in ``to_check``; bit k of a mask over points is ``POINTS[k]``."""

NEVER_FIXED = ("work_capacity", "work_capacity_unknown", "destination", "leaving_profile")
"""Rules that hold even against a connector's decision: such a student is not placed at all."""


@dataclass(frozen=True)
class Rule:
    """A rule's code, the columns it reads on either side, and its formula: (refuses, asks)."""

    code: str
    student: tuple[str, ...]
    opening: tuple[str, ...]
    formula: Callable[[Side, Side], State]

    def of_pairs(self, ours: Columns, theirs: Columns, i: NDArray[np.int64], j: NDArray[np.int64]) -> State:
        """Apply the rule to the pairs (i, j)."""
        refuses, asks = self.formula(tuple(ours[c][i] for c in self.student), tuple(theirs[c][j] for c in self.opening))
        return np.broadcast_to(refuses, i.shape), np.broadcast_to(asks, i.shape)


def _age(ours: Side, theirs: Side) -> State:
    (birth,), (youngest, oldest) = ours, theirs
    return (birth > youngest) | (birth <= oldest), NEVER


def _entry(ours: Side, theirs: Side) -> State:
    (until, member, birth), (entry, starts, listed, youngest, oldest) = ours, theirs
    enrolled, not_enrolled = until >= starts, (until >= 0) & (until < starts)
    is_member, no_member = member == 1, (member == 0) & (listed != 0)
    of_age = (birth <= youngest) & (birth > oldest)
    werkschool = not_enrolled | no_member
    side = enrolled & is_member & of_age
    refuses = ((entry == 1) & werkschool) | ((entry == 2) & side)
    may_meet_all = ~not_enrolled & ~no_member & of_age
    asks = ((entry == 1) & ~werkschool & ~(enrolled & is_member)) | ((entry == 2) & may_meet_all & ~side)
    return refuses, asks


def _overlap(ours: Side, theirs: Side) -> State:
    (own,), (other,) = ours, theirs
    known = (own != 0) & (other != 0)
    return known & (own & other == 0), ~known


def _dates(ours: Side, theirs: Side) -> State:
    (available,), (latest, closed) = ours, theirs
    return (closed != 0) | (available > latest), available < 0


def _hours(ours: Side, theirs: Side) -> State:
    (most_sure, most, least, least_sure), (o_most_sure, o_most, o_least, o_least_sure) = ours, theirs
    possible = (most >= o_least) & (o_most >= least)
    certain = (most_sure >= o_least_sure) & (o_most_sure >= least_sure)
    return ~possible, ~certain


def _reach(near: Distances) -> Callable[[Side, Side], State]:
    def formula(ours: Side, theirs: Side) -> State:
        (place, limit, sure, stranded), (there,) = ours, theirs
        metres = near.between(place, there)
        return (stranded != 0) | (metres > limit), (metres < 0) | (metres > sure)

    return formula


def _region(where: Areas) -> Callable[[Side, Side], State]:
    def formula(ours: Side, theirs: Side) -> State:
        (region, own), (there, own_there) = ours, theirs
        unknown = (region == 0) | (there == 0)
        return ~unknown & ~where.region_allowed[region, there] & ~where.own_allowed[own, own_there], unknown

    return formula


def _branch(ours: Side, theirs: Side) -> State:
    (excluded,), (branch,) = ours, theirs
    return excluded & branch != 0, NEVER


def _certificate(ours: Side, theirs: Side) -> State:
    (held, known), (needed,) = ours, theirs
    missing = needed & ~held != 0
    return missing & (known != 0), missing & (known == 0)


def _level(ours: Side, theirs: Side) -> State:
    (level,), (least,) = ours, theirs
    return (level >= 0) & (level < least), (level < 0) & (least > 0)


def _under_18(ours: Side, theirs: Side) -> State:
    (birth,), (adult, sixteen, minors, children) = ours, theirs
    state = np.where(birth > sixteen, children, np.where(birth > adult, minors, 0))
    return state == 2, state == 1


def _support(ours: Side, theirs: Side) -> State:
    (essential, known), (not_offered, offered) = ours, theirs
    refuses = essential & not_offered != 0
    return refuses, ((known == 0) | (essential & ~offered != 0))


def _condition(ours: Side, theirs: Side) -> State:
    (unacceptable, known), (present, present_known) = ours, theirs
    refuses = unacceptable & present != 0
    unsure = ((known == 0) & ((present != 0) | (present_known == 0))) | ((unacceptable != 0) & (present_known == 0))
    return refuses, unsure


def _task(ours: Side, theirs: Side) -> State:
    (disliked, wanted, known, vague), (must, must_loose, must_vague) = ours, theirs
    refuses: A = np.any(disliked & must, axis=-1)
    unasked: A = np.any(must & ~wanted, axis=-1) & ((known == 0) | (vague != 0))
    unread = np.any(must_loose & ~wanted, axis=-1) | (must_vague != 0)
    return refuses, unasked | unread


def _skill(ours: Side, theirs: Side) -> State:
    (steps, known), (must, must_vague) = ours, theirs
    missing = must & ~steps
    return missing & known != 0, (missing & ~known != 0) | (must_vague != 0)


def _participation(_: Side, theirs: Side) -> State:
    (state,) = theirs
    return state == 2, state == 1


def _fresh(ours: Side, theirs: Side) -> State:
    (own,), (other,) = ours, theirs
    return (own == 2) | (other == 2), (own % 2 == 1) | (other % 2 == 1)


def _flag(number: int) -> Callable[[Side, Side], State]:
    def formula(ours: Side, _: Side) -> State:
        return ours[0] == number, NEVER

    return formula


_HOURS = ("most_at_least", "most_at_most", "least_at_least", "least_at_most")


def rules(near: Distances, where: Areas) -> tuple[Rule, ...]:
    """Return the rules that look at records, in the order of ``codes.md``."""
    return (
        Rule("work_capacity", ("capacity",), (), _flag(1)),
        Rule("work_capacity_unknown", ("capacity",), (), _flag(2)),
        Rule("destination", ("destination",), (), _flag(1)),
        Rule("leaving_profile", ("day_activities",), (), _flag(1)),
        Rule("age", ("birth",), ("youngest", "oldest"), _age),
        Rule(
            "entry",
            ("enrolled_until", "member", "birth"),
            ("entry", "starts", "members_listed", "entry_youngest", "entry_oldest"),
            _entry,
        ),
        Rule("route", ("routes",), ("route",), _overlap),
        Rule("contract_type", ("contracts",), ("contract",), _overlap),
        Rule("dates", ("available",), ("latest", "closed"), _dates),
        Rule("hours", _HOURS, _HOURS, _hours),
        Rule("region", ("region", "own"), ("region", "own"), _region(where)),
        Rule("reach", ("place", "limit_m", "sure_m", "stranded"), ("place",), _reach(near)),
        Rule("branch", ("excluded",), ("branch",), _branch),
        Rule("certificate", ("held", "held_known"), ("certificates",), _certificate),
        Rule("level", ("level",), ("level",), _level),
        Rule("under_18", ("birth",), ("adult", "sixteen", "minors", "children"), _under_18),
        Rule("support", ("essential", "needs_known"), ("not_offered", "offered"), _support),
        Rule("condition", ("unacceptable", "unacceptable_known"), ("conditions", "conditions_known"), _condition),
        Rule(
            "task",
            ("disliked", "wanted", "dislikes_known", "dislikes_vague"),
            ("must", "must_loose", "must_vague"),
            _task,
        ),
        Rule("skill", ("skill_steps", "skills_known"), ("must_steps", "must_vague_skill"), _skill),
        Rule("participation", (), ("participation",), _participation),
        Rule("freshness", ("fresh",), ("fresh",), _fresh),
    )


def _schooling(ours: Side, theirs: Side) -> State:
    (birth, due, until), (adult, job, starts) = ours, theirs
    return NEVER, (birth > adult) & (due != 0) & (job != 0) & ~(until >= starts)


def _usual(ours: Side, theirs: Side) -> State:
    (birth,), (youngest, oldest) = ours, theirs
    return NEVER, (birth > youngest) | (birth <= oldest)


def _given(ours: Side, theirs: Side) -> State:
    """Ask where every column says so."""
    first, *others = (*ours, *theirs)
    flags = first != 0
    for column in others:
        flags = flags & (column != 0)
    return NEVER, flags


ONLY_ASK = (
    Rule("first_transport", ("transport_only",), ("early",), _given),
    Rule("under_18_schooling", ("birth", "schooling_due", "enrolled_until"), ("adult", "schooling_job", "starts"),
         _schooling),
    Rule("age_usual", ("birth",), ("usual_youngest", "usual_oldest"), _usual),
    Rule("consent", ("no_consent",), (), _given),
    Rule("planned", (), ("planned",), _given),
    Rule("load", ("no_half_days",), (), _given),
)  # fmt: skip
"""Points to check that never refuse."""
