"""A list on its way in: columns suggested and chosen, cells mended, rows left out, a look at what changes, storing."""
from __future__ import annotations

from typing import Any

from flask import request
from flask.views import MethodView
from werkzeug.datastructures import FileStorage

from api.errors import Refused
from api.services import upload_drafts as verbs
from api.services import upload_repairs as repairs
from api.store import drafts, people
from api.store.drafts import Draft
from api.store.lists import Organisation, Upload
from api.web.access import access, asker
from api.web.database import READS, now, rows, step_out
from api.web.json.base import (
    ETAG,
    LOCATION,
    Blueprint,
    Page,
    PageSchema,
    etag,
    link,
    matched,
    must_match,
    page_of,
)
from api.web.json.once import ahead, bytes_of, once
from api.web.json.students import LangQuery
from api.web.json.upload_draft_schemas import (
    BegunSchema,
    CheckedListSchema,
    ChosenColumnsSchema,
    ChosenSheetSchema,
    MendedRowSchema,
    MendSchema,
    PreviewedListSchema,
    UploadDraftSchema,
)
from api.web.json.uploads import KINDS, ListForm, UploadSchema, whose
from api.web.problems import Problem, not_found
from api.web.throttle import UPLOADS, limited

blueprint = Blueprint("upload_drafts", __name__, description="Lists on their way in, kept for 30 days")
WHO = ("school", "referrer", "employer")


def _opened(_: MethodView, form: dict[str, Any]) -> verbs.Opened:
    kind, own = whose(asker(), form)
    if own is None:
        raise Refused("A list of several employers is handed in as a whole, by uploads.", code="organisation")
    file: FileStorage = form["file"]
    step_out()
    return verbs.open_file(kind, file.filename or "list", bytes_of(file), own=own, lang=form["lang"], now=now())


@blueprint.route("/upload-drafts")
class UploadDrafts(MethodView):
    """Lists of one's own party on their way in."""

    @access(*WHO)
    @blueprint.arguments(PageSchema, location="query")
    @blueprint.response(200, page_of(UploadDraftSchema, "UploadDraft"))
    def get(self, page: dict[str, Any]) -> Page:
        """The lists, last changed first."""
        mine = [i for i, role in asker().organisations.items() if role in KINDS]
        found = Page.of(drafts.drafts_of(rows(), "upload", mine, now() - verbs.LASTS, after=page["after"],
                                         limit=page["limit"] + 1),
                        page["limit"], lambda last: (last.changed_at, last.id))  # fmt: skip
        return Page([_shown(one) for one in found.items], found.next)

    @access(*WHO, scope="upload")
    @limited(UPLOADS)
    @blueprint.arguments(ListForm, location="multipart")
    @blueprint.response(201, BegunSchema, headers=ETAG | LOCATION)
    @ahead(_opened)
    @once
    def post(self, form: dict[str, Any], read: verbs.Opened) -> Any:
        """Take a file in; where every column is known, its rows can be mended at once."""
        _, own = whose(asker(), form)
        assert own is not None
        made = verbs.begin(rows(), asker().actor, read, own=own, lang=form["lang"], now=now())
        if isinstance(made, Upload):
            where = {"Location": link("uploads.Upload", upload_id=made.id)}
            return {"draft": None, "upload": made}, 201, where | etag(made.version)
        where = {"Location": link("upload_drafts.OneUploadDraft", draft_id=made.id)}
        return {"draft": _shown(made), "upload": None}, 201, where | etag(made.version)


@blueprint.route("/upload-drafts/<draft_id>")
class OneUploadDraft(MethodView):
    """One list on its way in."""

    @access(*WHO)
    @blueprint.response(200, UploadDraftSchema, headers=ETAG)
    def get(self, draft_id: str) -> Any:
        """How far it is, and its columns with samples."""
        found, _ = own_upload_draft(draft_id)
        return _shown(found), 200, etag(found.version)

    @access(*WHO, scope="upload")
    @blueprint.response(204)
    def delete(self, draft_id: str) -> None:
        """Let it go."""
        verbs.discard(rows(), asker().actor, own_upload_draft(draft_id, lock=True)[0], now=now())


