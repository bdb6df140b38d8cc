"""The hard rules as formulas over columns: one that refuses a pair, one that asks something about it.

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
from features.eligibility_times import TIMED, not_surely_near, too_far

A = NDArray[np.int64]
Truth = Any
"""An array of bool: NumPy's operators on whole numbers are typed as anything."""
Side = tuple[A, ...]

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
class Formula:
    """A yes or no about a pair: the columns it reads on either side, and what it makes of them."""

    student: tuple[str, ...]
    opening: tuple[str, ...]
    holds: Callable[[Side, Side], Truth]

    def of_pairs(self, ours: Columns, theirs: Columns, i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Apply the formula to the pairs (i, j)."""
        found = self.holds(tuple(ours[c][i] for c in self.student), tuple(theirs[c][j] for c in self.opening))
        spread: NDArray[np.bool_] = np.broadcast_to(found, i.shape)
        return spread


@dataclass(frozen=True)
class Rule:
    """A rule's code, when it refuses, and when it asks: where it asks and does not refuse there is a point to check.

    Either is None where the rule never does.
    """

    code: str
    refuses: Formula | None
    asks: Formula | None = None


def _outside(ours: Side, theirs: Side) -> Truth:
    """Younger than the least or older than the greatest age."""
    (birth,), (youngest, oldest) = ours, theirs
    return (birth > youngest) | (birth <= oldest)


_ENTRY = (
    ("enrolled_until", "member", "birth"), ("entry", "starts", "members_listed", "entry_youngest", "entry_oldest"),
)  # fmt: skip


def _entry_refuses(ours: Side, theirs: Side) -> Truth:
    (until, member, birth), (entry, starts, listed, youngest, oldest) = ours, theirs
    not_enrolled, no_member = (until >= 0) & (until < starts), (member == 0) & (listed != 0)
    meets_all = (until >= starts) & (member == 1) & (birth <= youngest) & (birth > oldest)
    return ((entry == 1) & (not_enrolled | no_member)) | ((entry == 2) & meets_all)


def _entry_asks(ours: Side, theirs: Side) -> Truth:
    """Something of enrolment and membership is not known, and it would decide."""
    (until, member, birth), (entry, starts, listed, youngest, oldest) = ours, theirs
    unsure = (until < 0) | (member < 0) | ((member == 0) & (listed == 0))
    may_be = ~((until >= 0) & (until < starts)) & ~((member == 0) & (listed != 0))
    return unsure & may_be & ((entry == 1) | ((entry == 2) & (birth <= youngest) & (birth > oldest)))


def _apart(ours: Side, theirs: Side) -> Truth:
    (own,), (other,) = ours, theirs
    return (own != 0) & (other != 0) & (own & other == 0)


def _either_missing(ours: Side, theirs: Side) -> Truth:
    (own,), (other,) = ours, theirs
    return (own == 0) | (other == 0)


def _late_or_closed(ours: Side, theirs: Side) -> Truth:
    (available,), (latest, closed) = ours, theirs
    return (closed != 0) | (available > latest)


def _not_within(ours: Side, theirs: Side) -> Truth:
    """Two ranges whose given ends do not meet: (greatest, least) of either side."""
    (most, least), (most_there, least_there) = ours, theirs
    return (most < least_there) | (most_there < least)


def _region_refuses(where: Areas) -> Callable[[Side, Side], Truth]:
    def holds(ours: Side, theirs: Side) -> Truth:
        (region, own), (there, own_there) = ours, theirs
        known = (region != 0) & (there != 0)
        return known & ~where.region_allowed[region, there] & ~where.own_allowed[own, own_there]

    return holds


def _too_far(near: Distances) -> Callable[[Side, Side], Truth]:
    def holds(ours: Side, theirs: Side) -> Truth:
        (place, limit, stranded), (there,) = ours, theirs
        return (stranded != 0) | (near.between(place, there) > limit)

    return holds


def _not_surely_near(near: Distances) -> Callable[[Side, Side], Truth]:
    def holds(ours: Side, theirs: Side) -> Truth:
        (place, sure), (there,) = ours, theirs
        metres = near.between(place, there)
        return (metres < 0) | (metres > sure)

    return holds


def _meet(ours: Side, theirs: Side) -> Truth:
    """Two sets of bits have one in common."""
    (own,), (other,) = ours, theirs
    return own & other != 0


def _certificate_refuses(ours: Side, theirs: Side) -> Truth:
    (held, known), (needed,) = ours, theirs
    return (known != 0) & (needed & ~held != 0)


def _certificate_asks(ours: Side, theirs: Side) -> Truth:
    (known,), (needed,) = ours, theirs
    return (known == 0) & (needed != 0)


def _level_refuses(ours: Side, theirs: Side) -> Truth:
    (level,), (least,) = ours, theirs
    return (level >= 0) & (level < least)


def _level_asks(ours: Side, theirs: Side) -> Truth:
    (level,), (least,) = ours, theirs
    return (level < 0) & (least > 0)


def _under_18(state: int) -> Callable[[Side, Side], Truth]:
    def holds(ours: Side, theirs: Side) -> Truth:
        (birth,), (adult, sixteen, minors, children) = ours, theirs
        return np.where(birth > sixteen, children == state, (birth > adult) & (minors == state))

    return holds


def _support_asks(ours: Side, theirs: Side) -> Truth:
    (essential, known), (offered,) = ours, theirs
    return (known == 0) | (essential & ~offered != 0)


def _condition_asks(ours: Side, theirs: Side) -> Truth:
    (unacceptable, known), (present, present_known) = ours, theirs
    unasked = (known == 0) & ((present != 0) | (present_known == 0))
    return unasked | ((unacceptable != 0) & (present_known == 0))


def _words_meet(own: A, other: A) -> Truth:
    """Two rows of words have a bit in common; a word at a time, so that nothing larger than the answer is held."""
    found = own[..., 0] & other[..., 0] != 0
    for w in range(1, own.shape[-1]):
        found |= own[..., w] & other[..., w] != 0
    return found


def _task_refuses(ours: Side, theirs: Side) -> Truth:
    return _words_meet(ours[0], theirs[0])


def _task_asks(ours: Side, theirs: Side) -> Truth:
    (wanted, known, vague), (must, must_loose, must_vague) = ours, theirs
    unasked = ((known == 0) | (vague != 0)) & _words_meet(~wanted, must)
    return unasked | (must_vague != 0) | _words_meet(~wanted, must_loose)


def _skill_refuses(ours: Side, theirs: Side) -> Truth:
    (steps, known), (must,) = ours, theirs
    return must & ~steps & known != 0


def _skill_asks(ours: Side, theirs: Side) -> Truth:
    (known,), (must, must_vague) = ours, theirs
    return (must & ~known != 0) | (must_vague != 0)


def _too_old(ours: Side, theirs: Side) -> Truth:
    return (ours[0] == 2) | (theirs[0] == 2)


def _not_fresh(ours: Side, theirs: Side) -> Truth:
    return (ours[0] % 2 == 1) | (theirs[0] % 2 == 1)


def _ours_is(number: int) -> Callable[[Side, Side], Truth]:
    return lambda ours, _: ours[0] == number


def _theirs_is(number: int) -> Callable[[Side, Side], Truth]:
    return lambda _, theirs: theirs[0] == number


def _all_said(ours: Side, theirs: Side) -> Truth:
    """Every column says so."""
    first, *others = (*ours, *theirs)
    flags = first != 0
    for column in others:
        flags = flags & (column != 0)
    return flags


def _schooling(ours: Side, theirs: Side) -> Truth:
    (birth, due, until), (adult, job, starts) = ours, theirs
    return (birth > adult) & (due != 0) & (job != 0) & (until < starts)


_MINORS = ("adult", "sixteen", "minors", "children")


def rules(near: Distances, where: Areas) -> tuple[Rule, ...]:
    """Return the rules that look at records, in the order of ``codes.md``."""
    F = Formula
    return (
        Rule("work_capacity", F(("capacity",), (), _ours_is(1))),
        Rule("work_capacity_unknown", F(("capacity",), (), _ours_is(2))),
        Rule("destination", F(("destination",), (), _ours_is(1))),
        Rule("leaving_profile", F(("day_activities",), (), _ours_is(1))),
        Rule("age", F(("birth",), ("youngest", "oldest"), _outside)),
        Rule("entry", F(*_ENTRY, _entry_refuses), F(*_ENTRY, _entry_asks)),
        Rule("route", F(("routes",), ("route",), _apart), F(("routes",), ("route",), _either_missing)),
        Rule("contract_type", F(("contracts",), ("contract",), _apart),
             F(("contracts",), ("contract",), _either_missing)),
        Rule("dates", F(("available",), ("latest", "closed"), _late_or_closed),
             F(("available",), (), lambda ours, _: ours[0] < 0)),
        Rule("hours", F(("most_at_most", "least_at_least"), ("most_at_most", "least_at_least"), _not_within),
             F(("most_at_least", "least_at_most"), ("most_at_least", "least_at_most"), _not_within)),
        Rule("region", F(("region", "own"), ("region", "own"), _region_refuses(where)),
             F(("region",), ("region",), _either_missing)),
        _reach(near),
        Rule("branch", F(("excluded",), ("branch",), _meet)),
        Rule("certificate", F(("held", "held_known"), ("certificates",), _certificate_refuses),
             F(("held_known",), ("certificates",), _certificate_asks)),
        Rule("level", F(("level",), ("level",), _level_refuses), F(("level",), ("level",), _level_asks)),
        Rule("under_18", F(("birth",), _MINORS, _under_18(2)), F(("birth",), _MINORS, _under_18(1))),
        Rule("support", F(("essential",), ("not_offered",), _meet),
             F(("essential", "needs_known"), ("offered",), _support_asks)),
        Rule("condition", F(("unacceptable",), ("conditions",), _meet),
             F(("unacceptable", "unacceptable_known"), ("conditions", "conditions_known"), _condition_asks)),
        Rule("task", F(("disliked",), ("must",), _task_refuses),
             F(("wanted", "dislikes_known", "dislikes_vague"), ("must", "must_loose", "must_vague"), _task_asks)),
        Rule("skill", F(("skill_steps", "skills_known"), ("must_steps",), _skill_refuses),
             F(("skills_known",), ("must_steps", "must_vague_skill"), _skill_asks)),
        Rule("participation", F((), ("participation",), _theirs_is(2)), F((), ("participation",), _theirs_is(1))),
        Rule("freshness", F(("fresh",), ("fresh",), _too_old), F(("fresh",), ("fresh",), _not_fresh)),
    )  # fmt: skip


def _reach(near: Distances) -> Rule:
    if near.times is not None:
        asks = Formula(TIMED, ("place",), not_surely_near(near))
        return Rule("reach", Formula(TIMED, ("place",), too_far(near)), asks)
    return Rule(
        "reach", Formula(("place", "limit_m", "stranded"), ("place",), _too_far(near)),
        Formula(("place", "sure_m"), ("place",), _not_surely_near(near)),
    )  # fmt: skip


ONLY_ASK = (
    Rule("first_transport", None, Formula(("transport_only",), ("early",), _all_said)),
    Rule("under_18_schooling", None, Formula(
        ("birth", "schooling_due", "enrolled_until"), ("adult", "schooling_job", "starts"), _schooling)),
    Rule("age_usual", None, Formula(("birth",), ("usual_youngest", "usual_oldest"), _outside)),
    Rule("consent", None, Formula(("no_consent",), (), _all_said)),
    Rule("planned", None, Formula((), ("planned",), _all_said)),
    Rule("load", None, Formula(("no_half_days",), (), _all_said)),
)  # fmt: skip
"""Points to check that never refuse."""
