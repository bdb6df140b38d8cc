"""What goes into a run: the records that hold now, the policy, and people's words, which the run keeps.

An accepted or pinned pair is fixed. A rejection keeps a pair out until what caused it has changed: it names its
reason, and each reason stands on some fields of both records (`STANDS_ON`). Who said no, or has a place, is not asked
again by a changed field.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.policy import Policy, parse_policy
from api.records import Decision
from api.schemas.policy import load_policy
from api.services.records import opening_of, student_of
from api.store import runs
from api.store.people import Session
from features.records import Opening, Student

Fields = tuple[str, ...]
STANDS_ON: dict[str, tuple[Fields, Fields] | None] = {
    "travel": (("location", "travel_means", "max_km", "max_minutes", "travels_alone"), ("location", "starts_at")),
    "guidance": (("support_needed", "support_half_days"), ("support_offered", "supervision_half_days")),
    "hours": (("hours_min", "hours_max", "available_from"), ("hours_min", "hours_max", "starts_at", "ends_at")),
    "load": (("conditions_unacceptable", "conditions_wanted", "tasks_disliked"), ("conditions", "tasks")),
    "data_wrong": ((), ()),  # any field
    "student_declined": None, "already_placed": None, "other": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a run computes from, with the ids it stands under in the database.

    ``students`` and ``openings`` are (id, version, record); an opening's ``vacancy_ref`` is the one it has in the run.
    ``kept`` are the ids of decisions that hold in it, ``lapsed`` the rejections that do not any more, by pair of ids,
    with the names of the fields that changed.
    """

    students: tuple[tuple[str, int, Student], ...]
    openings: tuple[tuple[str, int, Opening], ...]
    decisions: tuple[Decision, ...]
    kept: tuple[str, ...]
    lapsed: dict[tuple[str, str], dict[str, Any]]
    policy: Policy
    on: date
    lang: str


def gather(session: Session, run: runs.Run) -> Inputs:
    """Read what a run is about."""
    students = {i: (number, student_of(data)) for i, number, data in runs.students_in(session, run.regions)}
    stored = {i: (number, opening_of(data)) for i, number, data in runs.openings_in(session, run.regions)}
    decided = runs.live_decisions(session)
    away = {d.student_id for d, *_ in decided if d.holds and d.opening_id not in stored}
    students = {i: pair for i, pair in students.items() if i not in away}  # accepted at a place of another region
    taken = Counter(d.opening_id for d, *_ in decided if d.holds and d.student_id not in students)
    openings = _with_own_refs({
        i: (number, replace(opening, places=max(opening.places - taken[i], 0)))
        for i, (number, opening) in stored.items()
    })  # fmt: skip
    words, kept, lapsed = [], [], {}
    for decision, student_then, opening_then in decided:
        pair = decision.student_id, decision.opening_id
        if pair[0] not in students or pair[1] not in openings:
            continue
        changed = _changed(decision.reason, (student_then, students[pair[0]][1]), (opening_then, stored[pair[1]][1]))
        if decision.word == "reject" and changed:
            lapsed[pair] = {"reason": decision.reason, "decision_id": decision.id, "changed": changed}
            continue
        student, opening = students[pair[0]][1], openings[pair[1]][1]
        words.append(Decision(student.school, student.student_ref, opening.vacancy_ref, opening.starts_on,
                              decision.word, decision.reason or "", decision.decided_at.date()))  # fmt: skip
        kept.append(decision.id)
    return Inputs(
        tuple((i, number, student) for i, (number, student) in students.items()),
        tuple((i, number, opening) for i, (number, opening) in openings.items()),
        tuple(words), tuple(kept), lapsed, policy_of(runs.policy_text(session, run.policy_id)), run.on, run.lang,
    )  # fmt: skip


def policy_of(text: str) -> Policy:
    """Return the policy of a TOML text; raises marshmallow's ValidationError or TOMLDecodeError."""
    return load_policy(parse_policy(text)) if text else Policy()


def _with_own_refs(openings: Mapping[str, tuple[int, Opening]]) -> dict[str, tuple[int, Opening]]:
    """Give vacancies of two employers that have one number a number each: the employer's own number before it."""
    owners: dict[str, set[str]] = {}
    for _, opening in openings.values():
        owners.setdefault(opening.vacancy_ref, set()).add(opening.employer_kvk)
    return {
        i: (number, replace(opening, vacancy_ref=f"{opening.employer_kvk}/{opening.vacancy_ref}"))
        if len(owners[opening.vacancy_ref]) > 1 else (number, opening)
        for i, (number, opening) in openings.items()
    }  # fmt: skip


def _changed(
    reason: str | None, student: tuple[dict[str, Any], Student], opening: tuple[dict[str, Any], Opening]
) -> list[str]:
    """The fields that a reason stands on and that differ from what was looked at."""
    stands_on = STANDS_ON.get(reason or "")
    if stands_on is None:
        return []
    found = []
    for kind, names, then, today in (
        ("student", stands_on[0], student_of(student[0]), student[1]),
        ("opening", stands_on[1], opening_of(opening[0]), opening[1]),
    ):
        fields = names or tuple(name for name in type(today).__slots__ if name not in ("confirmed_on", "background"))
        found += [f"{kind}.{name}" for name in fields if getattr(then, name) != getattr(today, name)]
    return found
