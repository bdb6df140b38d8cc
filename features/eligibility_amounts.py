"""By how much a refusing rule fails a pair: plain figures and codes, no sentences."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from features.codes import code_list
from features.eligibility_columns import Run, age_on
from features.eligibility_openings import ages_of, criteria_of
from features.eligibility_reach import FAR, usable_means
from features.eligibility_students import enrolled_until
from features.eligibility_tasks import TaskSets
from features.records import Location, Opening, Student
from features.settings import RuleSettings


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way in which one rule refuses a pair.

    ``by`` is how much was missing, in ``unit`` (years, days, hours, km, minutes, levels, or items such as
    certificates); None where there is no number. ``found`` is what one side has, ``limit`` what the other
    asks: figures, ISO dates, or codes separated by ``|``. ``detail`` parts ways of one rule: dates
    (available, closed), reach (km, minutes, alone, water), entry (enrolled, member, side), age (young, old),
    freshness (student, opening), under_18 (times, work).
    """

    rule: str
    by: float | None
    unit: str
    found: str
    limit: str
    detail: str = ""


def amounts(
    code: str, s: Student, o: Opening, metres: int, run: Run, *, taken: Callable[[str], float]
) -> tuple[Refusal, ...]:
    """Say how rule ``code``, which refuses the pair, fails it.

    ``metres`` is the straight distance, -1 unknown, and ``taken`` gives the minutes by a means where it is known.
    """
    if code == "reach":
        return _reach(s, run.settings, metres, taken)
    if code == "task":
        return (_items(code, sorted(_unwanted(s, o, run.tasks)), s.tasks_disliked, "tasks"),)
    if code == "entry":
        return (_entry(s, o),)
    if code in ("age", "dates", "freshness"):
        return {"age": _age, "dates": _dates, "freshness": _freshness}[code](s, o, run.settings, run.on)
    if code == "under_18":
        return (_under_18(s, o, run.settings),)
    return (_plain(code, s, o),)


def _number(value: float | None) -> str:
    return "" if value is None else f"{round(value, 1):g}"


def _range(low: float | None, high: float | None) -> str:
    return f"{_number(low)}-{_number(high)}"


def _items(code: str, items: Iterable[str], found: Iterable[str], unit: str) -> Refusal:
    """A refusal that counts items: ``limit`` lists those that fail, ``found`` what is there."""
    listed = list(items)
    return Refusal(code, float(len(listed)), unit, "|".join(found), "|".join(listed))


def _plain(code: str, s: Student, o: Opening) -> Refusal:
    """Rules whose amount follows from the two records alone."""
    offered, have = dict(o.support_offered or ()), dict(s.work_skills)
    levels = code_list("level").codes
    match code:
        case "work_capacity" | "work_capacity_unknown":
            return Refusal(code, None, "", s.work_capacity, "yes")
        case "destination":
            return Refusal(code, None, "", s.destination, "")
        case "leaving_profile":
            return Refusal(code, None, "", s.background.leaving_profile, "")
        case "route":
            return Refusal(code, None, "", "|".join(s.route), o.route or "")
        case "contract_type":
            return Refusal(code, None, "", "|".join(s.contract_types), o.contract_type or "")
        case "hours":
            gaps = [
                low - high
                for low, high in ((s.hours_min, o.hours_max), (o.hours_min, s.hours_max))
                if low is not None and high is not None
            ]
            found, limit = _range(s.hours_min, s.hours_max), _range(o.hours_min, o.hours_max)
            return Refusal(code, round(max(gaps), 6), "hours", found, limit)
        case "region":
            return Refusal(code, None, "", _region(s.location), _region(o.location))
        case "branch":
            return Refusal(code, None, "", o.branch, "|".join(s.branches_excluded))
        case "certificate":
            held = s.certificates or ()
            missing = sorted(set(o.certificates_required) - set(o.certificates_obtainable) - set(held))
            return _items(code, missing, held, "certificates")
        case "level":
            gap = levels.index(o.level_min or "none") - levels.index(s.level or "none")
            return Refusal(code, float(gap), "levels", s.level or "", o.level_min or "")
        case "support":
            lacking = [n.code for n in s.support_needed or () if n.essential and offered.get(n.code) == "no"]
            return _items(code, lacking, sorted(c for c, how in offered.items() if how == "yes"), "items")
        case "condition":
            hard = [c for c in s.conditions_unacceptable or () if c in (o.conditions or ())]
            return _items(code, hard, o.conditions or (), "conditions")
        case "skill":
            short = [d for d in o.work_skills if d.must and d.text in have and have[d.text] < (d.level or 0)]
            gap = max((d.level or 0) - have[d.text] for d in short)
            limit = "|".join(f"{d.text}={d.level}" for d in short)
            return Refusal(code, float(gap), "levels", "|".join(f"{d.text}={have[d.text]}" for d in short), limit)
        case "participation":
            unmet = [c for c in criteria_of(o.participation_option) if c in o.criteria_not_met]
            return _items(code, unmet, o.criteria_met, "criteria")
    raise AssertionError(f"no amount is stated for rule {code}")


