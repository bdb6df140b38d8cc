"""The smallest change of a student or an opening as ``code: sentence``."""
from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from api.match_report import MatchReport, SmallestChange
from api.texts.catalogue import say
from api.texts.changes import FOR_OPENING, FOR_STUDENT, VACANCY
from api.texts.dates import number, short_date
from api.texts.words import label, words
from features.codes import code_list

LISTS = {
    "support": "support", "task": "task", "certificate": "certificate", "condition": "condition", "skill": "work_skill",
    "contract_type": "contract_type", "participation": "participation_criterion", "branch": "branch",
}  # fmt: skip


def change_for_student(report: MatchReport, change: SmallestChange) -> str:
    """Return ``code: sentence`` for the student whom the change places."""
    return f"{change.code}: {student_sentence(report, change)}"


def change_for_opening(report: MatchReport, change: SmallestChange) -> str:
    """Return ``code: sentence`` for the opening that the change fills."""
    return f"{change.code}: {opening_sentence(report, change)}"


def student_sentence(report: MatchReport, change: SmallestChange) -> str:
    """Return the sentence alone, for the student whom the change places."""
    return say(FOR_STUDENT, _key(report, change), report.lang, **_facts(report, change))


def opening_sentence(report: MatchReport, change: SmallestChange) -> str:
    """Return the sentence alone, for the opening that the change fills."""
    return say(FOR_OPENING, _key(report, change), report.lang, **_facts(report, change))


def _key(report: MatchReport, change: SmallestChange) -> str:
    if change.code == "reach":
        return f"reach_{change.detail}"
    if change.code == "route":
        return f"route_{report.openings[change.j].route}"
    return "dates_closed" if change.code == "dates" and change.detail == "closed" else change.code


def _facts(report: MatchReport, change: SmallestChange) -> Mapping[str, object]:
    lang, opening, student = report.lang, report.openings[change.j], report.students[change.i]
    vacancy = say(VACANCY, "vacancy", lang, ref=opening.vacancy_ref, start=short_date(opening.starts_on, lang))
    facts: dict[str, object] = {"vacancy": vacancy, "student": student.key}
    if change.by is not None:
        facts["by"] = number(change.by, lang, decimals=2 if change.unit == "fit" else 1)
    if change.code == "reach" and change.detail in ("km", "minutes"):
        limit = (student.max_km if change.detail == "km" else student.max_minutes) or 0.0
        facts["limit"] = number(limit, lang, decimals=1 if change.detail == "km" else 0)
        facts["more"] = math.ceil(round(limit + (change.by or 0.0), 3))
    if change.code == "dates" and change.detail != "closed":
        facts["found"] = short_date(date.fromisoformat(change.found), lang)
    if change.code in ("age", "level"):
        facts["found"] = change.found if change.code == "age" else label("level", change.found, lang)
    if change.code in LISTS:
        facts["items"] = _items(change, lang)
    return facts


def _items(change: SmallestChange, lang: str) -> str:
    codes = change.found if change.code == "branch" else change.limit.split("=")[0]
    name = LISTS[change.code]
    known = [code for code in codes.split("|") if code]
    return words(name, known, lang) if known and known[0] in code_list(name).codes else ", ".join(known)
