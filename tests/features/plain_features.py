"""The pair features once more, with fractions and on one pair: the oracle of the vectorised ones.

Each function returns (value, low, high) as fractions, or None where nothing is known; written from the
meanings stated in the product's documentation of each feature.
"""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from features.geography import straight_km
from features.records import Opening, Student
from features.travel import minutes
from tests.features.plain_rules import words

Answer = tuple[Fraction, Fraction, Fraction] | None
HALF = Fraction(1, 2)


def sure(value: Fraction) -> Answer:
    return value, value, value


def mean(parts: list[tuple[int, Fraction | None]]) -> Answer:
    """Weighted mean, unknown parts at a half, nothing and all."""
    total = sum(weight for weight, _ in parts)
    value, low, high = (
        sum((weight * (unknown if part is None else part) for weight, part in parts), Fraction(0)) / total
        for unknown in (HALF, Fraction(0), Fraction(1))
    )
    return value, low, high


def branch(s: Student, o: Opening) -> Answer:
    if o.branch in s.branches_excluded:
        return sure(Fraction(0))
    if not s.branches:
        return None
    if o.branch not in s.branches:
        return sure(Fraction(1, 5))
    hundredths = [100, 85, 70, 55, 40]
    return sure(Fraction(hundredths[min(s.branches.index(o.branch), 4)], 100))


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
    parts: list[tuple[int, Fraction | None]] = []
    for (name, read), must in items.items():
        wanted, disliked, able = (
            any(name in names(text) if read else not names(text) and like(name, text) for text in texts)
            for texts in lists
        )
        worth: Fraction | None
        if disliked:
            worth = Fraction(0)
        elif wanted:
            worth = Fraction(1) if able else Fraction(9, 10)
        elif able:
            worth = Fraction(7, 10)
        else:
            worth = Fraction(3, 10) if read and any(names(text) for text in s.tasks_wanted) else None
        parts.append((2 if must else 1, worth))
    return mean(parts)


def work_skills(s: Student, o: Opening) -> Answer:
    own = dict(s.work_skills)
    if not o.work_skills or not own:
        return None
    parts: list[tuple[int, Fraction | None]] = []
    for d in o.work_skills:
        worth: Fraction | None = None
        if d.level == 0:
            worth = Fraction(1)
        elif d.level is not None and d.text in own:
            worth = [Fraction(1), HALF, Fraction(1, 5), Fraction(0)][max(0, d.level - own[d.text])]
        parts.append((2 if d.must else 1, worth))
    return mean(parts)


def support(s: Student, o: Opening) -> Answer:
    if s.support_needed is None:
        return None
    if not s.support_needed:
        return sure(Fraction(1))
    offered = dict(o.support_offered or ())
    weight = {"startup": 2, None: 3, "structural": 4}
    limited = {"startup": Fraction(7, 10), None: Fraction(11, 20), "structural": Fraction(2, 5)}
    return mean([
        (weight[n.when] * (2 if n.essential else 1),
         {"yes": Fraction(1), "no": Fraction(0), "limited": limited[n.when]}.get(offered.get(n.code, "")))
        for n in s.support_needed
    ])  # fmt: skip


def travel(s: Student, o: Opening, road_factor: float) -> Answer:
    if s.location is None or o.location is None:
        return None
    a, b = s.location, o.location
    points = (np.array([x]) for x in (a.latitude, a.longitude, b.latitude, b.longitude))
    straight = round(float(np.asarray(straight_km(*points))[0]), 3)
    road = Fraction(straight) * Fraction(road_factor)
    shares = [] if s.max_km is None else [(road, Fraction(s.max_km))]
    means = [m for m in s.travel_means if s.travels_alone is not False or m == "brought"]
    if s.max_minutes is not None and means:
        taken = min(float(minutes(np.array([straight]), m)[0]) for m in means)
        shares.append((Fraction(taken), Fraction(s.max_minutes)))

    def comfort(used: Fraction, limit: Fraction) -> Fraction:
        if limit == 0:
            return Fraction(int(used == 0))
        return max(Fraction(0), 1 - min(Fraction(1), used / limit) ** 2)

    if shares:
        return sure(min(comfort(used, limit) for used, limit in shares))
    return comfort(road, Fraction(25)), comfort(2 * road, Fraction(25)), comfort(road / 2, Fraction(25))


def hours(s: Student, o: Opening) -> Answer:
    if (s.hours_min is None and s.hours_max is None) or (o.hours_min is None and o.hours_max is None):
        return None
    ends = []
    for low, high in ((s.hours_min, s.hours_max), (o.hours_min, o.hours_max)):
        a = Fraction(0) if low is None else Fraction(low)
        ends.append((a, max(Fraction(40), a) if high is None else Fraction(high)))
    (a, b), (c, d) = ends
    overlap = min(b, d) - max(a, c)
    return sure(Fraction(0) if overlap < 0 else (overlap + 1) / (min(b - a, d - c) + 1))


def conditions(s: Student, o: Opening) -> Answer:
    if not s.conditions_wanted or o.conditions is None:
        return None
    return sure(Fraction(len(set(s.conditions_wanted) & set(o.conditions)), len(s.conditions_wanted)))


def route(s: Student, o: Opening) -> Answer:
    return None if not s.route or o.route is None else sure(Fraction(int(o.route in s.route)))


def development(s: Student, o: Opening) -> Answer:
    paper: tuple[Fraction, Fraction, Fraction] = HALF, Fraction(0), Fraction(1)
    obtainable, held = set(o.certificates_obtainable), set(s.certificates or ())
    if obtainable:
        worth = [Fraction(0), Fraction(3, 5), Fraction(4, 5), Fraction(1)][min(3, len(obtainable - held))]
        paper = worth, Fraction(0) if s.certificates is None else worth, worth
    diploma: Fraction | None = None
    if o.contract_type == "apprenticeship" or (o.crebo and o.leerbedrijf_id):
        diploma = Fraction(1)
    elif o.crebo:
        diploma = Fraction(4, 5)
    if diploma is not None and s.level == "mbo2":
        diploma /= 2
    if not obtainable and diploma is None:
        return None
    ends = (HALF, Fraction(0), Fraction(1)) if diploma is None else (diploma, diploma, diploma)
    value, low, high = ((p + d) / 2 for p, d in zip(paper, ends, strict=True))
    return value, low, high


def contract(o: Opening) -> Answer:
    tenths = {"job": 10, "apprenticeship": 9, "supported_job": 8, "secondment": 6, "sheltered_place": 5,
              "work_experience": 4, "internship": 3}  # fmt: skip
    parts: list[tuple[int, Fraction | None]] = [
        (5, None if o.contract_type is None else Fraction(tenths[o.contract_type], 10)),
        (3, None if o.job_guarantee is None else Fraction(1) if o.job_guarantee else Fraction(1, 5)),
        (1, None if o.duration_months is None else Fraction(min(o.duration_months, 24)) / 24),
        (1, None if o.trial_months is None else 1 - Fraction(min(o.trial_months, 12)) / 12),
    ]
    return None if all(part is None for _, part in parts) else mean(parts)
