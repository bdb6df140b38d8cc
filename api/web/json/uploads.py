"""Lists handed in: check, confirm, undo; and what was wrong with them."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView
from flask_smorest import fields as given_fields
from werkzeug.datastructures import FileStorage

from api.files import Source, parse_columns
from api.services import uploads
from api.services.list_rows import ReadRows, read_rows
from api.store import lists, people
from api.store.people import Organisation
from api.web.access import Asker, access, asker, regions_of
from api.web.database import local_day, now, rows, step_out
from api.web.json.base import (
    ETAG,
    LOCATION,
    Blueprint,
    Moment,
    Page,
    PageSchema,
    Schema,
    etag,
    link,
    matched,
    must_match,
    page_of,
)
from api.web.json.once import ahead, bytes_of, once
from api.web.problems import Problem, not_found
from api.web.throttle import UPLOADS, limited

blueprint = Blueprint("uploads", __name__, description="Leaver lists and vacancy lists")
WHO = ("school", "referrer", "employer", "connector")
KINDS = {"school": "leavers", "referrer": "leavers", "employer": "vacancies"}


class UploadSchema(Schema):
    """A list that was handed in."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(["leavers", "vacancies"]))
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["checked", "refused", "confirmed", "undone"]))
    file_name = ma.fields.String(required=True)
    rows = ma.fields.Integer(required=True, metadata={"description": "Rows of the list, good and bad"})
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True, metadata={
        "description": "Rows per action: new, changed, same, skipped"})  # fmt: skip
    version = ma.fields.Integer(required=True)
    created_at = Moment(required=True)
    confirmed_at = Moment(allow_none=True)
    undone_at = Moment(allow_none=True)


class FileField(given_fields.Upload):
    """A file; a text in its place, as of a file whose name broke its line, is none."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> FileStorage:
        if not isinstance(value, FileStorage):
            raise ma.ValidationError("Send a file, with a name.")
        return value


class ListForm(Schema):
    """A list to hand in."""

    file = FileField(required=True, metadata={"description": "CSV, XLSX or JSON"})
    kind = ma.fields.String(validate=ma.validate.OneOf(["leavers", "vacancies"]))
    organisation_id = ma.fields.String(metadata={"description": "Whose list, for who works at several parties"})
    lang = ma.fields.String(validate=ma.validate.OneOf(["nl", "en"]), load_default="nl")
    columns = ma.fields.List(ma.fields.String(), load_default=list, metadata={
        "description": 'As often as needed: "HEADER=field", for a header that is not known'})  # fmt: skip


class DefectSchema(Schema):
    """One thing wrong with a list, as a row of rows.csv."""

    row = ma.fields.Integer(allow_none=True, required=True)
    column = ma.fields.String(required=True, attribute="header")
    severity = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    found = ma.fields.String(required=True)
    expected = ma.fields.String(required=True)
    message = ma.fields.String(required=True)


class LinesQuery(PageSchema):
    """Which rows or defects; they follow each other by number, and no list has a billion of them."""

    after = ma.fields.String(load_default="", validate=ma.validate.Regexp(r"^[0-9]{0,9}$"),
                             metadata={"description": "`next` of the page before"})  # fmt: skip


class RowSchema(Schema):
    """What one row did or would do."""

    row = ma.fields.Integer(required=True)
    action = ma.fields.String(required=True, validate=ma.validate.OneOf(["new", "changed", "same", "skipped"]))
    subject_id = ma.fields.String(allow_none=True, metadata={"description": "The student or opening"})


def _read(_: MethodView, form: dict[str, Any]) -> tuple[Source, dict[str, str], ReadRows]:
    kind, own = whose(asker(), form)
    columns, file = parse_columns(form["columns"]), form["file"]
    step_out()
    source = uploads.handed_in(file.filename or "list", bytes_of(file))
    return source, columns, read_rows(kind, source, own=own, columns=columns, on=local_day(now()), lang=form["lang"])


@blueprint.route("/uploads")
class Uploads(MethodView):
    """All lists of one's own organisations."""

    @access(*WHO)
    @blueprint.arguments(PageSchema, location="query")
    @blueprint.response(200, page_of(UploadSchema, "Upload"))
    def get(self, page: dict[str, Any]) -> Page:
        """The lists, newest first."""
        found = lists.uploads_of(rows(), list(asker().organisations), _connector(), page["after"],
                                 page["limit"] + 1)  # fmt: skip
        return Page.of(found, page["limit"], lambda last: (last.created_at, last.id))

    @access(*WHO, scope="upload")
    @blueprint.arguments(ListForm, location="multipart")
    @blueprint.response(201, UploadSchema, headers=ETAG | LOCATION)
    @limited(UPLOADS)
    @ahead(_read)
    @once
    def post(self, form: dict[str, Any], read: tuple[Source, dict[str, str], ReadRows]) -> Any:
        """Check a list and compare it with what is stored. Nothing is stored before it is confirmed."""
        _, own = whose(asker(), form)
        source, columns, found = read
        made = uploads.check_read(rows(), asker().actor, source, found, own=own, columns=columns, lang=form["lang"],
                                  now=now(), within=_within(own is None))  # fmt: skip
        return made, 201, {"Location": link("uploads.Upload", upload_id=made.id), **etag(made.version)}


