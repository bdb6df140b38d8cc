"""Students: lists, the profile field by field, changing and confirming it, its versions, questions about it."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.schemas.leavers import LeaverSchema
from api.services import cells
from api.services import student_questions as asking
from api.services import students as verbs
from api.services.records import student_of
from api.services.run_inputs import policy_now
from api.store import releases, students
from api.store.codes import StoredStudent
from api.store.tables.questions import QUESTIONS
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.base import (
    ETAG,
    LOCATION,
    Blueprint,
    CellsSchema,
    Moment,
    Page,
    PageSchema,
    Schema,
    Words,
    cell_fields,
    etag,
    link,
    matched,
    must_match,
    page_of,
)
from api.web.json.once import once
from api.web.own import OF_PARTY, look_at, own_student, role_at
from api.web.problems import Problem, camel, not_found
from features.completeness import STUDENT

blueprint = Blueprint("students", __name__, description="Students: profiles, what to ask next, versions, questions")
WORKERS = (*OF_PARTY, "connector", "coach")
ALL = (*WORKERS, "student", "parent")
LANG = ma.fields.String(load_default="nl", validate=ma.validate.OneOf(["nl", "en"]))


class ToAskSchema(Schema):
    """A missing answer, and the sentence that asks for it."""

    field = ma.fields.String(required=True)
    question = ma.fields.String(required=True)


class ListedStudentSchema(Schema):
    """A student in a list."""

    id = ma.fields.String(required=True)
    student_ref = ma.fields.String(required=True)
    first_name = ma.fields.String(required=True)
    school = ma.fields.String(required=True, metadata={"description": "The school's or referrer's name"})
    region = ma.fields.String(allow_none=True)
    complete = ma.fields.Integer(required=True, metadata={"description": "Share that is filled in, in millionths"})
    freshness = ma.fields.String(required=True, validate=ma.validate.OneOf(["fresh", "marked", "old", "unknown"]))
    confirmed_on = ma.fields.Date(allow_none=True)
    missing = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "Most telling first"})
    consent = ma.fields.String(required=True, validate=ma.validate.OneOf(verbs.CONSENTS))
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(verbs.STATES))
    open_questions = ma.fields.Integer(required=True)
    version = ma.fields.Integer(required=True)


class SeenFieldSchema(Schema):
    """A field of a profile, as a cell of the list."""

    name = ma.fields.String(required=True)
    value = ma.fields.Raw(allow_none=True, metadata={"description": "None: not filled in"})
    seen_by = ma.fields.List(ma.fields.String(), required=True)


class ProfileSchema(ListedStudentSchema):
    """A student, field by field."""

    number = ma.fields.Integer(required=True, metadata={"description": "Version of the profile"})
    fields_seen = ma.fields.List(ma.fields.Nested(SeenFieldSchema), required=True)
    to_ask = ma.fields.List(ma.fields.Nested(ToAskSchema), required=True)


class RowWarningSchema(Schema):
    """Something to look at that leaves a record as it is."""

    row = ma.fields.Integer(allow_none=True)
    field = ma.fields.Function(lambda told: camel(told["field"]), metadata={"type": "string"})
    severity = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    message = ma.fields.String(required=True)


class ChangedProfileSchema(Schema):
    """A profile after a change."""

    student = ma.fields.Nested(ProfileSchema, required=True)
    warnings = ma.fields.List(ma.fields.Nested(RowWarningSchema), required=True)




class _CellsOfStudent(CellsSchema):
    """What is said of a student."""

    LIST = "leavers"

    def rows_in(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """The one row."""
        return [{name: value for name, value in given.items() if name != "lang"}]


CHANGES: type[Schema] = _CellsOfStudent.from_dict(  # type: ignore[assignment]
    {**cell_fields(LeaverSchema(), cells.OF_STUDENT), "lang": LANG}, name="StudentChanges"
)
"""Fields to change, as cells of the list; the language of the messages."""


class StudentsQuery(PageSchema):
    """Which students."""

    gaps = ma.fields.Boolean(load_default=None, metadata={"description": "With missing answers, or without"})
    ask = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *STUDENT]), metadata={
        "description": "Without an answer to this"})  # fmt: skip
    consent = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *verbs.CONSENTS]))
    state = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *verbs.STATES]))


class LangQuery(Schema):
    """In which language."""

    lang = LANG


class ChangedFieldSchema(Schema):
    """A field that a version changed."""

    name = ma.fields.String(required=True)
    before = ma.fields.Raw(allow_none=True)
    after = ma.fields.Raw(allow_none=True)


class ProfileVersionSchema(Schema):
    """A version of a profile."""

    number = ma.fields.Integer(required=True)
    created_at = Moment(required=True)
    by = ma.fields.String(allow_none=True)
    from_list = ma.fields.Boolean(required=True)
    changed = ma.fields.List(ma.fields.Nested(ChangedFieldSchema), required=True)


class PersonLookSchema(Schema):
    """That somebody looked at a student, once a day."""

    at = Moment(required=True, metadata={"description": "When first that day"})
    name = ma.fields.String(required=True)
    party = ma.fields.String(required=True, metadata={"description": "Where the person works; empty: a connector"})


class QuestionSchema(Schema):
    """A question and its answer."""

    id = ma.fields.String(required=True)
    student_id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(QUESTIONS))
    code = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    asked_by = ma.fields.String(allow_none=True)
    asked_at = Moment(required=True)
    answer = ma.fields.String(required=True)
    answered_by = ma.fields.String(allow_none=True)
    answered_at = Moment(allow_none=True)
    version = ma.fields.Integer(required=True)


class NewQuestionSchema(Schema):
    """A question to ask."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(QUESTIONS))
    code = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", asking.ERASURE, *asking.ABOUT]), metadata={
        "description": "About which field; of an objection, erasure: a wish to be erased"})  # fmt: skip
    text = Words(500, load_default="")

    @ma.validates_schema
    def says_something(self, data: dict[str, Any], **_: Any) -> None:
        """A question is about a field, or says what it is about."""
        if not data.get("code") and not (data.get("text") or "").strip() and data.get("kind") != "talk":
            raise ma.ValidationError("Say what it is about.", "text")
        if data.get("code") == asking.ERASURE and data.get("kind") != "objection":
            raise ma.ValidationError("A wish to be erased is an objection.", "code")


