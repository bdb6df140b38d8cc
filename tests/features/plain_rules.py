"""The hard rules once more, in plain Python on one pair at a time: the oracle of the vectorised ones.

Written from the contract's table, not from `features.eligibility_rules`: three-valued where something can be
unknown, with no shared code but the distance, the minutes and what a task text means.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from features.codes import code_list
from features.geography import neighbours, straight_km
from features.records import Opening, Student
from features.settings import RuleSettings
from features.travel import minutes

Three = bool | None  # True, False, or not known


def both(*facts: Three) -> Three:
    return False if False in facts else (None if None in facts else True)


def birthdays(born: date, day: date) -> int:
    years = day.year - born.year
    try:
        birthday = born.replace(year=day.year)
    except ValueError:
        birthday = date(day.year, 3, 1)
    return years - (day < birthday)


@dataclass
class Plain:
    """One pair: ``refuses`` and ``asks`` as sets of codes."""

    s: Student
    o: Opening
    k: RuleSettings
    on: date
    linked: dict[str, tuple[str, ...]]

    def result(self) -> tuple[set[str], set[str]]:
        fits: dict[str, Three] = {
            "work_capacity": self.s.work_capacity != "no",
            "work_capacity_unknown": self.s.work_capacity != "unknown",
            "destination": self.s.destination in ("", "none", "unknown"),
            "leaving_profile": self.s.background.leaving_profile != "day_activities",
            "age": self.age(),
            "entry": self.entry(),
            "route": None if not self.s.route or self.o.route is None else self.o.route in self.s.route,
            "contract_type": None if not self.s.contract_types or self.o.contract_type is None
            else self.o.contract_type in self.s.contract_types,
            "dates": self.dates(),
            "hours": self.hours(),
            "region": self.region(),
            "reach": self.reach(),
            "branch": self.o.branch not in self.s.branches_excluded,
            "certificate": self.certificate(),
            "level": self.level(),
            "under_18": self.under_18(),
            "support": self.support(),
            "condition": self.condition(),
            "task": self.task(),
            "skill": self.skill(),
            "participation": self.participation(),
        }  # fmt: skip
        refuses = {code for code, fit in fits.items() if fit is False}
        asks = {code for code, fit in fits.items() if fit is None}
        ages = [None if c is None else (self.on - c).days for c in (self.s.confirmed_on, self.o.confirmed_on)]
        if any(a is not None and a > self.k.fresh_refused_days for a in ages):
            refuses.add("freshness")
        elif any(a is None or a >= self.k.fresh_marked_days for a in ages):
            asks.add("freshness")
        return refuses, asks | self.only_asks()

    def read(self, text: str) -> bool:
        """Whether a text was understood as a listed task."""
        return text in code_list("task").codes or bool(self.linked[text])

    def meaning(self, text: str) -> set[str]:
        """The codes a text stands for, or its own words."""
        if text in code_list("task").codes:
            return {text}
        return set(self.linked[text]) or {words(text)}

    def years(self) -> int:
        return birthdays(self.s.birth_date, self.o.starts_on)

    def age(self) -> bool:
        o, k = self.o, self.k
        low, high = k.age_individual_min, 10**6
        if o.route == "group":
            low = k.age_group_min
        elif o.entry == "werkschool":
            low, high = k.age_werkschool_min, k.age_werkschool_max
        low = low if o.age_min is None else o.age_min
        high = high if o.age_max is None else o.age_max
        return low <= self.years() <= high

    def enrolled(self) -> Three:
        if self.s.enrolled is not None:
            return self.s.enrolled
        if self.s.leaves_on is not None:
            return self.o.starts_on <= self.s.leaves_on
        return False if self.s.background.is_referrer else None

    def member(self) -> Three:
        if self.s.background.is_referrer:
            return None
        lists = {name: {x.upper().ljust(6, "0") for x in xs} for name, xs in self.k.werkschool_members.items()}
        if any(self.s.school in schools for schools in lists.values()):
            return True
        for name in lists:
            here = self.o.location
            if name in self.k.own_regions:
                speaks = here is not None and here.municipality_code in self.k.own_regions[name]
            elif re.fullmatch(r"AM\d+", name):
                speaks = here is not None and here.region_code == name
            else:
                speaks = True
            if speaks:
                return False
        return None

    def entry(self) -> Three:
        if self.o.route == "group" or self.o.entry == "either":
            return True
        if self.o.entry == "werkschool":
            return both(self.enrolled(), self.member())
        of_age = self.k.age_werkschool_min <= self.years() <= self.k.age_werkschool_max
        meets = both(self.enrolled(), self.member(), of_age)
        return None if meets is None else not meets

    def dates(self) -> Three:
        if self.o.closes_on is not None and self.on > self.o.closes_on:
            return False
        free = self.s.available_from or self.s.leaves_on
        return None if free is None else free <= self.o.starts_on + timedelta(days=self.k.date_grace_days)

    def hours(self) -> Three:
        """Try every completion of the missing ends on a grid that holds all drawn values."""
        grid = [0, 8, 12.5, 16, 24, 32, 40, 44]

        def ranges(low: float | None, high: float | None) -> list[tuple[float, float]]:
            lows, highs = ([low] if low is not None else grid), ([high] if high is not None else grid)
            return [(a, b) for a in lows for b in highs if a <= b]

        met = {
            a <= d and c <= b
            for a, b in ranges(self.s.hours_min, self.s.hours_max)
            for c, d in ranges(self.o.hours_min, self.o.hours_max)
        }
        return met.pop() if len(met) == 1 else None

    def region(self) -> Three:
        if self.s.location is None or self.o.location is None:
            return None
        here, there = self.s.location, self.o.location
        near = self.k.neighbours.get(here.region_code)
        near = neighbours(here.region_code) if near is None else near
        shared = any(
            here.municipality_code in m and there.municipality_code in m for m in self.k.own_regions.values()
        )
        return there.region_code in (here.region_code, *near) or shared

    def straight(self) -> float:
        a, b = self.s.location, self.o.location
        assert a is not None and b is not None
        km = np.asarray(straight_km(np.array([a.latitude]), np.array([a.longitude]), np.array([b.latitude]),
                                    np.array([b.longitude])))  # fmt: skip
        return round(float(km[0]), 3)

    def reach(self) -> Three:
        s = self.s
        answers = [self.reach_if(alone) for alone in ((True, False) if s.travels_alone is None else (s.travels_alone,))]
        if None in answers or len(set(answers)) > 1:
            return False if False in answers and set(answers) == {False} else None
        return answers[0]

    def reach_if(self, alone: bool) -> Three:
        s = self.s
        means = [m for m in s.travel_means if alone or m == "brought"]
        if s.travel_means and not means:
            return False
        if s.location is None or self.o.location is None:
            return None
        straight = self.straight()
        if s.max_km is not None and straight * self.k.road_factor > s.max_km + 1e-9:
            return False
        if s.max_km is None and s.max_minutes is None:
            return None
        if s.max_minutes is not None and means:
            return min(self.taken(straight, m) for m in means) <= s.max_minutes
        if s.max_minutes is not None or (not means and not alone):
            return None
        return True

    def taken(self, straight: float, means: str) -> float:
        return float(minutes(np.array([straight]), means)[0])

    def certificate(self) -> Three:
        needed = set(self.o.certificates_required) - set(self.o.certificates_obtainable)
        if not needed:
            return True
        return None if self.s.certificates is None else needed <= set(self.s.certificates)

    def level(self) -> Three:
        order = ["none", "school_diploma", "entree", "mbo2"]
        if self.o.level_min in (None, "none"):
            return True
        return None if self.s.level is None else order.index(self.s.level) >= order.index(self.o.level_min)

    def under_18(self) -> Three:
        if self.years() >= 18:
            return True
        o, windows = self.o, self.k.under_18_windows if self.years() >= 16 else self.k.under_16_windows
        conditions = None if o.conditions is None else set(o.conditions)
        if (conditions or set()) & {"evening_weekend", "shift_work", "heights"}:
            return False
        danger: Three = None if conditions is None else True
        driven = {"forklift", "reach_truck", "chainsaw"} & set(o.certificates_required)
        if "machines" in (conditions or set()) or driven:
            offer = dict(o.support_offered or ()).get("fixed_instructor")
            danger = None if offer in ("yes", "limited") else False
        clock = [0, 300, 360, 400, 420, 480, 960, 1100, 1140, 1200, 1320, 1350, 1380, 1430]
        starts = clock if o.starts_at is None else [o.starts_at]
        ends = clock if o.ends_at is None else [o.ends_at]
        answers = {any(a <= x < y <= b for a, b in windows) for x in starts for y in ends}
        times: Three = answers.pop() if len(answers) == 1 else None
        if times is None and conditions is not None:
            times = True
        return both(times, danger)

    def support(self) -> Three:
        if self.s.support_needed is None:
            return None
        offered = dict(self.o.support_offered or ())
        facts = {"yes": True, "no": False}
        return both(*(facts.get(offered.get(n.code, "")) for n in self.s.support_needed if n.essential))

    def condition(self) -> Three:
        hard, present = self.s.conditions_unacceptable, self.o.conditions
        if hard == () or present == ():
            return True
        return None if hard is None or present is None else not set(hard) & set(present)

    def task(self) -> Three:
        facts: list[Three] = []
        disliked = {name for t in self.s.tasks_disliked for name in self.meaning(t)}
        wanted = {name for t in self.s.tasks_wanted for name in self.meaning(t)}
        unread = any(not self.read(t) for t in self.s.tasks_disliked)
        for demand in self.o.tasks:
            if not demand.must:
                continue
            names = self.meaning(demand.text)
            if names & disliked:
                facts.append(False)
            elif not names <= wanted and (not self.s.tasks_disliked or unread or not self.read(demand.text)):
                facts.append(None)
        return both(*facts)

    def skill(self) -> Three:
        own = dict(self.s.work_skills)
        facts: list[Three] = []
        for d in self.o.work_skills:
            if d.must and d.level != 0:
                known = d.level is not None and d.text in own
                facts.append(own[d.text] >= (d.level or 0) if known else None)
        return both(*facts)

    def participation(self) -> Three:
        common = ["concept", "results", "werkschool", "mentor_fte", "job_guarantee"]
        starter = ["allies", "project_lead_fte", "rooms", "contract_after_trial", "academy"]
        option = self.o.participation_option
        asked = common if option is None else common + (starter if option in (1, 2) else ["custom_work"])
        facts: list[Three] = [None] if option is None else []
        facts += [False if c in self.o.criteria_not_met else (c in self.o.criteria_met or None) for c in asked]
        return both(*facts)

    def only_asks(self) -> set[str]:
        s, o, out = self.s, self.o, set()
        first = self.k.first_transport.hour * 60 + self.k.first_transport.minute
        early = "early_start" in (o.conditions or ()) if o.starts_at is None else o.starts_at < first
        if s.travel_means == ("public_transport",) and early:
            out.add("first_transport")
        job = o.contract_type in ("job", "supported_job", "secondment") and not o.crebo
        if self.years() < 18 and job and s.level not in ("school_diploma", "mbo2") and self.enrolled() is not True:
            out.add("under_18_schooling")
        usual = self.k.age_group_usual_min <= self.years() <= self.k.age_group_usual_max
        if o.route == "group" and not usual:
            out.add("age_usual")
        if s.consent_on is None:
            out.add("consent")
        if o.certainty == "planned":
            out.add("planned")
        if s.support_half_days is None:
            out.add("load")
        return out


def words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))
