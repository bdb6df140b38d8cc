"""What came out of a run, as rows: proposals with reasons and cost for others, and what blocks who has none.

Sentences are stored in both languages, so that everybody reads the same answer in the own one.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from api.explain.changes import opening_sentence, student_sentence
from api.explain.points import points_to_check
from api.explain.reasons import reasons_in
from api.explain.statement import Statement
from api.match_report import Known, MatchReport, SmallestChange
from api.report.view import Place, Proposal, View, build_view
from api.services.run_inputs import Inputs
from api.store.base import new_id
from api.texts.catalogue import LANGUAGES
from features.settings import FEATURES

KEPT = 20
"""Alternatives kept per student, by rank; the plan and every lapsed rejection are kept whatever their rank."""
Rows = list[dict[str, Any]]
Moves = tuple[tuple[int, int, int], ...]


def rows_of(report: MatchReport, inputs: Inputs) -> dict[str, Rows]:
    """Return the rows of every table, by the name that `api.store.runs.parts_of_result` gives them."""
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
    _name(proposals)
    return {
        "students": [{"student_id": i, "number": number} for i, number, _ in inputs.students],
        "openings": [{"opening_id": i, "number": number, "ref": opening.vacancy_ref,
                      "places": opening.places}
                     for i, number, opening in inputs.openings],
        "decisions": [{"decision_id": i, "kept": True} for i in (*inputs.kept, *inputs.outside)]
        + [{"decision_id": told["decision_id"], "kept": False} for told in inputs.lapsed.values()],
        "proposals": proposals,
        "outcomes": [_outcome(view, proposal, students, openings) for proposal in view.proposals],
        "inside": [_inside(view, place, students, openings) for place in view.places],
    }  # fmt: skip


def _name(proposals: Rows) -> None:
    """Give proposals their ids, and put them in an order in which they are written side by side.

    An index by random ids takes every row on a page of its own, and a country of them four times the disk. The order
    is that of the students' own ids, random as well: nobody learns anything from it.
    """
    proposals.sort(key=lambda row: (row["student_id"], row["opening_id"]))
    for row, name in zip(proposals, sorted(new_id() for _ in proposals), strict=True):
        row["id"] = name


def digest_of(rows: dict[str, Rows]) -> str:
    """SHA-256 of what came out; the rows' own new ids do not count, so that an answer given twice has one digest."""
    told = [{key: value for key, value in row.items() if key != "id"} for row in rows["proposals"]]
    told.sort(key=lambda row: (row["student_id"], row["rank"], row["opening_id"]))
    outcomes = sorted(rows["outcomes"], key=lambda row: str(row["student_id"]))
    inside = sorted(rows["inside"], key=lambda row: str(row["opening_id"]))
    text = json.dumps([told, outcomes, inside], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
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
    told = [Proposal(of.i, j, pair, statements=statements, checks=tuple(
                points_to_check(int(report.points[pair]), int(report.broken[pair]), lang)))
            for lang, statements in zip(LANGUAGES, reasons_in(report, pair, LANGUAGES), strict=True)]  # fmt: skip
    found = said([[s for kind in ("plus", "minus") for s in one.of_kind(kind)] for one in told])
    asked = said([one.asked for one in told])
    parts = {"base": int(scored.base)} | dict(zip(FEATURES, scored.contributions[pair].tolist(), strict=True))
    return {
        "student_id": students[of.i], "opening_id": openings[j], "chosen": pair == of.pair,
        "rank": int(view.ranks[pair]), "fit": int(scored.fit[pair]), "band": report.policy.band(int(scored.fit[pair])),
        "known": int(scored.known_share[pair]), "parts": parts, "regret": _regret(view, pair, students, openings),
        "reasons": found, "to_check": asked, "again": inputs.lapsed.get((students[of.i], openings[j])),
    }  # fmt: skip


def said(told: Sequence[Sequence[Statement]]) -> list[dict[str, str]]:
    """Return statements told in every language as ``code``, ``kind``, and the sentence under each language's code."""
    return [
        {"code": same[0].code, "kind": same[0].kind}
        | {lang: one.sentence for lang, one in zip(LANGUAGES, same, strict=True)}
        for same in zip(*told, strict=True)
    ]


def _regret(view: View, pair: int, students: list[str], openings: list[str]) -> dict[str, Any] | None:
    known = view.report.sensitivity
    if known is None or not known.feasible[pair]:
        return None
    return {"placed_loss": int(known.placed_loss[pair]), "fit_loss": int(known.fit_loss[pair]),
            "others_loss": int(known.others_loss[pair]),
            "moves": moves_by_id(known.moves[pair], students, openings)}  # fmt: skip


def moves_by_id(moves: Moves, students: list[str], openings: list[str]) -> list[dict[str, str | None]]:
    """Return who moves from where to where, by the ids of the database."""
    def opening(j: int) -> str | None:
        return openings[j] if j >= 0 else None

    return [{"student": students[i], "from": opening(a), "to": opening(b)} for i, a, b in moves]


def _outcome(view: View, proposal: Proposal, students: list[str], openings: list[str]) -> dict[str, Any]:
    report = view.report
    change = report.changes.students.get(proposal.i)
    told = None
    if change is not None and not proposal.placed:
        told = {"opening": openings[change.j]} | _changed(report, change, student_sentence)
    known = None if report.questions is None else report.questions.students[proposal.i]
    return {
        "student_id": students[proposal.i], "status": "placed" if proposal.placed else "unplaced",
        "blocked": {block.code: block.number for block in proposal.blocks}, "change": told,
        "facts": {"priority": int(report.priorities[proposal.i]), "robust": proposal.robust} | _known(known),
    }  # fmt: skip


def _inside(view: View, place: Place, students: list[str], openings: list[str]) -> dict[str, Any]:
    """What the run says about one opening."""
    report, j = view.report, place.j
    change, told, worth = report.changes.openings.get(j), None, None
    if change is not None:
        told = {"student": students[change.i]} | _changed(report, change, opening_sentence)
    known = report.sensitivity
    if known is not None and known.worth_known[j]:
        moves = known.worth_moves[j]
        worth = {"placed": int(known.worth_placed[j]), "fit": int(known.worth_fit[j]),
                 "moves": None if moves is None else moves_by_id(moves, students, openings)}  # fmt: skip
    return {
        "opening_id": openings[j], "filled": place.filled, "left": place.left, "opens": place.opens,
        "eligible": place.eligible, "blocked": {block.code: block.number for block in place.blocks},
        "change": told, "worth": worth,
    }  # fmt: skip


def _changed(
    report: MatchReport, change: SmallestChange, sentence: Callable[[MatchReport, SmallestChange], str]
) -> dict[str, Any]:
    words = {lang: sentence(replace(report, lang=lang), change) for lang in LANGUAGES}
    return {"code": change.code, "more": int(change.more)} | words


def _known(known: Known | None) -> dict[str, Any]:
    if known is None:
        return {}
    return {"complete": known.complete, "freshness": known.freshness, "ask": [q.name for q in known.questions]}
