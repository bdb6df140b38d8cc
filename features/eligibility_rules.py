"""The hard rules as formulas over columns: each says of a pair whether it refuses and whether it asks.

A formula takes the student's columns, then the opening's, as arrays that broadcast against each other, so
one and the same line serves a list of pairs and a table of all classes of students by all classes of
openings. Bits and whole numbers only: a comparison is exact on every machine.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.eligibility_columns import Areas
from features.eligibility_reach import Distances

A = NDArray[Any]
State = tuple[A, A]


@dataclass(frozen=True)
class Rule:
    """A rule's code, the columns it reads on either side, and its formula: (refuses, asks)."""

    code: str
    student: tuple[str, ...]
    opening: tuple[str, ...]
    formula: Callable[..., State]


def _age(birth: A, youngest: A, oldest: A) -> State:
    return (birth > youngest) | (birth <= oldest), np.False_


def _entry(until: A, member: A, birth: A, entry: A, starts: A, listed: A, youngest: A, oldest: A) -> State:
    enrolled, not_enrolled = until >= starts, (until >= 0) & (until < starts)
    is_member, no_member = member == 1, (member == 0) & (listed != 0)
    of_age = (birth <= youngest) & (birth > oldest)
    werkschool = not_enrolled | no_member
    side = enrolled & is_member & of_age
    refuses = ((entry == 1) & werkschool) | ((entry == 2) & side)
    may_meet_all = ~not_enrolled & ~no_member & of_age
    asks = ((entry == 1) & ~werkschool & ~(enrolled & is_member)) | ((entry == 2) & may_meet_all & ~side)
    return refuses, asks


def _overlap(ours: A, theirs: A) -> State:
    known = (ours != 0) & (theirs != 0)
    return known & (ours & theirs == 0), ~known


def _dates(available: A, latest: A, closed: A) -> State:
    return (closed != 0) | (available > latest), available < 0


def _hours(s_most_sure: A, s_most: A, s_least: A, s_least_sure: A, o_most_sure: A, o_most: A, o_least: A,
           o_least_sure: A) -> State:  # fmt: skip
    possible = (s_most >= o_least) & (o_most >= s_least)
    certain = (s_most_sure >= o_least_sure) & (o_most_sure >= s_least_sure)
    return ~possible, ~certain


def _reach(near: Distances) -> Callable[..., State]:
    def formula(place: A, limit: A, sure: A, stranded: A, there: A) -> State:
        metres = near.between(place, there)
        return (stranded != 0) | (metres > limit), (metres < 0) | (metres > sure)

    return formula


def _region(where: Areas) -> Callable[..., State]:
    def formula(region: A, own: A, there: A, own_there: A) -> State:
        unknown = (region == 0) | (there == 0)
        return ~unknown & ~where.region_allowed[region, there] & ~where.own_allowed[own, own_there], unknown

    return formula


def _certificate(held: A, known: A, needed: A) -> State:
    missing = needed & ~held != 0
    return missing & (known != 0), missing & (known == 0)


def _level(level: A, least: A) -> State:
    return (level >= 0) & (level < least), (level < 0) & (least > 0)


def _under_18(birth: A, adult: A, sixteen: A, minors: A, children: A) -> State:
    state = np.where(birth > sixteen, children, np.where(birth > adult, minors, 0))
    return state == 2, state == 1


def _support(essential: A, known: A, not_offered: A, offered: A) -> State:
    refuses = essential & not_offered != 0
    return refuses, ((known == 0) | (essential & ~offered != 0))


def _condition(unacceptable: A, known: A, present: A, present_known: A) -> State:
    refuses = unacceptable & present != 0
    unsure = ((known == 0) & ((present != 0) | (present_known == 0))) | ((unacceptable != 0) & (present_known == 0))
    return refuses, unsure


def _task(disliked: A, wanted: A, known: A, vague: A, must: A, must_vague: A) -> State:
    refuses = (disliked & must).any(axis=-1)
    unasked = (must & ~wanted).any(axis=-1) & ((known == 0) | (vague != 0))
    return refuses, unasked | (must_vague != 0)


def _skill(steps: A, known: A, must: A, must_vague: A) -> State:
    missing = must & ~steps
    return missing & known != 0, (missing & ~known != 0) | (must_vague != 0)


def _state(state: A) -> State:
    return state == 2, state == 1


def _fresh(ours: A, theirs: A) -> State:
    return (ours == 2) | (theirs == 2), (ours % 2 == 1) | (theirs % 2 == 1)


def _flag(number: int) -> Callable[..., State]:
    def formula(column: A) -> State:
        return column == number, np.False_

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
        Rule("branch", ("excluded",), ("branch",), lambda ours, branch: (ours & branch != 0, np.False_)),
        Rule("certificate", ("held", "held_known"), ("certificates",), _certificate),
        Rule("level", ("level",), ("level",), _level),
        Rule("under_18", ("birth",), ("adult", "sixteen", "minors", "children"), _under_18),
        Rule("support", ("essential", "needs_known"), ("not_offered", "offered"), _support),
        Rule("condition", ("unacceptable", "unacceptable_known"), ("conditions", "conditions_known"), _condition),
        Rule("task", ("disliked", "wanted", "dislikes_known", "dislikes_vague"), ("must", "must_vague"), _task),
        Rule("skill", ("skill_steps", "skills_known"), ("must_steps", "must_vague_skill"), _skill),
        Rule("participation", (), ("participation",), _state),
        Rule("freshness", ("fresh",), ("fresh",), _fresh),
    )


def _first_transport(only: A, early: A) -> State:
    return np.False_, (only != 0) & (early != 0)


def _schooling(birth: A, due: A, until: A, adult: A, job: A, starts: A) -> State:
    return np.False_, (birth > adult) & (due != 0) & (job != 0) & ~(until >= starts)


def _usual(birth: A, youngest: A, oldest: A) -> State:
    return np.False_, (birth > youngest) | (birth <= oldest)


def _given(*columns: A) -> State:
    flags = columns[0] != 0
    for column in columns[1:]:
        flags = flags & (column != 0)
    return np.False_, flags


ONLY_ASK = (
    Rule("first_transport", ("transport_only",), ("early",), _first_transport),
    Rule("under_18_schooling", ("birth", "schooling_due", "enrolled_until"), ("adult", "schooling_job", "starts"),
         _schooling),
    Rule("age_usual", ("birth",), ("usual_youngest", "usual_oldest"), _usual),
    Rule("consent", ("no_consent",), (), _given),
    Rule("planned", (), ("planned",), _given),
    Rule("load", ("no_half_days",), ("load_limited",), _given),
)  # fmt: skip
"""Points to check that never refuse."""
