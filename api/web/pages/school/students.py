"""Mijn leerlingen: the list by completeness, consent and state; one profile with what to ask next; questions."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.bsn import suspects
from api.services import student_questions as asking
from api.services import students as verbs
from api.services.records import student_of
from api.services.run_inputs import policy_now
from api.services.uploads import Conflict
from api.store import students
from api.store.codes import StoredStudent
from api.web.access import access, asker
from api.web.cursors import place_or_start, seal
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.own import OF_PARTY, look_at, own_student, role_at
from api.web.pages.base import beginning, go, read_form, show, t
from api.web.pages.profile import ask_words, cell_words
from api.web.pages.school.topics import TOPICS, topic_of
from api.web.problems import not_found
from features.completeness import STUDENT
from features.settings import MILLION

blueprint = Blueprint("school_students", __name__)
PATH = "/leerlingen"
ONE = f"{PATH}/<student_id>"
_PER_PAGE = 50
_GAPS = {"ja": True, "nee": False}


class AnswerForm(ma.Schema):
    """An answer to a question."""

    answer = ma.fields.String(required=True, validate=ma.validate.Length(1, 500, error="student.answer_missing"))


@blueprint.get(PATH)
@access(*OF_PARTY, people_only=True)
def overview() -> Any:
    """The students, with filters."""
    said = {name: request.args.get(name, "") for name in ("gegevens", "mist", "toestemming", "stand")}
    wanted = verbs.Wanted(
        gaps=_GAPS.get(said["gegevens"]), consent=said["toestemming"] if said["toestemming"] in verbs.CONSENTS else "",
        state=said["stand"] if said["stand"] in verbs.STATES else "",
        ask=said["mist"] if said["mist"] in STUDENT else "",
    )  # fmt: skip
    after = place_or_start(request.args.get("na", ""))
    found = verbs.listed(rows(), wanted, homes=homes(), regions=(), ids=(), after=after, limit=_PER_PAGE,
                         today=local_day(now()))  # fmt: skip
    if after and not found:
        return beginning()
    return show(
        "school/students.html", shown=found[:_PER_PAGE], said=said,
        more=seal(students.place_of(found[_PER_PAGE - 1][0])) if found[_PER_PAGE:] else "",
        after=after, filtered=any(said.values()), name_of=name_of, percent=percent,
        points=tuple(STUDENT), consents=verbs.CONSENTS, states=verbs.STATES, ask_words=ask_words,
    )  # fmt: skip


@blueprint.get(ONE)
@access(*OF_PARTY, people_only=True)
def one(student_id: str) -> Response:
    """One profile: what is missing, every topic, questions, what changed."""
    return profile_page(look_at(own_student(student_id, *OF_PARTY)))


@blueprint.post(f"{ONE}/klopt")
@access(*OF_PARTY, people_only=True)
@once
def confirm(student_id: str) -> Any:
    """Say that a profile is still right."""
    found = own_student(student_id, *OF_PARTY, lock=True)
    verbs.confirm(rows(), asker().actor, students.row_by_id(rows(), found.id), today=local_day(now()), now=now())
    return go(f"{PATH}/{student_id}", done="student_confirmed")


@blueprint.post(f"{ONE}/vragen/<question_id>")
@access(*OF_PARTY, people_only=True)
@once
def answer(student_id: str, question_id: str) -> Any:
    """Answer a question about a student."""
    found = own_student(student_id, *OF_PARTY)
    question = students.question_by_id(rows(), question_id)
    if question is None or question.student_id != found.id or not role_at(found, *asking.ANSWERED_BY[question.kind]):
        raise not_found()
    values, wrong = read_form(AnswerForm)
    name = f"answer-{question_id}"
    if wrong:
        return profile_page(found, {name: t("student.answer_missing")})
    if suspects(values["answer"]):
        return profile_page(found, {name: t("student.answer_bsn")})
    try:
        asking.answer(rows(), asker().actor, question, values["answer"].strip(), now=now())
    except Conflict:
        return profile_page(found, {name: t("student.changed_meanwhile")})
    return go(f"{PATH}/{student_id}", done="answered")


def homes() -> list[str]:
    """The schools and referrers that the asker works at."""
    return [i for i, role in asker().organisations.items() if role in OF_PARTY]


def name_of(record: dict[str, Any], ref: str) -> str:
    """The first name the school gave, or the number."""
    return str(record["background"]["first_name"] or t("students.no_name", ref=ref))


def percent(millionths: int) -> str:
    """A share in whole per cents, rounded down: 99 is not yet all."""
    return t("students.percent", n=100 * millionths // MILLION)


def profile_page(found: StoredStudent, wrong: dict[str, str] | None = None) -> Response:
    """Show one profile."""
    row = students.row_by_id(rows(), found.id)
    facts = students.facts_of(rows(), [found.id])[found.id]
    known = verbs.known_of(student_of(row.record), facts.ask, policy_now(rows()), local_day(now()))
    role = role_at(found, *OF_PARTY)
    cells = {field["name"]: field["value"] for field in verbs.fields_for(row.record, role)}
    asked = students.questions_of(rows(), found.id)
    return show(
        "school/student.html", 400 if wrong else 200, wrong=wrong or {}, row=row, known=known, facts=facts,
        name=name_of(row.record, found.student_ref), percent=percent, topics=TOPICS, cells=cells, words=cell_words,
        ask_words=ask_words, topic_of=topic_of, questions=asked, names=students.names_of(rows(), asked),
        kind_of=asking.kind_of,
        versions=verbs.history(rows(), found.id, role)[:8], confirmed=student_of(row.record).confirmed_on,
    )  # fmt: skip
