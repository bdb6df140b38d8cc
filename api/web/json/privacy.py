"""A student's rights: everything that is stored, in one go; and erasure."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
import structlog
from flask import Response, current_app
from flask.views import MethodView

from api.services import ledger, privacy
from api.services.export_page import page
from api.services.run_inputs import policy_now
from api.store import persons
from api.web.access import Asker, access, asker
from api.web.database import now, rows
from api.web.json.base import Blueprint, Moment, Schema, printable
from api.web.problems import Problem, not_found

blueprint = Blueprint("privacy", __name__, description="What is stored about a person, and its end")
_SCHOOLS = ("school", "referrer")
_log = structlog.get_logger("web")


class FormQuery(Schema):
    """In which form."""

    form = ma.fields.String(load_default="json", validate=ma.validate.OneOf(["json", "html"]), metadata={
        "description": "json, or a page to read and print"})  # fmt: skip
    lang = ma.fields.String(load_default="nl", validate=ma.validate.OneOf(["nl", "en"]))


class TablePart(Schema):
    """What one table has of the student."""

    table = ma.fields.String(required=True)
    columns = ma.fields.Dict(required=True, metadata={"description": "Per column what it is for and how long it stays"})
    rows = ma.fields.List(ma.fields.Dict(), required=True)


class ExportSchema(Schema):
    """Everything that is stored about a student."""

    student = ma.fields.String(required=True)
    exported_at = Moment(required=True, format="iso")
    tables = ma.fields.List(ma.fields.Nested(TablePart), required=True)
    people = ma.fields.Dict(required=True, metadata={"description": "Who is meant by an account: roles and parties"})


@blueprint.route("/students/<student_id>/export")
class Export(MethodView):
    """Everything about one student."""

    @printable
    @access("student", *_SCHOOLS)
    @blueprint.arguments(FormQuery, location="query")
    @blueprint.response(200, ExportSchema)
    def get(self, wanted: dict[str, Any], student_id: str) -> Any:
        """All that is stored: for the student, and for the school or referrer that answers for it."""
        _own(asker(), student_id)
        made = privacy.export(rows(), student_id, now=now())
        if wanted["form"] == "html":
            shown = page(made, wanted["lang"], policy_now(rows()).terms)
            return Response(shown, content_type="text/html; charset=utf-8",
                            headers={"Content-Disposition": "attachment; filename=schakel.html"})  # fmt: skip
        return {**made, "exported_at": now()}


@blueprint.route("/students/<student_id>")
class Erasure(MethodView):
    """That a student is not stored any more."""

    @access(*_SCHOOLS, "administrator", people_only=True)
    @blueprint.response(204)
    def delete(self, student_id: str) -> None:
        """Erase a student for good. Runs keep numbers under an id that names nobody."""
        who = asker()
        if "administrator" in who.roles:
            _there(student_id)
        else:
            _own(who, student_id)
        erase_for_good(student_id)


def erase_for_good(student_id: str) -> None:
    """Erase a student whom the asker may erase, on the person's request."""
    settings = current_app.config["SCHAKEL_SETTINGS"]
    persons.student(rows(), student_id, lock=True)
    try:
        privacy.erase(rows(), asker().actor, student_id, ground="asked", now=now(), key=settings.audit_key,
                      path=settings.data_dir / ledger.NAME)  # fmt: skip
    except ledger.Damaged:  # its words are for who keeps the machine
        _log.error("ledger damaged")
        raise Problem(500, "Nobody can be erased now: the ledger of erased persons is damaged. Nothing was "
                      "changed; tell whoever keeps the machine.", "ledger") from None  # fmt: skip


def _own(who: Asker, student_id: str) -> None:
    """Refuse whoever is neither the student nor the school or referrer of it."""
    found = _there(student_id)
    own = student_id in who.students.get("student", ())
    if not own and who.organisations.get(found.organisation_id) not in _SCHOOLS:
        raise not_found()


def _there(student_id: str) -> persons.StoredStudent:
    found = persons.student(rows(), student_id)
    if found is None or persons.is_erased(rows(), student_id):
        raise not_found()
    return found
