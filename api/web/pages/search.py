"""Zoeken buiten de lijst: everybody for a place, every place for somebody, why not proposed; proposing all the same.

Names are typed into a form that is posted: what somebody searches for never stands in an address.
"""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.explain.refusals import refusal_sentence
from api.services import pairs
from api.store import decisions, runs
from api.web.access import access, asker, regions_of
from api.web.database import now, rows
from api.web.json.once import once
from api.web.json.pairs import STANDINGS, weighed
from api.web.json.runs import seen_regions
from api.web.pages.base import go, read_form, show, t
from api.web.pages.language import language
from api.web.pages.school.fields import Said
from api.web.problems import not_found
from features.codes import code_list
from features.eligibility import NEVER_FIXED

blueprint = Blueprint("search", __name__)
PATH, SHOWN = "/zoeken", 50


class TextForm(ma.Schema):
    """What to search for."""

    text = ma.fields.String(required=True, validate=ma.validate.Length(2, 80, error="search.text_short"),
                            error_messages={"required": "search.text_short"})  # fmt: skip


class WishForm(ma.Schema):
    """Why a pair is proposed all the same."""

    why = Said(500, least=3, error="search.why_needed", required=True,
                error_messages={"required": "search.why_needed"})  # fmt: skip


@blueprint.get(PATH)
@access("connector", people_only=True)
def search() -> Response:
    """The pairs of the student or place in the address; without one, the form."""
    student_id, opening_id = request.args.get("leerling", "")[:32], request.args.get("plek", "")[:32]
    if not student_id and not opening_id:
        return show("search.html", found=None)
    found = weighed(student_id, opening_id)
    students, openings = runs.names_of(rows(), [p.student_id for p in found], [p.opening_id for p in found])
    branch, standing = request.args.get("branche", ""), request.args.get("stand", "")
    lines = [p for p in found if (not branch or openings[p.opening_id]["branch"] == branch)
             and (standing not in STANDINGS or p.standing == standing)]  # fmt: skip
    told = [(pairs.told(p, language()), students[p.student_id], openings[p.opening_id]) for p in lines[:SHOWN]]
    return show(
        "pairs.html", pairs=told, number=len(lines), shown=SHOWN, branch=branch, standing=standing,
        standings=STANDINGS, student=students.get(student_id), opening=openings.get(opening_id),
        branches=sorted({one["branch"] for one in openings.values()} & set(code_list("branch").codes)),
    )  # fmt: skip


@blueprint.post(PATH)
@access("connector", people_only=True)
def find() -> Response:
    """Students and places by a word in a name, number or title."""
    values, wrong = read_form(TextForm)
    if wrong:
        return show("search.html", 400, wrong=wrong, found=None)
    text = values["text"].strip().casefold()
    students = [(i, record) for i, _, record in runs.students_in(rows(), regions_of(asker()))
                if text in (record["background"]["first_name"] or "").casefold()
                or text in record["student_ref"].casefold()]  # fmt: skip
    openings = [(i, record) for i, _, record in runs.openings_in(rows(), seen_regions())
                if any(text in (record[name] or "").casefold() for name in ("title", "employer", "vacancy_ref"))]
    return show("search.html", found=(students[:SHOWN], openings[:SHOWN]))


@blueprint.get(f"{PATH}/<student_id>/<opening_id>")
@access("connector", people_only=True)
def wish(student_id: str, opening_id: str) -> Response:
    """One pair that is not on the list: what is in the way, and why one would propose it."""
    return _wish(student_id, opening_id)


@blueprint.post(f"{PATH}/<student_id>/<opening_id>")
@access("connector", people_only=True)
@once
def propose(student_id: str, opening_id: str) -> Any:
    """Propose a pair all the same."""
    values, wrong = read_form(WishForm)
    if wrong:
        return _wish(student_id, opening_id, wrong)
    student = runs.students_in(rows(), regions_of(asker()), student_id)
    opening = runs.openings_in(rows(), seen_regions(), opening_id)
    if not student or not opening:
        raise not_found()
    region = runs.region_of(rows(), student_id) or ""
    try:
        made = pairs.add(rows(), asker().actor, student[0], opening[0], region=region, why=values["why"], now=now())
    except pairs.Refused as refused:
        return _refused(refused, student[0])
    return go(f"/voorstellen/{made.id}", done="proposed")


def _wish(student_id: str, opening_id: str, wrong: dict[str, str] | None = None) -> Response:
    found = [p for p in weighed(student_id, opening_id) if p.student_id == student_id and p.opening_id == opening_id]
    if not found:
        raise not_found()
    students, openings = runs.names_of(rows(), [student_id], [opening_id])
    return show("wish.html", 400 if wrong else 200, wrong=wrong or {}, pair=pairs.told(found[0], language()),
                never=any(refusal.rule in NEVER_FIXED for refusal in found[0].refusals),
                student=students[student_id], opening=openings[opening_id])  # fmt: skip


def _refused(why: pairs.Refused, student: pairs.Stored) -> Response:
    """Why a pair is not proposed, and where to go from here."""
    said, word = [refusal_sentence(rule, language()) for rule in why.rules], why.decision
    if word is not None:
        name = student[2]["background"]["first_name"] or student[2]["student_ref"]
        who = decisions.names(rows(), [word.account_id]).get(word.account_id, "")
        reason = t(f"reason.{word.reason}") if word.reason else ""
        said = [t(f"review.now_{word.word}", who=who, name=name, reason=reason)]
    on = (t("search.see"), f"/voorstellen/{why.proposal_id}") if why.proposal_id else \
        (t("today.to_runs"), "/berekeningen") if why.code == "no_plan" else None  # fmt: skip
    return show("refused.html", 409, title_of=t("search.impossible"), said=[*said, why.sentence(language())], on=on,
                back=f"{PATH}?leerling={student[0]}")  # fmt: skip