class AnswerSchema(Schema):
    """An answer."""

    answer = Words(500, least=1, required=True)


@blueprint.route("/students")
class Students(MethodView):
    """All students that are one's own: of the school, the regions, or assigned."""

    @access(*WORKERS)
    @blueprint.arguments(StudentsQuery, location="query")
    @blueprint.response(200, page_of(ListedStudentSchema, "ListedStudent"))
    def get(self, query: dict[str, Any]) -> Page:
        """The students by the school's number."""
        who = asker()
        wanted = verbs.Wanted(**{name: query[name] for name in ("gaps", "ask", "consent", "state")})
        found = verbs.listed(
            rows(), wanted, homes=[i for i, role in who.organisations.items() if role in OF_PARTY],
            regions=regions_of(who), ids=who.students["coach"], after=query["after"], limit=query["limit"],
            today=local_day(now()),
        )  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: students.place_of(last[0]))
        return Page([_listed(*item) for item in page.items], page.next)


@blueprint.route("/students/<student_id>")
class OneStudent(MethodView):
    """One student."""

    @access(*ALL)
    @blueprint.arguments(LangQuery, location="query")
    @blueprint.response(200, ProfileSchema, headers=ETAG)
    def get(self, query: dict[str, Any], student_id: str) -> Any:
        """The profile, field by field, with who sees each field, and what to ask next."""
        found = look_at(own_student(student_id, *ALL))
        return shown(found, query["lang"]), 200, etag(found.version)

    @access(*OF_PARTY, scope="upload")
    @matched
    @blueprint.arguments(CHANGES)
    @blueprint.response(200, ChangedProfileSchema, headers=ETAG)
    def patch(self, given: dict[str, Any], student_id: str) -> Any:
        """Change fields: a new version, read as a list would be, with the same messages."""
        found = own_student(student_id, *OF_PARTY, lock=True)
        must_match(found.version)
        lang = given.pop("lang")
        _, warnings = verbs.change(rows(), asker().actor, students.row_by_id(rows(), found.id), given, lang=lang,
                                   today=local_day(now()), now=now())  # fmt: skip
        told = {"student": shown(found, lang), "warnings": cells.told("leavers", warnings)}
        return told, 200, etag(found.version)


@blueprint.route("/students/<student_id>/confirmation")
class ProfileConfirmation(MethodView):
    """That a profile is still right."""

    @access(*OF_PARTY, scope="upload")
    @matched
    @blueprint.response(200, ProfileSchema, headers=ETAG)
    def put(self, student_id: str) -> Any:
        """Say that it is still right today."""
        found = own_student(student_id, *OF_PARTY, lock=True)
        must_match(found.version)
        verbs.confirm(rows(), asker().actor, students.row_by_id(rows(), found.id), today=local_day(now()), now=now())
        return shown(found, "nl"), 200, etag(found.version)


@blueprint.route("/students/<student_id>/versions")
class ProfileVersions(MethodView):
    """The versions of a profile."""

    @access(*ALL)
    @blueprint.response(200, ProfileVersionSchema(many=True))
    def get(self, student_id: str) -> Any:
        """Every version, newest first: when, by whom, what changed."""
        found = own_student(student_id, *ALL)
        return verbs.history(rows(), found.id, role_at(found, *ALL))


