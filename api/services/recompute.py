"""A proposal made again: from the log and the stored inputs alone, bit for bit.

A run keeps which version of every profile, opening and policy went in, which decisions it kept, and on which plan it
built. The log says under its seals which digests the run had, of all that went in and of all that came out. Here the
inputs are put together again, their digest is held against the log, the run is computed anew, and what comes out is
held against what is stored, field by field.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from api.errors import Refused
from api.match_files import versions
from api.pipeline import conclude, prepare
from api.records import Decision
from api.services.records import opening_of, student_of
from api.services.run_inputs import Inputs, as_left, changed_fields, policy_of
from api.services.run_results import digest_of, rows_of
from api.services.workplaces import region_of
from api.store import audit, placements, recompute, runs
from api.store.people import Session
from features.records import Student
from matcher.errors import Infeasible

ALONE = ("fit", "rank", "band", "known", "parts", "reasons", "to_check", "again")
"""What a proposal says of its pair alone; the rest (chosen, regret) hangs on everybody in the run."""
WHOLE = (*ALONE, "chosen", "regret")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it, for one proposal: equal, or what differs; ``erased`` persons of the run are out of reach."""

    proposal_id: str
    differs: tuple[str, ...]
    erased: int

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not self.differs

    def __str__(self) -> str:
        said = "equal" if self.equal else f"different: {', '.join(self.differs)}"
        part = f"; the pair alone, {self.erased} persons of the run were erased" if self.erased else ""
        return f"{self.proposal_id} {said}{part}"


def check(session: Session, proposal_ids: list[str]) -> Iterator[Verdict]:
    """Recompute proposals, run by run.

    Raises
    ------
    Refused
        If there is no such proposal, a person proposed it outside the list, or its run is of another version or past
        its term.
    """
    wanted: dict[str, list[str]] = {}
    for proposal_id in proposal_ids:
        found = runs.proposal_by_id(session, proposal_id)
        if found is None:
            raise Refused(f"{proposal_id}: there is no such proposal.")
        if found.added_by is not None:
            raise Refused(f"{proposal_id}: a person proposed this outside the list; there is nothing to compute.")
        wanted.setdefault(found.run_id, []).append(proposal_id)
    for run_id, ids in wanted.items():
        yield from _of_run(session, run_id, ids)


def _of_run(session: Session, run_id: str, ids: list[str]) -> Iterator[Verdict]:
    run = recompute.run(session, run_id)
    if run.digest is None:
        raise Refused(f"Run {run_id} is past its term: of what went in, only what was decided on is kept.")
    if run.versions != versions():
        raise Refused(f"Run {run_id} was made with other versions: {run.versions}. Recompute it with those.")
    inputs, erased = inputs_of(session, run)
    case = prepare([s for *_, s in inputs.students], [o for *_, o in inputs.openings], inputs.policy, inputs.decisions,
                   on=inputs.on, before=inputs.before)  # fmt: skip
    general = [] if erased else _against_the_log(session, run, case.digest)
    try:
        rows = rows_of(conclude(case, lang=inputs.lang, versions=versions()), inputs)
    except Infeasible:  # as it is stored there is no plan, though the run had one
        yield from (Verdict(i, (*general, "what went in allows no plan"), erased) for i in ids)
        return
    if not erased and digest_of(rows) != run.answer:
        general.append("answer")
    made = {(row["student_id"], row["opening_id"]): row for row in rows["proposals"]}
    for proposal_id in ids:
        stored = runs.proposal_by_id(session, proposal_id)
        assert stored is not None
        row = made.get((stored.student_id, stored.opening_id))
        if row is None:
            yield Verdict(proposal_id, (*general, "the student was erased" if erased else "no such pair"), erased)
            continue
        names = ALONE if erased else WHOLE
        yield Verdict(proposal_id, (*general, *(n for n in names if row[n] != getattr(stored, n))), erased)


def _against_the_log(session: Session, run: Any, digest: str) -> list[str]:
    """What the sealed log says of the run and what is found do not agree on."""
    told = audit.details_of(session, "run.done", run.id)
    wrong = []
    if told is None:
        wrong.append("the log does not know that this run was done")
    else:
        wrong += [f"{name} in the log" for name in ("digest", "answer") if told.get(name) != getattr(run, name)]
    if digest != run.digest:
        wrong.append("what went in")
    return wrong


def inputs_of(session: Session, run: Any) -> tuple[Inputs, int]:
    """Put together again what went into a run; also how many persons it hangs on were erased since."""
    profiles = recompute.students(session, run.id)
    students = {i: (number, student_of(data)) for i, number, data in profiles if data}
    decided = recompute.decisions(session, run.id)
    begun, gone = placements.begun(session, run.on, run.created_at), recompute.held_by_erased(session, run.created_at)
    lost = {i for i, _, data in profiles if not data}
    openings = {}
    for i, number, ref, places, data in recompute.openings(session, run.id):
        opening = replace(opening_of(data), vacancy_ref=ref)
        if i in gone and opening.min_to_open:  # whether they had begun there went with them
            lost |= gone[i]
        openings[i] = (number, as_left(opening, opening.places if places is None else places,
                                       begun=i in begun or i in gone))  # fmt: skip
    words, kept, lapsed = [], [], {}
    for decision, was_kept, student_then, opening_then in decided:
        pair = decision.student_id, decision.opening_id
        if pair[0] not in students or pair[1] not in openings:
            continue
        student, opening = students[pair[0]][1], openings[pair[1]][1]
        if was_kept:
            words.append(Decision(student.school, student.student_ref, opening.vacancy_ref, opening.starts_on,
                                  decision.word, decision.reason or "", decision.decided_at.date()))  # fmt: skip
            kept.append(decision.id)
        else:
            record = recompute.opening_record(session, pair[1], openings[pair[1]][0])
            fields = changed_fields(decision.reason, (student_then, student), (opening_then, opening_of(record)))
            lapsed[pair] = {"reason": decision.reason, "decision_id": decision.id, "changed": fields}
    before = {students[i][1].key: openings[j][1].key for i, j in _held(session, run, students).items()
              if j in openings}  # fmt: skip
    made = Inputs(
        tuple((i, number, student) for i, (number, student) in students.items()),
        tuple((i, number, opening) for i, (number, opening) in openings.items()),
        tuple(words), tuple(kept), lapsed, policy_of(runs.policy_text(session, run.policy_id)), run.on, run.lang,
        run.basis or {}, before,
    )  # fmt: skip
    return made, len(lost)


def _held(session: Session, run: Any, students: Mapping[str, tuple[int, Student]]) -> dict[str, str]:
    """The plan that held: opening by student, of the run that held where the student belonged by what went in.

    Not where the student belongs now: who moved since was planned by the region of then. Of an organisation that moved
    since, its region of then is known no more; who is there without a place of their own was in one of the run's, and
    in the plan of that one.
    """
    basis, homes = run.basis or {}, recompute.homes(session, run.id)
    planned, moved = recompute.plans_of(session, basis.values()), recompute.moved_homes(session, run.created_at)
    found = {}
    for i, (_, student) in students.items():
        home = homes.get(i)
        alone = region_of(student.location, None) is None and home is not None and home.id in moved
        regions = run.regions if alone else [region_of(student.location, home) or ""]
        places = {planned.get((basis.get(region, ""), i)) for region in regions} - {None}
        if len(places) == 1:
            found[i] = str(places.pop())
    return found


__all__ = ["ALONE", "WHOLE", "Verdict", "check", "inputs_of"]
