"""The same reasons in words of their own for the school, the student and the employer.

What is said follows the reasons of the pair; each audience has its own catalogue, and what has no words there is not
said to it. The connector's words are those of `api.explain.reasons`.
"""
from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.explain.points import codes_of
from api.explain.reasons import Reason, found
from api.match_report import MatchReport
from api.texts.audience_employer import BANDS, EMPLOYER_INTRO, EMPLOYER_REASONS, TRAVEL_BANDS
from api.texts.audience_school import SCHOOL_INTRO, SCHOOL_POINTS, SCHOOL_REASONS
from api.texts.audience_student import STUDENT_INTRO, STUDENT_POINTS, STUDENT_REASONS
from api.texts.catalogue import Catalogue, say
from api.texts.reasons import REASONS
from features.eligibility import POINTS
from features.settings import FEATURES

AUDIENCES = ("school", "student", "employer")
_POINT_OF = {"hours": "hours", "route": "route", "contract": "contract_type", "travel": "reach"}
"""The point that asks what an unknown feature asks already."""


@dataclass(frozen=True, slots=True)
class Words:
    """How an audience is spoken to: what opens and closes, the reasons, and the points it can do something about."""

    intro: Catalogue
    reasons: Catalogue
    points: Catalogue


AUDIENCE: Mapping[str, Words] = {
    "school": Words(SCHOOL_INTRO, {**REASONS, **SCHOOL_REASONS}, SCHOOL_POINTS),
    "student": Words(STUDENT_INTRO, STUDENT_REASONS, STUDENT_POINTS),
    "employer": Words(EMPLOYER_INTRO, EMPLOYER_REASONS, {}),
}


def told(report: MatchReport, pair: int, audience: str) -> tuple[str, ...]:
    """Return what ``audience`` reads about one pair, sentence group by sentence group, in the report's language.

    For the student no score, no rank and nobody else; for the employer nothing that says who the candidate is.
    """
    words, lang = AUDIENCE[audience], report.lang
    j = int(report.problem.indices[pair])
    kind = "group" if report.openings[j].route == "group" else "place"
    lines = [say(words.intro, kind, lang)]
    for reason in _in_order(found(report, pair), audience):
        lines += _reason(report, pair, reason, words, audience)
    lines += _points(report, pair, words)
    return tuple(dict.fromkeys([*lines, say(words.intro, "choice", lang)]))


def _in_order(reasons: tuple[Reason, ...], audience: str) -> list[Reason]:
    """The strongest first; for an employer always by feature, since how much each weighs is the candidate's own."""
    return sorted(reasons, key=lambda reason: FEATURES.index(reason.feature)) if audience == "employer" else [*reasons]


def _reason(report: MatchReport, pair: int, reason: Reason, words: Words, audience: str) -> Iterator[str]:
    if audience == "employer" and reason.feature == "travel":
        if reason.kind != "unknown":
            yield from _travel_band(report, pair)
    elif reason.key in words.reasons:
        # An employer reads no fact of the candidate: those sentences have no place for one.
        yield say(words.reasons, reason.key, report.lang, **reason.words)


def _travel_band(report: MatchReport, pair: int) -> Iterator[str]:
    facts = report.scored.facts(int(report.problem.rows[pair]), int(report.problem.indices[pair]))
    if facts.best_minutes is not None:
        band = next((name for most, name in BANDS if facts.best_minutes <= most), "long")
        yield say(TRAVEL_BANDS, band, report.lang)


def _points(report: MatchReport, pair: int, words: Words) -> Iterator[str]:
    """Points to check, those left out that ask what an unknown feature has asked already."""
    asked = {_POINT_OF.get(reason.feature) for reason in found(report, pair) if reason.kind == "unknown"}
    for code in codes_of(int(report.points[pair]), POINTS):
        if code in words.points and code not in asked:
            yield say(words.points, code, report.lang)


def candidate(report: MatchReport, i: int, j: int) -> str:
    """Return the code under which an employer knows a candidate: another one for each vacancy and each run.

    It is made from the run, the student's key and the vacancy; without the lists nobody can go back from it.
    """
    text = "\n".join((report.digest, report.students[i].key, report.openings[j].key))
    letters = base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"K-{letters[:6]}"
