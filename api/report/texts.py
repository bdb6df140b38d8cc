"""``texts.csv``: every proposal in words for the school, the student and the employer, to be handed on by a person."""
from __future__ import annotations

from collections.abc import Iterator

from api.explain.audiences import AUDIENCES, candidate, told
from api.report.view import View
from api.tables import Cell

TEXTS = ("audience", "candidate", "school", "student_ref", "vacancy_ref", "starts_on", "text")


def text_rows(view: View) -> Iterator[tuple[Cell, ...]]:
    """Yield a row per audience and proposal, audience by audience; an employer's row has a candidate's code alone."""
    report = view.report
    placed = [proposal for proposal in view.proposals if proposal.placed]
    for audience in AUDIENCES:
        rows = []
        for proposal in placed:
            student, opening = report.students[proposal.i], report.openings[proposal.j]
            code = candidate(report, proposal.i, proposal.j)
            who = (None, None) if audience == "employer" else (student.school, student.student_ref)
            text = "|".join(told(report, proposal.pair, audience))
            rows.append((audience, code, *who, opening.vacancy_ref, opening.starts_on.isoformat(), text))
        # The order of an employer's rows says nothing about the students.
        yield from sorted(rows, key=lambda row: (row[4], row[5], row[1]) if audience == "employer" else row[2:4])
