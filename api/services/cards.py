"""The card of a candidate: all that an employer sees, made in one place for preview, API, page, print and CSV.

It holds codes and bands alone: what goes well in the employer's own tasks and skills, the support that is needed in
workplace words, from when, how far, how many hours, certificates, and whether the level that was asked is there. It
never holds a name, a day of birth, a school or its type, a place, a free text of the student, a remark or a score.

What could point at one person (age, travel, moment, certificates) is coarsened, in a fixed order, until at least
`CROWD` students of the region who look for a place have the same: `_LADDER`. So a card in a small region says less.
The card is made once, at the preview, and kept with the release: it does not get finer when others leave the region.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from api.services.records import opening_of, student_of
from api.texts.audience_employer import BANDS
from features.codes import code_list
from features.eligibility import evaluate
from features.eligibility_columns import age_on
from features.eligibility_reach import distances, usable_means
from features.pairwise_facts import PairFacts, pair_facts
from features.records import Opening, Student
from features.settings import RuleSettings

CROWD = 5
"""So many students of a region, the candidate among them, must share what could point at one person."""
AGES = ((16, 17), (18, 20), (21, 24))
LOOKING = ("", "none", "unknown")
Card = dict[str, Any]
Traits = dict[str, Any]
_GOOD = 2  # a skill from "with a little help" on goes well


def make(student: Mapping[str, Any], opening: Mapping[str, Any], pool: Iterable[Mapping[str, Any]],
         today: date) -> Card:  # fmt: skip
    """Return the card of a student's record for an opening's, among the records ``pool`` of the student's region."""
    who, where = student_of(student), opening_of(opening)
    facts = pair_facts(evaluate([who], [where], RuleSettings(), on=today), 0, 0)
    traits, coarsened = _coarse(who, where, [student_of(one) for one in pool], today)
    return {
        **traits, "coarsened": coarsened, "tasks": _tasks(facts), "skills": _skills(facts, who),
        "support": None if facts.support is None else [
            {"code": need.code, "when": need.when, "essential": need.essential, "offered": need.offered}
            for need in facts.support
        ],
        "hours": [who.hours_min, who.hours_max], "level": _level(who, where),
    }  # fmt: skip


def digest(card: Card, pseudonym: str) -> str:
    """A short digest of a card and its code: what was previewed is what is released."""
    text = json.dumps([card, pseudonym], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def looks(record: Mapping[str, Any]) -> bool:
    """Whether the student of a record looks for a place."""
    return record["destination"] in LOOKING and record["background"]["leaving_profile"] != "day_activities"


def never_placed(student: Student) -> str:
    """Why a student is placed nowhere now, whatever was decided (the rules of `NEVER_FIXED`), by its code; or empty."""
    for code, holds in (
        ("work_capacity", student.work_capacity == "no"),
        ("work_capacity_unknown", student.work_capacity not in ("yes", "no")),
        ("destination", student.destination not in LOOKING),
        ("leaving_profile", student.background.leaving_profile == "day_activities"),
    ):
        if holds:
            return code
    return ""


def traits_of(who: Student, today: date, minutes: float | None) -> Traits:
    """What could point at one person, as fine as a card ever says it."""
    begin = who.available_from or who.leaves_on
    available = None if begin is None else "now" if begin <= today else f"{begin.year}-{begin.month:02d}"
    certificates = None if who.certificates is None else [
        code for code in code_list("certificate").codes if code in who.certificates]  # fmt: skip
    return {"age": _age(who.birth_date, today), "available": available, "travel": _band(minutes),
            "certificates": certificates}  # fmt: skip


def _asked(traits: Traits, where: Opening) -> Traits:
    """Certificates that the work asks for or gives alone."""
    known = {*where.certificates_required, *where.certificates_obtainable}
    held = traits["certificates"]
    return {**traits, "certificates": held and [code for code in held if code in known]}


def _quarter(traits: Traits, _: Opening) -> Traits:
    month = traits["available"]
    if month is None or month == "now" or "Q" in month:
        return traits
    return {**traits, "available": f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"}


def _without(name: str) -> Callable[[Traits, Opening], Traits]:
    return lambda traits, _: {**traits, name: None}


_LADDER: tuple[tuple[str, Callable[[Traits, Opening], Traits]], ...] = (
    ("certificates", _asked), ("available", _quarter), ("travel", _without("travel")),
    ("available", _without("available")), ("certificates", _without("certificates")), ("age", _without("age")),
)  # fmt: skip


def _coarse(who: Student, where: Opening, pool: Sequence[Student], today: date) -> tuple[Traits, list[str]]:
    """Step down the ladder, for the student and everybody else alike, until the student is one of a crowd."""
    everybody = [who, *(one for one in pool if (one.school, one.student_ref) != (who.school, who.student_ref))]
    found = [traits_of(one, today, minutes)
             for one, minutes in zip(everybody, _minutes(everybody, where), strict=True)]  # fmt: skip
    fine = found[0]
    for _, step in _LADDER:
        if sum(one == found[0] for one in found) >= CROWD:
            break
        found = [step(one, where) for one in found]
    return found[0], sorted(name for name in fine if fine[name] != found[0][name])


def _minutes(students: Sequence[Student], where: Opening) -> list[float | None]:
    """Minutes one way by each student's quickest usable means; None where the way or the means is unknown."""
    near = distances([one.location for one in students], [where.location])
    metres = near.between(near.student, near.opening[0])
    by = code_list("travel_means").codes
    ways = {means: near.minutes(near.student, near.opening[0], metres, means) for means in by}
    return [
        min((float(ways[means][i]) for means in usable_means(one)), default=None) if metres[i] >= 0 else None
        for i, one in enumerate(students)
    ]


def _age(birth: date, today: date) -> str | None:
    age = age_on(birth, today)
    return next((f"{low}-{high}" for low, high in AGES if low <= age <= high), None)


def _band(minutes: float | None) -> str | None:
    return None if minutes is None else next((name for most, name in BANDS if minutes <= most), "long")


def _tasks(facts: PairFacts) -> list[dict[str, str]]:
    """The employer's tasks, in the employer's words, that the student can do; what is only wanted is no strength."""
    return [{"task": task.text, "kind": task.kind} for task in facts.tasks if task.kind in ("wanted_able", "able")]


def _skills(facts: PairFacts, who: Student) -> list[str]:
    """Work skills that go well: those asked and met, and the rest from a little help on."""
    good = {skill.code for skill in facts.skills if skill.met}
    short = {skill.code for skill in facts.skills if skill.met is False}
    good |= {code for code, level in who.work_skills if level >= _GOOD and code not in short}
    return [code for code in code_list("work_skill").codes if code in good]


def _level(who: Student, where: Opening) -> str | None:
    """Whether the level that was asked is there; None when none was asked."""
    if where.level_min is None or where.level_min == "none":
        return None
    if who.level is None:
        return "unknown"
    order = code_list("level").codes
    return "yes" if order.index(who.level) >= order.index(where.level_min) else "no"


__all__ = ["AGES", "CROWD", "LOOKING", "Card", "digest", "looks", "make", "never_placed", "traits_of"]