@blueprint.route("/uploads/<upload_id>")
class Upload(MethodView):
    """One list."""

    @access(*WHO)
    @blueprint.response(200, UploadSchema, headers=ETAG)
    def get(self, upload_id: str) -> Any:
        """The list: how far it is and what its rows do."""
        found = _own(upload_id)
        return found, 200, etag(found.version)


@blueprint.route("/uploads/<upload_id>/rows")
class Rows(MethodView):
    """What the rows of a list do."""

    @access(*WHO)
    @blueprint.arguments(LinesQuery, location="query")
    @blueprint.response(200, page_of(RowSchema, "Row"))
    def get(self, page: dict[str, Any], upload_id: str) -> Page:
        """Row by row: new, changed, same or skipped."""
        after = int(page["after"]) if page["after"] else -1
        found = lists.rows_of(rows(), _own(upload_id).id, after=after, limit=page["limit"] + 1)
        return Page.numbered(found, page["limit"], lambda last: last.row)


@blueprint.route("/uploads/<upload_id>/defects")
class Defects(MethodView):
    """What is wrong with a list."""

    @access(*WHO)
    @blueprint.arguments(LinesQuery, location="query")
    @blueprint.response(200, page_of(DefectSchema, "Defect"))
    def get(self, page: dict[str, Any], upload_id: str) -> Page:
        """Every defect, in the order of the file; they go when the file does."""
        found = lists.defects_of(rows(), _own(upload_id).id, int(page["after"] or 0), page["limit"] + 1)
        return Page.numbered(found, page["limit"], lambda last: last.position + 1)


@blueprint.route("/uploads/<upload_id>/confirmation")
class Confirmation(MethodView):
    """That a list is to be stored; taken away, that it is to be undone."""

    @matched
    @access(*WHO, scope="upload")
    @matched
    @blueprint.response(200, UploadSchema, headers=ETAG)
    def put(self, upload_id: str) -> Any:
        """Store what the list says."""
        return _changed(upload_id, uploads.confirm)

    @matched
    @access(*WHO, scope="upload")
    @matched
    @blueprint.response(200, UploadSchema, headers=ETAG)
    def delete(self, upload_id: str) -> Any:
        """Undo a stored list, while nothing stands on it."""
        return _changed(upload_id, uploads.undo)


def _changed(upload_id: str, change: Any) -> tuple[Any, int, dict[str, str]]:
    found = _own(upload_id, lock=True)
    must_match(found.version)
    change(rows(), asker().actor, found, now=now(), within=_within(found.organisation_id is None))
    return found, 200, etag(found.version)


def _within(several: bool) -> frozenset[str] | None:
    """The regions that a connector's list of several employers is bound to, by the rights of now."""
    return regions_of(asker()) if several else None


def _own(upload_id: str, *, lock: bool = False) -> lists.Upload:
    found = lists.upload_by_id(rows(), upload_id, lock=lock)
    if found is None or not (found.organisation_id in asker().organisations or _of_connector(found)):
        raise not_found()
    return found


def _of_connector(found: lists.Upload) -> bool:
    """A list of several employers, that a connector handed in; a party's list is the party's, whoever handed it in."""
    return found.organisation_id is None and found.account_id == _connector()


def _connector() -> str | None:
    """The account of who asks, as a connector."""
    return asker().account_id if "connector" in asker().roles else None


def whose(who: Asker, form: dict[str, Any]) -> tuple[str, Organisation | None]:
    """Which kind of list, and whose, by the rights of who asks: never by what the file says."""
    wanted, kind = form.get("organisation_id"), form.get("kind")
    mine = {
        i: role for i, role in who.organisations.items()
        if role in KINDS and wanted in (None, i) and kind in (None, KINDS[role])
    }  # fmt: skip
    if len(mine) == 1:
        (organisation_id, role), = mine.items()
        return KINDS[role], people.organisations(rows(), [organisation_id])[0]
    if len(mine) > 1:
        raise Problem(400, "Say whose list it is: organisationId.", "invalid", errors=[
            {"field": "organisationId", "message": "You work at several parties; say which."}])  # fmt: skip
    if "connector" in who.roles and wanted is None and kind == "vacancies":
        return kind, None
    raise Problem(403, "You cannot hand in this kind of list.", "role")

