"""From a solved case's folder to its figures: the table as CSV, and a page."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.assign_stated import Result, read_result
from api.assign_table import Defects, read_table
from api.errors import Refused, WrongUsage
from api.evaluate.outcomes import read_outcomes
from api.evaluate.page import page
from api.evaluate.rows import HEADER, Row, outcome_rows, plan_rows
from api.output_file import put
from api.outputs import EVALUATION
from api.tables import csv_bytes
from api.texts.catalogue import say
from api.texts.evaluate import NOTES, WRONG

TABLE, PAGE_NAME = EVALUATION


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The table as written, where the page is, and what else is worth saying, a line each."""

    table: bytes
    page: Path
    notes: tuple[str, ...]


def evaluate_folder(folder: Path, outcomes: Path | None, out: Path | None, lang: str) -> Evaluated:
    """Measure the plan in ``folder``, compare it with ``outcomes``, and write both files.

    Parameters
    ----------
    folder : Path
        A result of `match` or `assign` with a plan.
    outcomes : Path, optional
        What came of pairs; see `api.evaluate.outcomes`.
    out : Path, optional
        Where to write; default beside the result.
    lang : str
        Of messages and page.

    Raises
    ------
    WrongUsage
        If a folder or file is not there, or ``out`` holds something else or cannot be written to.
    Refused
        If there is no plan, the result does not hold any more, or the outcomes cannot be used.
    """
    if not folder.is_dir():
        raise WrongUsage(say(WRONG, "no_folder", lang, path=folder))
    place = out if out is not None else folder
    _check_free(place, lang, beside=out is None or place.resolve() == folder.resolve())
    result = read_result(folder)
    if result.findings:
        found = "; ".join(sentence for _, sentence in result.findings[:3])
        raise Refused(say(WRONG, "broken", lang, path=folder, found=found))
    if result.solution is None:
        raise Refused(say(WRONG, "no_plan", lang, path=folder))
    schools = _schools(folder, result, lang)
    notes = []
    rows = plan_rows(result.case, result.solution.assignment, schools)
    if outcomes is not None:
        found_outcomes = read_outcomes(outcomes, result.case, result.command, lang)
        rows += outcome_rows(result.case, schools, found_outcomes)
        notes.append(say(NOTES, "read", lang, n=len(found_outcomes.known), empty=found_outcomes.empty))
        if found_outcomes.unused:
            names = ", ".join(found_outcomes.unused)
            notes.append(say(NOTES, "unused", lang, file=outcomes.name, columns=names))
    return _write(place, str(result.stated.get("digest", ""))[:12], rows, notes, lang)


def _schools(folder: Path, result: Result, lang: str) -> list[str] | None:
    """School of each student, from the proposals; None for a case of `assign`, which knows none."""
    if result.command != "match":
        return None
    defects = Defects()
    path = folder / "proposals.csv"
    if not path.is_file():
        raise Refused(say(WRONG, "broken", lang, path=folder, found=f"{path.name} ?"))
    table = read_table(path, ("school", "student_ref"), (), defects, lambda _: None)
    defects.refuse()
    pairs = zip(table.columns["school"], table.columns["student_ref"], strict=True)
    of = {f"{school}/{student_ref}": school for school, student_ref in pairs}
    missing = [student for student in result.case.students if student not in of]
    if missing:
        raise Refused(say(WRONG, "broken", lang, path=folder, found=f"{path.name}: {missing[0]} ?"))
    return [of[student] for student in result.case.students]


def _check_free(place: Path, lang: str, *, beside: bool) -> None:
    if place.exists() and not place.is_dir():
        raise WrongUsage(say(WRONG, "in_use", lang, path=place))
    if place.is_dir() and not beside and {entry.name for entry in place.iterdir()} - set(EVALUATION):
        raise WrongUsage(say(WRONG, "in_use", lang, path=place))


def _write(place: Path, name: str, rows: Sequence[Row], notes: Sequence[str], lang: str) -> Evaluated:
    table = csv_bytes(HEADER, (row.cells() for row in rows))
    text = page(name, rows, lang)  # known by its digest: a folder may be called anything
    try:
        put(place / TABLE, table)
        put(place / PAGE_NAME, text.encode())
    except OSError as error:
        raise WrongUsage(say(WRONG, "not_writable", lang, path=place, why=error.strerror)) from None
    return Evaluated(table, place / PAGE_NAME, (*notes, say(NOTES, "written", lang, path=place / PAGE_NAME)))