@blueprint.route("/upload-drafts/<draft_id>/columns")
class DraftColumns(MethodView):
    """Which column is which field."""

    @access(*WHO, scope="upload")
    @matched
    @blueprint.arguments(ChosenColumnsSchema)
    @blueprint.response(200, UploadDraftSchema, headers=ETAG)
    def put(self, given: dict[str, Any], draft_id: str) -> Any:
        """Choose; columns without a field are not kept."""
        found, own = own_upload_draft(draft_id, lock=True)
        must_match(found.version)
        wrong = verbs.map_columns(rows(), asker().actor, found, given["columns"], given["for_all"], own=own, now=now())
        if wrong is not None:
            told = [{"field": f"columns.{index}", "message": f"{name} is chosen for two columns."}
                    for index, name in wrong.twice.items()]  # fmt: skip
            told += [{"field": name, "message": f"No column gives {name}."} for name in wrong.missing]
            raise Problem(400, "; ".join(one["message"] for one in told), "columns", errors=told)
        return _shown(found), 200, etag(found.version)


@blueprint.route("/upload-drafts/<draft_id>/sheet")
class DraftSheet(MethodView):
    """Which sheet of a workbook is the list."""

    @access(*WHO, scope="upload")
    @matched
    @blueprint.arguments(ChosenSheetSchema)
    @blueprint.response(200, UploadDraftSchema, headers=ETAG)
    def put(self, given: dict[str, Any], draft_id: str) -> Any:
        """Go on with another sheet; what was done to the one before is kept, while the draft is."""
        found, own = own_upload_draft(draft_id, lock=True)
        must_match(found.version)
        if not verbs.take_sheet(rows(), asker().actor, found, given["name"], own=own, now=now()):
            raise not_found()
        return _shown(found), 200, etag(found.version)


@blueprint.route("/upload-drafts/<draft_id>/defects")
class DraftDefects(MethodView):
    """What is wrong with a list."""

    @access(*WHO)
    @blueprint.arguments(LangQuery, location="query")
    @blueprint.response(200, CheckedListSchema, headers=ETAG)
    @blueprint.alt_response(409, description="Nobody said yet which column is which field")
    def get(self, query: dict[str, Any], draft_id: str) -> Any:
        """Every fault in the words of a file, and the groups that one action mends."""
        found, own = own_upload_draft(draft_id)
        return _checked(found, own, query["lang"]), 200, etag(found.version)


@blueprint.route("/upload-drafts/<draft_id>/rows/<int:row>")
class DraftRow(MethodView):
    """One row of a list."""

    @access(*WHO, scope="upload")
    @matched
    @blueprint.arguments(MendedRowSchema)
    @blueprint.arguments(LangQuery, location="query")
    @blueprint.response(200, CheckedListSchema, headers=ETAG)
    def patch(self, given: dict[str, Any], query: dict[str, Any], draft_id: str, row: int) -> Any:
        """Mend cells, or leave the row out; the list is read anew, with the messages of a file."""
        found, own = own_upload_draft(draft_id, lock=True)
        must_match(found.version)
        cells, columns = verbs.grid(found), repairs.check(found, own=own, lang=query["lang"], now=now()).columns
        if not cells.row(row) and row not in {number for number, _ in cells.faults}:
            raise not_found()
        if unknown := sorted(set(given["cells"]) - set(columns)):
            raise Problem(400, "; ".join(unknown), "columns", errors=[
                {"field": name, "message": "The list has no column for it."} for name in unknown])  # fmt: skip
        typed = {(row, columns[name]): text for name, text in given["cells"].items()}
        refused = repairs.set_cells(cells, typed)
        if refused:
            names = [name for name, at in columns.items() if (row, at) in refused]
            raise Problem(400, "Leave out the number that may be a BSN.", "bsn", errors=[
                {"field": name, "message": "Leave out the number that may be a citizen service number (BSN)."}
                for name in names])  # fmt: skip
        skipped = set(found.content["skipped"])
        if given["skipped"] is not None:
            skipped = skipped | {row} if given["skipped"] else skipped - {row}
        verbs.keep(rows(), asker().actor, found, cells, now(), skipped=skipped)
        return _checked(found, own, query["lang"]), 200, etag(found.version)


@blueprint.route("/upload-drafts/<draft_id>/groups/<key>")
class DraftGroup(MethodView):
    """Faults that one action mends."""

    @access(*WHO, scope="upload")
    @matched
    @blueprint.arguments(MendSchema)
    @blueprint.arguments(LangQuery, location="query")
    @blueprint.response(200, CheckedListSchema, headers=ETAG)
    def patch(self, given: dict[str, Any], query: dict[str, Any], draft_id: str, key: str) -> Any:
        """Say in which order dates stand, or which code a word means, for every row of the group."""
        found, own = own_upload_draft(draft_id, lock=True)
        checked = repairs.check(found, own=own, lang=query["lang"], now=now())
        group = next((one for one in checked.groups if one.key == key), None)
        if group is None:
            raise not_found()
        must_match(found.version)
        cells = verbs.grid(found)
        if "order" in given:
            repairs.settle_dates(cells, group, given["order"])
        else:
            repairs.replace_word(cells, group, given["word"])
        verbs.keep(rows(), asker().actor, found, cells, now(), skipped=set(found.content["skipped"]))
        return _checked(found, own, query["lang"]), 200, etag(found.version)


