"""The tables of a match as headers and typed rows; CSV and XLSX are written from the same cells."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from api.explain.blocks import cell as blocks_cell
from api.explain.changes import change_for_opening, change_for_student
from api.explain.statement import cell as statements_cell
from api.match_report import MatchReport
from api.report.questions import QUESTIONS, question_rows
from api.report.texts import TEXTS, text_rows
from api.report.view import View
from api.tables import Cell, Number, millionths, write_csv
from features.settings import FEATURES
from matcher.sensitivity import Sensitivities

PROPOSALS = (
    "school", "student_ref", "status", "vacancy_ref", "starts_on", "fit", "band", "known", "own_rank", "own_best_ratio",
    "robust", "reasons", "to_check",
)  # fmt: skip
ALTERNATIVES = (
    "school", "student_ref", "rank", "vacancy_ref", "starts_on", "fit", "band", "placed_loss", "fit_loss",
    "others_loss", "moves", "base", *FEATURES,
)  # fmt: skip
UNPLACED = ("school", "student_ref", "blocked", "smallest_change", "change_places")
OPENINGS = (
    "vacancy_ref", "starts_on", "places", "filled", "left", "opens", "eligible", "blocked", "smallest_change",
    "worth_placed", "worth_fit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows; numbers are int or `api.tables.Number`, everything else is text or None."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(view: View) -> tuple[Table, ...]:
    """Return proposals, alternatives, unplaced, openings, questions and texts, sorted as the contract says."""
    return (
        Table("proposals", PROPOSALS, _by_key(_proposals(view))),
        Table("alternatives", ALTERNATIVES, _by_key(_alternatives(view))),
        Table("unplaced", UNPLACED, _by_key(_unplaced(view))),
        Table("openings", OPENINGS, _by_key(_openings(view))),
        Table("questions", QUESTIONS, question_rows(view)),
        Table("texts", TEXTS, tuple(text_rows(view))),
    )


def _by_key(rows: Iterable[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """Sort rows by their first two columns, who or what they are about; those about one keep their order."""
    return tuple(sorted(rows, key=lambda row: (str(row[0]), str(row[1]))))


def write_tables(folder: Path, made: tuple[Table, ...]) -> None:
    """Write every table as ``name.csv`` into ``folder``."""
    for table in made:
        write_csv(folder / f"{table.name}.csv", table.header, table.rows)


def micro(number: int) -> Number:
    """Return integer millionths as a number with six decimals."""
    return Number(millionths(number))


def _proposals(view: View) -> Iterator[tuple[Cell, ...]]:
    report = view.report
    for proposal in view.proposals:
        student = report.students[proposal.i]
        if not proposal.placed:
            yield (student.school, student.student_ref, "unplaced", *(None,) * 10)
            continue
        opening = report.openings[proposal.j]
        yield (
            student.school, student.student_ref, "placed", opening.vacancy_ref, opening.starts_on.isoformat(),
            micro(proposal.fit), report.policy.band(proposal.fit), micro(proposal.known), proposal.rank,
            micro(proposal.ratio), _yes_no(proposal.robust),
            statements_cell((*proposal.of_kind("plus"), *proposal.of_kind("minus"))), statements_cell(proposal.asked),
        )  # fmt: skip


def _yes_no(known: bool | None) -> str | None:
    return None if known is None else "yes" if known else "no"


def _alternatives(view: View) -> Iterator[tuple[Cell, ...]]:
    report, scored = view.report, view.report.scored
    contributions = scored.contributions.tolist()
    base = micro(int(scored.base))
    for pair in view.order.tolist():
        i, j = int(report.problem.rows[pair]), int(report.problem.indices[pair])
        student, opening, fit = report.students[i], report.openings[j], int(scored.fit[pair])
        yield (
            student.school, student.student_ref, int(view.ranks[pair]), opening.vacancy_ref,
            opening.starts_on.isoformat(), micro(fit), report.policy.band(fit), *_regret(report, pair), base,
            *(micro(part) for part in contributions[pair]),
        )  # fmt: skip


def _regret(report: MatchReport, pair: int) -> tuple[Cell, ...]:
    known = report.sensitivity
    if known is None or not known.feasible[pair]:
        return (None, None, None, None)
    return (
        int(known.placed_loss[pair]),
        micro(int(known.fit_loss[pair])),
        micro(int(known.others_loss[pair])),
        moves_cell(report, known, pair),
    )


def moves_cell(report: MatchReport, known: Sensitivities, pair: int) -> str:
    """Return who would move, ``student:from>to`` joined by a bar; an empty side is no place."""
    def key(j: int) -> str:
        return report.openings[j].key if j >= 0 else ""

    return "|".join(f"{report.students[i].key}:{key(a)}>{key(b)}" for i, a, b in known.moves[pair])


def _unplaced(view: View) -> Iterator[tuple[Cell, ...]]:
    for proposal in view.proposals:
        if not proposal.placed:
            student = view.report.students[proposal.i]
            change = view.report.changes.students.get(proposal.i)
            told = None if change is None else change_for_student(view.report, change)
            more = None if change is None else change.more
            yield (student.school, student.student_ref, blocks_cell(proposal.blocks), told, more)


def _openings(view: View) -> Iterator[tuple[Cell, ...]]:
    known = view.report.sensitivity
    for place in view.places:
        opening = view.report.openings[place.j]
        worth: tuple[Cell, Cell] = (None, None)
        if known is not None and known.worth_known[place.j]:
            worth = (int(known.worth_placed[place.j]), micro(int(known.worth_fit[place.j])))
        change = view.report.changes.openings.get(place.j)
        told = None if change is None else change_for_opening(view.report, change)
        yield (
            opening.vacancy_ref, opening.starts_on.isoformat(), opening.places, place.filled, place.left,
            "yes" if place.opens else "no", place.eligible, blocks_cell(place.blocks), told, *worth,
        )  # fmt: skip
