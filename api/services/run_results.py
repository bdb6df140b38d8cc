"""What came out of a run, as rows: proposals with reasons and cost for others, and what blocks who has none."""
from __future__ import annotations

import hashlib
import json
from typing import Any

from api.explain.changes import change_for_student
from api.explain.points import points_to_check
from api.explain.reasons import reasons
from api.explain.statement import Statement
from api.match_report import MatchReport
from api.report.view import Proposal, View, build_view
from api.services.run_inputs import Inputs
from api.store.base import new_id
from features.settings import FEATURES

KEPT = 20
"""Alternatives kept per student, by rank; the plan and every lapsed rejection are kept whatever their rank."""
Rows = list[dict[str, Any]]


def rows_of(report: MatchReport, inputs: Inputs) -> dict[str, Rows]:
    """Return the rows of every table, by the name that `api.store.runs.write_result` gives them."""
    view = build_view(report)
    student_ids = {student.key: i for i, _, student in inputs.students}
    opening_ids = {opening.key: i for i, _, opening in inputs.openings}
    students = [student_ids[student.key] for student in report.students]
    openings = [opening_ids[opening.key] for opening in report.openings]
    proposals: Rows = []
    for proposal in view.proposals:
        decided = {pair for pair in view.alternatives(proposal.i)[KEPT:].tolist()
                   if (students[proposal.i], openings[int(report.problem.indices[pair])]) in inputs.lapsed}  # fmt: skip
        pairs = [*view.alternatives(proposal.i)[:KEPT].tolist(), *sorted(decided)]
        if proposal.placed and proposal.pair not in pairs:
            pairs.append(proposal.pair)
        proposals += [
            _proposal(view, proposal, pair, students=students, openings=openings, inputs=inputs) for pair in pairs
        ]
    return {
        "students": [{"student_id": i, "number": number} for i, number, _ in inputs.students],
        "openings": [{"opening_id": i, "number": number, "ref": opening.vacancy_ref}
                     for i, number, opening in inputs.openings],
        "decisions": [{"decision_id": i, "kept": True} for i in inputs.kept]
        + [{"decision_id": told["decision_id"], "kept": False} for told in inputs.lapsed.values()],
        "proposals": proposals,
        "outcomes": [_outcome(view, proposal, students, openings) for proposal in view.proposals],
    }  # fmt: skip


def digest_of(rows: dict[str, Rows]) -> str:
    """SHA-256 of what came out; the rows' own new ids do not count, so that an answer given twice has one digest."""
    told = [{key: value for key, value in row.items() if key != "id"} for row in rows["proposals"]]
    told.sort(key=lambda row: (row["student_id"], row["rank"], row["opening_id"]))
    outcomes = sorted(rows["outcomes"], key=lambda row: str(row["student_id"]))
    text = json.dumps([told, outcomes], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def totals_of(report: MatchReport) -> dict[str, Any]:
    """Counts, value, bound and gap of a run."""
    placed = int((report.pair_of >= 0).sum())
    stages = [
        {"name": stage.name, "value": int(stage.value), "bound": int(stage.bound)}
        for stage in report.solution.stages
        if stage.name != "tie" and isinstance(stage.value, int) and isinstance(stage.bound, int)
    ]
    return {
        "status": report.solution.status, "proved": report.proved, "students": len(report.students),
        "placed": placed, "openings": len(report.openings), "left_out": report.left_out,
        "objective": report.policy.objective, "stages": stages,
    }  # fmt: skip


def _proposal(
    view: View, of: Proposal, pair: int, *, students: list[str], openings: list[str], inputs: Inputs
) -> dict[str, Any]:
    report = view.report
    scored, j = report.scored, int(report.problem.indices[pair])
    told = Proposal(of.i, j, pair, statements=tuple(reasons(report, pair)), checks=tuple(points_to_check(
        int(report.points[pair]), int(report.broken[pair]), report.lang)))  # fmt: skip
    parts = {"base": int(scored.base)} | dict(zip(FEATURES, scored.contributions[pair].tolist(), strict=True))
    return {
        "id": new_id(), "student_id": students[of.i], "opening_id": openings[j], "chosen": pair == of.pair,
        "rank": int(view.ranks[pair]), "fit": int(scored.fit[pair]), "band": report.policy.band(int(scored.fit[pair])),
        "known": int(scored.known_share[pair]), "parts": parts, "regret": _regret(view, pair, students, openings),
        "reasons": [_said(s) for kind in ("plus", "minus") for s in told.of_kind(kind)],
        "to_check": [_said(s) for s in told.asked],
        "again": inputs.lapsed.get((students[of.i], openings[j])),
    }  # fmt: skip


def _said(statement: Statement) -> dict[str, str]:
    return {"code": statement.code, "kind": statement.kind, "sentence": statement.sentence}


def _regret(view: View, pair: int, students: list[str], openings: list[str]) -> dict[str, Any] | None:
    known = view.report.sensitivity
    if known is None or not known.feasible[pair]:
        return None

    def opening(j: int) -> str | None:
        return openings[j] if j >= 0 else None

    moves = [{"student": students[i], "from": opening(a), "to": opening(b)} for i, a, b in known.moves[pair]]
    return {"placed_loss": int(known.placed_loss[pair]), "fit_loss": int(known.fit_loss[pair]),
            "others_loss": int(known.others_loss[pair]), "moves": moves}  # fmt: skip


def _outcome(view: View, proposal: Proposal, students: list[str], openings: list[str]) -> dict[str, Any]:
    change = view.report.changes.students.get(proposal.i)
    told = None
    if change is not None and not proposal.placed:
        told = {"code": change.code, "opening": openings[change.j], "more": int(change.more),
                "sentence": change_for_student(view.report, change)}  # fmt: skip
    return {
        "student_id": students[proposal.i], "status": "placed" if proposal.placed else "unplaced",
        "blocked": {block.code: block.number for block in proposal.blocks}, "change": told,
    }  # fmt: skip