@blueprint.route("/upload-drafts/<draft_id>/preview")
class DraftPreview(MethodView):
    """What storing a list would do."""

    @access(*WHO)
    @blueprint.response(200, PreviewedListSchema)
    @blueprint.alt_response(409, description="Nobody said yet which column is which field")
    def get(self, draft_id: str) -> Any:
        """New rows, changes from old to new, rows left out."""
        found, own = own_upload_draft(draft_id)
        _must_be_mapped(found)
        told = repairs.preview(rows(), found, repairs.check(found, own=own, lang="nl", now=now()), own=own)
        return {
            "new": [row for row, _ in told.new], "same": told.same, "skipped": told.skipped,
            "left_alone": told.left_alone,
            "changed": [{"row": one.row, "fields_changed": [
                {"name": name, "before": before, "after": after} for name, before, after in one.fields]}
                for one in told.changed],
        }  # fmt: skip


@blueprint.route("/upload-drafts/<draft_id>/confirmation")
class DraftConfirmation(MethodView):
    """That a list is to be stored."""

    @access(*WHO, scope="upload")
    @matched
    @blueprint.response(200, UploadSchema, headers=ETAG | LOCATION)
    def put(self, draft_id: str) -> Any:
        """Store every row without an error that is not left out; it becomes an upload."""
        seen, own = own_upload_draft(draft_id)
        step_out()
        known = verbs.ahead(seen, own=own, lang="nl", now=now())
        found, own = own_upload_draft(draft_id, lock=True)
        must_match(found.version)
        made = verbs.store(rows(), asker().actor, found, own=own, lang="nl", now=now(), known=known)
        return made, 200, {"Location": link("uploads.Upload", upload_id=made.id), **etag(made.version)}


def own_upload_draft(draft_id: str, *, lock: bool = False) -> tuple[Draft, Organisation]:
    """The draft of a list of one's own party, and the party; else the same answer as for one that is not there."""
    found = drafts.draft_by_id(rows(), draft_id, lock=lock)
    role = asker().organisations.get(found.organisation_id or "") if found else None
    if found is None or found.kind != "upload" or role not in KINDS or found.changed_at < now() - verbs.LASTS:
        raise not_found()
    own = people.organisations(rows(), [found.organisation_id or ""])[0]
    if request.method in READS:
        step_out()  # its rows are read anew for every answer
    return found, own


def _shown(found: Draft) -> dict[str, Any]:
    content = found.content
    return {
        "id": found.id, "kind": content["kind"], "file_name": content["name"], "step": found.step,
        "organisation_id": found.organisation_id, "columns": verbs.choices(found), "version": found.version,
        "sheet": verbs.sheet_of(found), "other_sheets": verbs.other_sheets(found),
        "left_out": [*content["unasked"], *content["left_out"]], "skipped": content["skipped"],
        "rows": len(content["grid"]["rows"]) + len(content["grid"]["faults"]), "changed_at": found.changed_at,
    }  # fmt: skip


def _must_be_mapped(found: Draft) -> None:
    if found.step == "columns":
        raise Problem(409, "Say first which column is which field.", "columns")


def _checked(found: Draft, own: Organisation, lang: str) -> dict[str, Any]:
    _must_be_mapped(found)
    told = repairs.check(found, own=own, lang=lang, now=now())
    return {
        "total": told.total, "good": len(told.records), "skipped": told.skipped, "version": found.version,
        "faults": [
            {"row": None, "column": one.column, "field": "", "code": one.code, "found": one.found,
             "message": one.message, "suggestion": ""}
            for one in told.whole
        ] + [
            {"row": one.row, "column": one.title, "field": one.field, "code": one.defect.code, "found": one.found,
             "message": one.message, "suggestion": one.defect.suggestion}
            for one in told.faults
        ],
        "groups": [
            {"key": one.key, "kind": one.kind, "field": one.field, "found": one.found, "rows": one.rows,
             "suggestion": one.suggestion}
            for one in told.groups
        ],
    }  # fmt: skip