@blueprint.route("/students/<student_id>/looks")
class PersonLooks(MethodView):
    """Who looked at a student."""

    @access("student", "parent")
    @blueprint.arguments(PageSchema, location="query")
    @blueprint.response(200, page_of(PersonLookSchema, "PersonLook"))
    def get(self, query: dict[str, Any], student_id: str) -> Page:
        """Who looked, and when first that day, newest first."""
        student = own_student(student_id, "student", "parent")
        found = releases.looks_at(rows(), [student.id], query["after"], query["limit"] + 1)
        return Page.of(found, query["limit"], lambda last: last["place"])


@blueprint.route("/students/<student_id>/questions")
class Questions(MethodView):
    """Questions about a student."""

    @access(*ALL)
    @blueprint.response(200, QuestionSchema(many=True))
    def get(self, student_id: str) -> Any:
        """Every question with its answer, newest first; the student reads them too."""
        return _told(students.questions_of(rows(), own_student(student_id, *ALL).id))

    @access("connector", "coach", "student", "parent", people_only=True)
    @blueprint.arguments(NewQuestionSchema)
    @blueprint.response(201, QuestionSchema, headers=ETAG | LOCATION)
    @once
    def post(self, given: dict[str, Any], student_id: str) -> Any:
        """Ask the school; ask for a correction; object; or ask for a talk first."""
        found = own_student(student_id, "connector", "coach", "student", "parent")
        if not role_at(found, *asking.ASKED_BY[given["kind"]]):
            raise Problem(403, "This kind of question is not yours to ask.", "kind")
        made = asking.ask(rows(), asker().actor, found.id, now=now(), **given)
        where = {"Location": link("students.Question", question_id=made.id)}
        return _told([made])[0], 201, where | etag(made.version)


@blueprint.route("/questions")
class OpenQuestions(MethodView):
    """Questions that wait for an answer."""

    @access(*OF_PARTY, "connector")
    @blueprint.arguments(PageSchema, location="query")
    @blueprint.response(200, page_of(QuestionSchema, "Question"))
    def get(self, page: dict[str, Any]) -> Page:
        """About one's own students, oldest first."""
        homes = [i for i, role in asker().organisations.items() if role in OF_PARTY]
        found = Page.of(students.open_questions(rows(), homes, regions_of(asker()), after=page["after"],
                                                limit=page["limit"] + 1),
                        page["limit"], lambda last: (last.asked_at, last.id))  # fmt: skip
        return Page(_told(found.items), found.next)


@blueprint.route("/questions/<question_id>")
class Question(MethodView):
    """One question."""

    @access(*ALL)
    @blueprint.response(200, QuestionSchema, headers=ETAG)
    def get(self, question_id: str) -> Any:
        """What was asked, by whom, and the answer; the student reads it too."""
        found = _question(question_id, lock=False)
        own_student(found.student_id, *ALL)
        return _told([found])[0], 200, etag(found.version)

    @access(*WORKERS, people_only=True)
    @matched
    @blueprint.arguments(AnswerSchema)
    @blueprint.response(200, QuestionSchema, headers=ETAG)
    def patch(self, given: dict[str, Any], question_id: str) -> Any:
        """Answer it."""
        found = _question(question_id)
        own_student(found.student_id, *asking.ANSWERED_BY[found.kind])
        must_match(found.version)
        asking.answer(rows(), asker().actor, found, given["answer"], now=now())
        return _told([found])[0], 200, etag(found.version)


def _question(question_id: str, *, lock: bool = True) -> students.Question:
    found = students.question_by_id(rows(), question_id, lock=lock)
    if found is None:
        raise not_found()
    return found


def shown(found: StoredStudent, lang: str) -> dict[str, Any]:
    """A student as the asker may see it."""
    row = students.row_by_id(rows(), found.id)
    facts = students.facts_of(rows(), [found.id])[found.id]
    known = verbs.known_of(student_of(row.record), facts.ask, policy_now(rows()), local_day(now()))
    return _listed(row, known, facts) | {
        "number": row.student.number, "fields_seen": verbs.fields_for(row.record, role_at(found, *ALL)),
        "to_ask": verbs.questions_to_ask(known, lang),
    }  # fmt: skip


def _listed(row: students.Row, known: verbs.Known, facts: students.Facts) -> dict[str, Any]:
    return {
        "id": row.student.id, "student_ref": row.student.student_ref, "school": row.home.name,
        "first_name": row.record["background"]["first_name"], "region": row.student.region_code,
        "complete": known.complete, "freshness": known.freshness, "missing": list(known.missing),
        "confirmed_on": known.confirmed_on, "consent": facts.consent, "state": facts.state,
        "open_questions": facts.questions, "version": row.student.version,
    }  # fmt: skip


def _told(questions: Sequence[students.Question]) -> list[dict[str, Any]]:
    names = students.names_of(rows(), questions)
    plain = ("id", "student_id", "kind", "code", "text", "asked_at", "answer", "answered_at", "version")
    return [
        {name: getattr(question, name) for name in plain}
        | {"asked_by": names.get(question.asked_by), "answered_by": names.get(question.answered_by or "")}
        for question in questions
    ]  # fmt: skip
