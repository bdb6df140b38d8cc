"""The lists of the report: to-do, overview of proposals, limits, and defects in the files."""
from __future__ import annotations

from collections.abc import Sequence
from html import escape

from api.explain.statement import Statement
from api.report.figures_json import limit_used
from api.report.html_parts import Page, looks, opening_link, student_link, table
from api.report.html_robust import mark, note
from api.report.view import Proposal
from api.tables import Cell
from api.texts.catalogue import say
from api.texts.dates import short_date
from api.texts.reasons import REASONS
from api.texts.robust import ROBUST

_HEADINGS = ("todo_broken", "todo_employer", "todo_student", "todo_unknown")
_EMPLOYER = {"participation", "planned", "support"}  # points that the employer can answer
_INLINE = 12  # students named at once; more go behind a button
_ROW_ERRORS = 300


def todo(page: Page) -> str:
    """Return everything to check, gathered by who can answer and by question."""
    gathered: dict[str, dict[str, list[Proposal]]] = {}
    placed = [proposal for proposal in page.view.proposals if proposal.placed]
    for proposal in placed:
        for statement in proposal.asked:
            questions = gathered.setdefault(_heading(statement), {})
            questions.setdefault(_question(page, statement), []).append(proposal)
    if not gathered:
        return f"<p>{escape(page.t('todo_none'))}</p>"
    parts = [f'<p class="muted">{escape(page.t("todo_help"))}</p>']
    for heading in _HEADINGS:
        if heading in gathered:
            asked = gathered[heading]
            order = sorted(asked, key=lambda question: (-len(asked[question]), question))
            make = _of_openings if heading == "todo_employer" else _of_students
            items = "".join(make(page, question, asked[question], len(placed)) for question in order)
            parts.append(f'<h3>{escape(page.t(heading))}</h3><ul class="todo">{items}</ul>')
    return "".join(parts)


def _heading(statement: Statement) -> str:
    if statement.kind == "check":
        return "todo_employer" if statement.code in _EMPLOYER else "todo_student"
    return f"todo_{statement.kind}"


def _question(page: Page, statement: Statement) -> str:
    """Return the sentence to gather by; of an unknown the one that names no items, or every pair had its own."""
    return say(REASONS, f"{statement.code}_unknown", page.lang) if statement.kind == "unknown" else statement.sentence


def _of_students(page: Page, question: str, proposals: Sequence[Proposal], all_placed: int) -> str:
    if len(proposals) == all_placed and all_placed > _INLINE:
        return f"{_task(question)} {escape(page.t('todo_all', n=all_placed))}.</li>"
    links = [student_link(page, proposal.i) for proposal in proposals]
    return f"{_task(question)}{_links(links, page.n('todo_students', len(links)))}</li>"


def _of_openings(page: Page, question: str, proposals: Sequence[Proposal], all_placed: int) -> str:  # noqa: ARG001
    links = [opening_link(page, j) for j in sorted({proposal.j for proposal in proposals})]
    return f"{_task(question)}{_links(links, page.n('todo_openings', len(links)))}</li>"


def _task(question: str) -> str:
    return f'<li><span class="box" aria-hidden="true"></span><strong>{escape(question)}</strong>'


def _links(links: Sequence[str], label: str) -> str:
    items = "".join(f"<li>{link}</li>" for link in links)
    names = f'<ul class="inline small">{items}</ul>'
    return names if len(links) <= _INLINE else f"<details><summary>{escape(label)}</summary>{names}</details>"


def overview(page: Page) -> str:
    """Return one line per student with a proposal, those to look at first on top."""
    placed = page.view.queue
    if not placed:
        return f"<p>{escape(page.t('with_none'))}</p>"
    header = [(page.t(key), False) for key in ("student", "school", "vacancy", "starts_on", "fits")]
    header += [(say(ROBUST, "column", page.lang), False), (page.t("check"), False)]
    rows = [
        (
            student_link(page, proposal.i),
            escape(page.student(proposal.i).school),
            opening_link(page, proposal.j),
            escape(short_date(page.opening(proposal.j).starts_on, page.lang)),
            page.band(proposal.fit),
            mark(page, proposal),
            looks(page, proposal),
        )
        for proposal in placed
    ]
    return note(page) + table(page.t("with"), header, rows, quiet=True)


def limits(page: Page) -> str:
    """Return the limits and how full they are: places, groups, supervision, and those of the policy."""
    report = page.view.report
    rows: list[tuple[str, ...]] = []
    for place in page.view.places:
        opening = page.opening(place.j)
        if opening.min_to_open > 1:
            most = opening.places + opening.present
            inside = place.filled + opening.present
            start = escape(short_date(opening.starts_on, page.lang))
            rows.append(_limit(f"{opening_link(page, place.j)}, {start}", inside, opening.min_to_open, most))
    for limit in sorted(report.problem.limits, key=lambda one: one.name):
        rows.append(_limit(escape(limit.name), limit_used(report, limit), limit.at_least, limit.at_most))
    places = sum(opening.places for opening in report.openings)
    rows.insert(0, _limit(escape(page.t("all_places")), sum(p.filled for p in page.view.places), None, places))
    header = [(page.t("limit"), False), (page.t("used"), True), (page.t("at_least"), True), (page.t("at_most"), True)]
    return table(page.t("limits_caption"), header, rows, quiet=True)


def _limit(name: str, used: int, least: int | None, most: int | None) -> tuple[str, ...]:
    return (name, str(used), "" if least is None else str(least), "" if most is None else str(most))


def errors(page: Page, row_errors: Sequence[Sequence[Cell]]) -> str:
    """Return the defects of the files, as in ``rows.csv``."""
    if not row_errors:
        return f"<p>{escape(page.t('errors_none'))}</p>"
    wrong = sum(row[3] == "error" for row in row_errors)
    counted = page.t("errors_count", errors=wrong, warnings=len(row_errors) - wrong)
    header = [(page.t(key), False) for key in ("file", "column", "severity", "found", "message")]
    ordered = sorted(row_errors, key=lambda row: row[3] != "error")
    rows = [
        tuple(escape("" if row[k] is None else str(row[k])) if k != 3 else escape(page.t(str(row[3])))
              for k in (0, 2, 3, 5, 7))
        for row in ordered[:_ROW_ERRORS]
    ]  # fmt: skip
    more = len(row_errors) - _ROW_ERRORS
    rest = f"<p>{escape(page.t('errors_more', n=more))}</p>" if more > 0 else ""
    listed = table(page.t("errors"), header, rows, quiet=True)
    return f"<p>{escape(counted)} {escape(page.t('errors_help'))}</p>{listed}{rest}"
