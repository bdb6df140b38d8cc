"""What goes into a run: the records that hold now, the policy, and people's words, which the run keeps.

An accepted or pinned pair is fixed. A rejection keeps a pair out until what caused it has changed: it names its
reason, and each reason stands on some fields of both records (`STANDS_ON`). Who said no, or has a place, is not asked
again by a changed field.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from api.policy import Policy, parse_policy
from api.records import Decision
from api.schemas.policy import load_policy
from api.services.cards import never_placed
from api.services.records import opening_of, student_of
from api.store import placements, plans, runs
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
    with the names of the fields that changed. ``basis`` names the run whose plan holds in each region, ``before`` is
    that plan, opening by student, both by the key they have in the run. ``outside`` are the ids of decisions by which
    students of its regions hold a place that is no part of it: they stay as they are.
    """

    students: tuple[tuple[str, int, Student], ...]
    openings: tuple[tuple[str, int, Opening], ...]
    decisions: tuple[Decision, ...]
    kept: tuple[str, ...]
    lapsed: dict[tuple[str, str], dict[str, Any]]
    policy: Policy
    on: date
    lang: str
    basis: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What a run is about, as it stands in the database: read at one moment, and not looked into yet.

    ``begun`` are the ids of openings where somebody works or did, ``resting`` those of students who look for no place
    after the last one.
    """

    students: runs.Texts
    openings: runs.Texts
    decided: list[tuple[runs.Decided, Any, Any]]
    begun: frozenset[str]
    resting: frozenset[str]
    basis: dict[str, str]
    held: dict[str, str]
    policy: str


def gather(session: Session, run: runs.Run) -> Inputs:
    """Read what a run is about, and make its inputs of it."""
    return arrange(read(session, run), run)


def read(session: Session, run: runs.Run) -> Read:
    """Read what a run is about.

    Apart from `arrange`, because as long as somebody reads a file of SQLite nobody's change is kept, and who waits
    with a change lets nobody else read.
    """
    return Read(
        runs.student_texts(session, run.regions), runs.opening_texts(session, run.regions),
        runs.live_decisions(session), placements.begun(session, run.on, run.created_at),
        placements.resting(session, runs.of_regions(run.regions)),
        {region: plan.run_id for region, plan in plans.holding(session, run.regions).items()},
        plans.plan_of(session, run.regions), runs.policy_text(session, run.policy_id),
    )  # fmt: skip


def arrange(found: Read, run: runs.Run) -> Inputs:
    """Make the inputs of a run of what was read; asks the database nothing."""
    students = {i: (number, student_of(data)) for i, number, data in runs.decoded(found.students)
                if i not in found.resting}  # fmt: skip
    stored = {i: (number, opening_of(data)) for i, number, data in runs.decoded(found.openings)}
    decided = found.decided
    away = {d.student_id for d, *_ in decided if d.holds and d.opening_id not in stored}
    # Accepted at a place of another region or one that is held back, at work with a contract, or of whom the school
    # says since that they cannot be placed: not matched, and their places are taken.
    away |= {d.student_id for d, *_ in decided if d.holds and _settled(students, d.student_id)}
    outside = tuple(d.id for d, *_ in decided if d.holds and d.student_id in away and d.student_id in students)
    students = {i: pair for i, pair in students.items() if i not in away}
    taken = Counter(d.opening_id for d, *_ in decided if d.holds and d.student_id not in students)
    openings = _with_own_refs({
        i: (number, as_left(opening, max(opening.places - taken[i], 0), begun=i in found.begun))
        for i, (number, opening) in stored.items()
    })  # fmt: skip
    words, kept, lapsed = [], [], {}
    for decision, student_then, opening_then in decided:
        pair = decision.student_id, decision.opening_id
        if pair[0] not in students or pair[1] not in openings:
            continue
        changed = [] if decision.word != "reject" else changed_fields(
            decision.reason, (runs.decoded_record(student_then), students[pair[0]][1]),
            (runs.decoded_record(opening_then), stored[pair[1]][1]))  # fmt: skip
        if changed:
            lapsed[pair] = {"reason": decision.reason, "decision_id": decision.id, "changed": changed}
            continue
        student, opening = students[pair[0]][1], openings[pair[1]][1]
        words.append(Decision(student.school, student.student_ref, opening.vacancy_ref, opening.starts_on,
                              decision.word, decision.reason or "", decision.decided_at.date()))  # fmt: skip
        kept.append(decision.id)
    before = {students[i][1].key: openings[j][1].key for i, j in found.held.items()
              if i in students and j in openings}  # fmt: skip
    return Inputs(
        tuple((i, number, student) for i, (number, student) in students.items()),
        tuple((i, number, opening) for i, (number, opening) in openings.items()),
        tuple(words), tuple(kept), lapsed, policy_of(found.policy), run.on, run.lang, found.basis,
        before, outside,
    )  # fmt: skip


def _settled(students: Mapping[str, tuple[int, Student]], student_id: str) -> bool:
    """Whether a student of the run is not placed at all, whatever was decided.

    A place that such a person holds cannot be fixed in the plan, and is not for others either.
    """
    found = students.get(student_id)
    return found is not None and bool(never_placed(found[1]))


def as_left(opening: Opening, places: int, *, begun: bool) -> Opening:
    """Return an opening with the places that are left for a run: whoever has one outside it is in the group already.

    ``begun``: somebody works there or did. Then the group has opened with however many, and its least number asks
    nothing any more: held against those who stayed, it would leave no plan at all once somebody left.
    """
    present = opening.present + max(opening.places - places, 0)  # a run tampered with may have more than there are
    return replace(opening, places=places, present=present, min_to_open=0 if begun else opening.min_to_open)


def policy_that_holds(session: Session, now: datetime) -> str:
    """The id of the newest policy; where nobody wrote one, the default, written now."""
    found = runs.latest_policy(session) or runs.add_policy(session, "", Policy().digest(), None, now)
    return found.id


def policy_now(session: Session) -> Policy:
    """The policy that holds; the default where nobody adopted one."""
    latest = runs.latest_policy(session)
    return policy_of(latest.text) if latest else Policy()


@lru_cache(maxsize=16)
def policy_of(text: str) -> Policy:
    """Return the policy of a TOML text; raises marshmallow's ValidationError or TOMLDecodeError.

    A policy never changes once it is read, and every card reads the one of its run: the last few are kept.
    """
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


def changed_fields(
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
