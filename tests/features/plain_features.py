"""The pair features once more, with fractions and on one pair: the oracle of the vectorised ones.

Each function returns (value, low, high) as fractions, or None where nothing is known; written from the
meanings stated in the product's documentation of each feature.
"""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as F

import numpy as np

from features.geography import straight_km
from features.records import Opening, Student
from features.travel import minutes
from tests.features.plain_rules import words

Answer = tuple[F, F, F] | None
HALF = F(1, 2)


def sure(value: F) -> Answer:
    return value, value, value


def mean(parts: list[tuple[int, F | None]]) -> Answer:
    """Weighted mean, unknown parts at a half, nothing and all."""
    total = sum(weight for weight, _ in parts)
    value, low, high = (
        sum((weight * (unknown if part is None else part) for weight, part in parts), F(0)) / total
        for unknown in (HALF, F(0), F(1))
    )
    return value, low, high


def branch(s: Student, o: Opening) -> Answer:
    if o.branch in s.branches_excluded:
        return sure(F(0))
    if not s.branches:
        return None
    if o.branch not in s.branches:
        return sure(F(1, 5))
    return sure([F(1), F(17, 20), F(7, 10), F(11, 20), F(2, 5)][min(s.branches.index(o.branch), 4)])


def tasks(s: Student, o: Opening, names: Callable[[str], set[str]], like: Callable[[str, str], bool]) -> Answer:
    lists = (s.tasks_wanted, s.tasks_disliked, (*s.tasks_mastered, *s.experience))
    if not o.tasks or not any(lists):
        return None
    # Texts of one meaning are one task, a must when one of them is; a loose text means its own words.
    items: dict[tuple[str, bool], bool] = {}
    for d in o.tasks:
        for name in names(d.text) or {words(d.text)}:
            key = name, bool(names(d.text))
            items[key] = items.get(key, False) or d.must
    parts: list[tuple[int, F | None]] = []
    for (name, read), must in items.items():
        wanted, disliked, able = (
            any(name in names(text) if read else not names(text) and like(name, text) for text in texts)
            for texts in lists
        )
        worth: F | None
        if disliked:
            worth = F(0)
        elif wanted:
            worth = F(1) if able else F(9, 10)
        elif able:
            worth = F(7, 10)
        else:
            worth = F(3, 10) if read and any(names(text) for text in s.tasks_wanted) else None
        parts.append((2 if must else 1, worth))
    return mean(parts)


def work_skills(s: Student, o: Opening) -> Answer:
    own = dict(s.work_skills)
    if not o.work_skills or not own:
        return None
    parts: list[tuple[int, F | None]] = []
    for d in o.work_skills:
        worth: F | None = None
        if d.level == 0:
            worth = F(1)
        elif d.level is not None and d.text in own:
            worth = [F(1), HALF, F(1, 5), F(0)][max(0, d.level - own[d.text])]
        parts.append((2 if d.must else 1, worth))
    return mean(parts)


def support(s: Student, o: Opening) -> Answer:
    if s.support_needed is None:
        return None
    if not s.support_needed:
        return sure(F(1))
    offered = dict(o.support_offered or ())
    weight = {"startup": 2, None: 3, "structural": 4}
    limited = {"startup": F(7, 10), None: F(11, 20), "structural": F(2, 5)}
    return mean([
        (weight[n.when] * (2 if n.essential else 1),
         {"yes": F(1), "no": F(0), "limited": limited[n.when]}.get(offered.get(n.code, "")))
        for n in s.support_needed
    ])  # fmt: skip


def travel(s: Student, o: Opening, road_factor: float) -> Answer:
    if s.location is None or o.location is None:
        return None
    a, b = s.location, o.location
    points = (np.array([x]) for x in (a.latitude, a.longitude, b.latitude, b.longitude))
    straight = round(float(np.asarray(straight_km(*points))[0]), 3)
    road = F(straight) * F(road_factor)
    shares = [] if s.max_km is None else [(road, F(s.max_km))]
    means = [m for m in s.travel_means if s.travels_alone is not False or m == "brought"]
    if s.max_minutes is not None and means:
        taken = min(float(minutes(np.array([straight]), m)[0]) for m in means)
        shares.append((F(taken), F(s.max_minutes)))

    def comfort(used: F, limit: F) -> F:
        if limit == 0:
            return F(int(used == 0))
        return max(F(0), 1 - min(F(1), used / limit) ** 2)

    if shares:
        return sure(min(comfort(used, limit) for used, limit in shares))
    return comfort(road, F(25)), comfort(2 * road, F(25)), comfort(road / 2, F(25))


def hours(s: Student, o: Opening) -> Answer:
    if (s.hours_min is None and s.hours_max is None) or (o.hours_min is None and o.hours_max is None):
        return None
    ends = []
    for low, high in ((s.hours_min, s.hours_max), (o.hours_min, o.hours_max)):
        a = F(0) if low is None else F(low)
        ends.append((a, max(F(40), a) if high is None else F(high)))
    (a, b), (c, d) = ends
    overlap = min(b, d) - max(a, c)
    return sure(F(0) if overlap < 0 else (overlap + 1) / (min(b - a, d - c) + 1))


def conditions(s: Student, o: Opening) -> Answer:
    if not s.conditions_wanted or o.conditions is None:
        return None
    return sure(F(len(set(s.conditions_wanted) & set(o.conditions)), len(s.conditions_wanted)))


def route(s: Student, o: Opening) -> Answer:
    return None if not s.route or o.route is None else sure(F(int(o.route in s.route)))


def development(s: Student, o: Opening) -> Answer:
    paper: tuple[F, F, F] = HALF, F(0), F(1)
    obtainable, held = set(o.certificates_obtainable), set(s.certificates or ())
    if obtainable:
        worth = [F(0), F(3, 5), F(4, 5), F(1)][min(3, len(obtainable - held))]
        paper = worth, F(0) if s.certificates is None else worth, worth
    diploma: F | None = None
    if o.contract_type == "apprenticeship" or (o.crebo and o.leerbedrijf_id):
        diploma = F(1)
    elif o.crebo:
        diploma = F(4, 5)
    if diploma is not None and s.level == "mbo2":
        diploma /= 2
    if not obtainable and diploma is None:
        return None
    ends = (HALF, F(0), F(1)) if diploma is None else (diploma, diploma, diploma)
    value, low, high = ((p + d) / 2 for p, d in zip(paper, ends, strict=True))
    return value, low, high


def contract(o: Opening) -> Answer:
    outlook = {"job": F(1), "apprenticeship": F(9, 10), "supported_job": F(4, 5), "secondment": F(3, 5),
               "sheltered_place": HALF, "work_experience": F(2, 5), "internship": F(3, 10)}  # fmt: skip
    parts: list[tuple[int, F | None]] = [
        (5, None if o.contract_type is None else outlook[o.contract_type]),
        (3, None if o.job_guarantee is None else F(1) if o.job_guarantee else F(1, 5)),
        (1, None if o.duration_months is None else F(min(o.duration_months, 24)) / 24),
        (1, None if o.trial_months is None else 1 - F(min(o.trial_months, 12)) / 12),
    ]
    return None if all(part is None for _, part in parts) else mean(parts)