def _region(place: Location | None) -> str:
    return "" if place is None else place.region_code


def _age(s: Student, o: Opening, settings: RuleSettings, _: date) -> tuple[Refusal, ...]:
    age, (least, most) = age_on(s.birth_date, o.starts_on), ages_of(o, settings)
    if age < least:
        return (Refusal("age", float(least - age), "years", str(age), str(least), "young"),)
    return (Refusal("age", float(age - (most or 0)), "years", str(age), str(most), "old"),)


def _dates(s: Student, o: Opening, settings: RuleSettings, on: date) -> tuple[Refusal, ...]:
    out = []
    available = s.available_from or s.leaves_on
    if available is not None and (late := (available - o.starts_on).days - settings.date_grace_days) > 0:
        limit = date.fromordinal(o.starts_on.toordinal() + settings.date_grace_days)
        out.append(Refusal("dates", float(late), "days", available.isoformat(), limit.isoformat(), "available"))
    if o.closes_on is not None and o.closes_on < on:
        past = float((on - o.closes_on).days)
        out.append(Refusal("dates", past, "days", on.isoformat(), o.closes_on.isoformat(), "closed"))
    return tuple(out)


def _entry(s: Student, o: Opening) -> Refusal:
    if o.entry == "side_entry":
        return Refusal("entry", None, "", "werkschool", "side_entry", "side")
    until, start = enrolled_until(s), o.starts_on.toordinal()
    if 0 <= until < start:
        days = float(start - until) if until else None
        found = date.fromordinal(until).isoformat() if until else "no"
        return Refusal("entry", days, "days" if until else "", found, o.starts_on.isoformat(), "enrolled")
    return Refusal("entry", None, "", s.school, "", "member")


def _freshness(s: Student, o: Opening, settings: RuleSettings, on: date) -> tuple[Refusal, ...]:
    out = []
    for who, confirmed in (("student", s.confirmed_on), ("opening", o.confirmed_on)):
        if confirmed is not None and (days := (on - confirmed).days) > settings.fresh_refused_days:
            over = float(days - settings.fresh_refused_days)
            out.append(Refusal("freshness", over, "days", str(days), str(settings.fresh_refused_days), who))
    return tuple(out)


def _reach(s: Student, settings: RuleSettings, metres: int, taken: Callable[[str], float]) -> tuple[Refusal, ...]:
    out = []
    if metres >= FAR:  # an island: no number of kilometres or minutes would help
        return (Refusal("reach", None, "", "", "", "water"),)
    road = metres * settings.road_factor / 1000.0
    if metres >= 0 and s.max_km is not None and road > s.max_km:
        out.append(Refusal("reach", round(road - s.max_km, 3), "km", _number(road), _number(s.max_km), "km"))
    if s.travels_alone is False and s.travel_means and "brought" not in s.travel_means:
        out.append(Refusal("reach", None, "", "|".join(s.travel_means), "brought", "alone"))
    elif metres >= 0 and s.max_minutes is not None and s.travel_means:
        least = min(taken(means) for means in usable_means(s))
        if least > s.max_minutes:
            over = round(least - s.max_minutes, 3)
            out.append(Refusal("reach", over, "minutes", _number(least), _number(s.max_minutes), "minutes"))
    return tuple(out)


def _under_18(s: Student, o: Opening, settings: RuleSettings) -> Refusal:
    age = age_on(s.birth_date, o.starts_on)
    conditions = set(o.conditions or ())
    reasons = conditions & {
        *settings.under_18_hours_conditions, *settings.under_18_forbidden, *settings.under_18_supervised,
    }  # fmt: skip
    reasons |= set(o.certificates_required) & set(settings.under_18_supervised_certificates)
    detail = "work" if reasons else "times"
    found = "|".join(sorted(reasons)) or f"{_clock(o.starts_at)}-{_clock(o.ends_at)}"
    return Refusal("under_18", float(18 - age), "years", found, "18", detail)


def _clock(at: int | None) -> str:
    return "" if at is None else f"{at // 60:02d}:{at % 60:02d}"


def _unwanted(s: Student, o: Opening, tasks: TaskSets) -> set[str]:
    disliked = {name for text in s.tasks_disliked for name in tasks.names(text)}
    return {name for demand in o.tasks if demand.must for name in tasks.names(demand.text)} & disliked
