"""Questions about a student: to the school, corrections, objections, and "first a talk"; and their answers."""
from __future__ import annotations

from datetime import datetime

from api.services.cells import OF_STUDENT
from api.services.uploads import Conflict
from api.store import audit, students
from api.store.audit import Actor
from api.store.people import Session
from api.store.students import Question
from features.completeness import STUDENT

ASKED_BY = {
    "to_school": ("connector", "coach"), "data_correction": ("student", "parent"),
    "objection": ("student", "parent"), "talk": ("student", "parent"),
}  # fmt: skip
"""Kind of question -> who may ask it."""
ANSWERED_BY = {
    "to_school": ("school", "referrer"), "data_correction": ("school", "referrer"),
    "objection": ("school", "referrer", "connector"), "talk": ("school", "referrer", "connector", "coach"),
}  # fmt: skip
"""Kind of question -> who may answer it."""
ABOUT = tuple(dict.fromkeys((*OF_STUDENT, *STUDENT)))
"""What a question may be about: a field of the profile, or a point of its completeness."""


ERASURE = "erasure"
"""The code of an objection by which somebody asks to be erased."""


def kind_of(question: Question) -> str:
    """What a question is, as people call it: its kind, or a wish to be erased."""
    return ERASURE if question.code == ERASURE else question.kind


def ask(
    session: Session, actor: Actor, student_id: str, kind: str, *, code: str, text: str, now: datetime
) -> Question:
    """Write a question about a student."""
    made = students.add_question(session, kind=kind, student_id=student_id, code=code, text=text, asked_by=actor.id,
                                 asked_at=now, answer="")  # fmt: skip
    audit.append(session, actor, "question.asked", ("question", made.id), now=now, student=student_id, kind=kind,
                 code=code)  # fmt: skip
    return made


def answer(session: Session, actor: Actor, question: Question, text: str, *, now: datetime) -> None:
    """Answer a question, once.

    Raises
    ------
    Conflict
        If it has an answer already.
    """
    if question.answered_at is not None:
        raise Conflict("This question has an answer already.", code="answered")
    question.answer, question.answered_by, question.answered_at = text, actor.id, now
    session.flush()
    audit.append(session, actor, "question.answered", ("question", question.id), now=now,
                 student=question.student_id)  # fmt: skip


__all__ = ["ABOUT", "ANSWERED_BY", "ASKED_BY", "ERASURE", "answer", "ask", "kind_of"]
