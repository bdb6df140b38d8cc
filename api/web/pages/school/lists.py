"""Handing in a list: earlier lists, a new file, columns, what will change, and what became of it."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from api.files.rows import RowError
from api.schemas.code_values import Code, Codes, Skills, SupportNeeds
from api.schemas.leavers import LeaverSchema
from api.schemas.values import YesNo
from api.services import grounds, organisations, upload_drafts, upload_repairs, uploads
from api.services.list_rows import ReadRows
from api.services.upload_repairs import Fault
from api.store import drafts, lists, people
from api.store.drafts import Draft
from api.store.lists import Organisation, Upload, UploadDefect
from api.store.paging import START
from api.template_files import template_csv, template_xlsx
from api.texts.undo import standing
from api.web.access import access, asker
from api.web.database import READS, now, rows, step_out
from api.web.json.once import ahead, bytes_of, once
from api.web.own import OF_PARTY
from api.web.pages.base import code_label, go, show, t
from api.web.pages.language import language
from api.web.pages.navigation import addresses
from api.web.pages.profile import seen_by, value_words
from api.web.problems import Problem, not_found
from api.web.throttle import UPLOADS, limited

blueprint = Blueprint("school_lists", __name__)
PATH = "/lijsten"
DRAFT = f"{PATH}/concept/<draft_id>"
_MOST, _EARLIER = 50, 30
_TEMPLATES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
              "csv": "text/csv; charset=utf-8"}  # fmt: skip


@blueprint.get(PATH)
@access(*OF_PARTY, people_only=True)
def overview() -> Response:
    """Lists that were begun, and earlier ones."""
    mine = parties()
    ids = [party.id for party in mine]
    begun = drafts.drafts_of(rows(), "upload", ids, now() - upload_drafts.LASTS)
    earlier = lists.uploads_of(rows(), ids, None, START, _EARLIER)
    return show("school/lists.html", begun=begun, earlier=earlier)


@blueprint.get(f"{PATH}/nieuw")
@access(*OF_PARTY, people_only=True)
def new() -> Response:
    """Choose a file."""
    return _file_page()


def _step_out() -> None:
    language()  # may ask the database, and is known from now on
    step_out()


def _chosen() -> Organisation | None:
    return next((party for party in parties() if request.form.get("organisation", party.id) == party.id), None)


def _open() -> upload_drafts.Opened | None:
    own, file = _chosen(), request.files.get("file")
    if own is None or file is None or not file.filename:
        return None
    _step_out()
    return upload_drafts.open_file("leavers", file.filename, bytes_of(file), own=own, lang=language(), now=now())


@blueprint.post(f"{PATH}/nieuw")
@access(*OF_PARTY, people_only=True)
@limited(UPLOADS)
@ahead(_open)
@once
def begin(read: upload_drafts.Opened | None) -> Any:
    """Take a file in and go on to its columns, or to its mistakes where every column is known."""
    own = _chosen()
    if own is None or read is None:
        return _file_page({"file": t("lists.file_missing")} if own else {"organisation": t("form.required")})
    made = upload_drafts.begin(rows(), asker().actor, read, own=own, lang=language(), now=now())
    return go(f"{PATH}/{made.id}" if isinstance(made, Upload) else step_address(made))


@blueprint.get(f"{PATH}/voorbeeld.<kind>")
@access(*OF_PARTY, people_only=True)
def template(kind: str) -> Response:
    """An empty file with headers, what each takes, and an example."""
    if kind not in _TEMPLATES:
        raise not_found()
    content = (template_xlsx if kind == "xlsx" else template_csv)("leavers", language())
    name = "leerlingen" if language() == "nl" else "leavers"
    return Response(content, content_type=_TEMPLATES[kind],
                    headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'})  # fmt: skip


@blueprint.get(DRAFT)
@access(*OF_PARTY, people_only=True)
def resume(draft_id: str) -> Any:
    """Go on where one was."""
    return go(step_address(own_draft(draft_id)[0]))


@blueprint.get(f"{DRAFT}/kolommen")
@access(*OF_PARTY, people_only=True)
def columns(draft_id: str) -> Response:
    """Which column is which field."""
    return _columns_page(*own_draft(draft_id))


@blueprint.post(f"{DRAFT}/kolommen")
@access(*OF_PARTY, people_only=True)
@once
def map_columns(draft_id: str) -> Any:
    """Say which column is which field."""
    draft, own = own_draft(draft_id, lock=True)
    if not as_seen(draft):  # these may be the columns of another sheet
        return _columns_page(draft, own, {"columns": t("lists.changed_unkept")}, stale=True)
    chosen = {int(name[7:]): value for name, value in request.form.items()
              if name.startswith("column-") and name[7:].isdecimal()}  # fmt: skip
    for_all = {name: request.form.get(f"all-{name}", "")[:60] for name in upload_drafts.FOR_ALL}
    wrong = upload_drafts.map_columns(rows(), asker().actor, draft, chosen, for_all, own=own, now=now())
    if wrong is None:
        return go(step_address(draft))
    told = {f"column-{index}": t("lists.columns_twice", field=t(f"field.{name}"))
            for index, name in wrong.twice.items()}  # fmt: skip
    for name in wrong.missing:
        one = name in upload_drafts.FOR_ALL
        said = t("lists.columns_missing_all" if one else "lists.columns_missing", field=t(f"field.{name}"))
        place = f"all-{name}" if one else "column-0"
        told[place] = f"{told[place]} {said}" if place in told else said
    return _columns_page(draft, own, told, chosen)


@blueprint.get(f"{DRAFT}/nakijken")
@access(*OF_PARTY, people_only=True)
def review(draft_id: str) -> Any:
    """What storing the list would do."""
    draft, own = own_draft(draft_id)
    return go(step_address(draft)) if draft.step == "columns" else _review_page(draft, own)


def _rows(draft_id: str) -> tuple[int, ReadRows | None]:
    try:
        draft, own = own_draft(draft_id)
    except Problem:  # it was stored: who sends this twice gets the same answer
        return 0, None
    _step_out()
    return upload_drafts.ahead(draft, own=own, lang=language(), now=now())


@blueprint.post(f"{DRAFT}/nakijken")
@access(*OF_PARTY, people_only=True)
@ahead(_rows)
@once
def confirm(draft_id: str, read: tuple[int, ReadRows | None]) -> Any:
    """Store the list."""
    draft, own = own_draft(draft_id, lock=True)
    if draft.step == "columns":
        return go(step_address(draft), done="" if as_seen(draft) else "changed_meanwhile")
    if not as_seen(draft):  # somebody took another sheet, or put rows back
        return _review_page(draft, own, {"confirm": t("lists.changed_meanwhile")})
    if not grounds.has_ground(rows(), own.id):
        said = request.form.get("ground", "")
        if said not in grounds.GROUNDS:
            return _review_page(draft, own, {"ground": t("lists.ground_missing")})
        upload_drafts.hold(rows(), draft, own)
        organisations.record_ground(rows(), asker().actor, own, said, "", now=now())
    try:
        made = upload_drafts.store(rows(), asker().actor, draft, own=own, lang=language(), now=now(),
                                   known=read)  # fmt: skip
    except uploads.Conflict:
        return _review_page(draft, own, {"confirm": t("lists.gone_on")})
    return go(f"{PATH}/{made.id}")


@blueprint.post(f"{DRAFT}/blad")
@access(*OF_PARTY, people_only=True)
@once
def take_sheet(draft_id: str) -> Any:
    """Go on with another sheet of the file."""
    draft, own = own_draft(draft_id, lock=True)
    if not as_seen(draft):
        return go(step_address(draft), done="changed_meanwhile")
    if not upload_drafts.take_sheet(rows(), asker().actor, draft, request.form.get("sheet", ""), own=own, now=now()):
        raise not_found()
    return go(step_address(draft))


@blueprint.post(f"{DRAFT}/weg")
@access(*OF_PARTY, people_only=True)
@once
def discard(draft_id: str) -> Any:
    """Let a list that was begun go."""
    draft, _ = own_draft(draft_id, lock=True)
    if not as_seen(draft):  # a colleague went on with it
        return go(PATH, done="changed_meanwhile")
    upload_drafts.discard(rows(), asker().actor, draft, now=now())
    return go(PATH, done="list_discarded")


@blueprint.get(f"{PATH}/<upload_id>")
@access(*OF_PARTY, people_only=True)
def one(upload_id: str) -> Response:
    """What became of a list."""
    return _list_page(_own_upload(upload_id))


@blueprint.post(f"{PATH}/<upload_id>/terug")
@access(*OF_PARTY, people_only=True)
@once
def undo(upload_id: str) -> Any:
    """Undo a list while nothing stands on it."""
    found = _own_upload(upload_id, lock=True)
    try:
        uploads.undo(rows(), asker().actor, found, now=now(), within=None)
    except uploads.StandsOn as stands:
        return _list_page(found, {"undo": t("lists.no_undo", what=standing(stands.found, language()))})
    except uploads.Conflict:
        return _list_page(found, {"undo": t("lists.undo_failed")})
    return go(f"{PATH}/{upload_id}", done="list_undone")


def parties() -> list[Organisation]:
    """The schools and referrers that the asker works at."""
    ids = [i for i, role in asker().organisations.items() if role in OF_PARTY]
    return sorted(people.organisations(rows(), ids), key=lambda party: party.name)


def own_draft(draft_id: str, *, lock: bool = False) -> tuple[Draft, Organisation]:
    """The draft of a list of one's own party, and the party; else the same answer as for one that is not there."""
    found = drafts.draft_by_id(rows(), draft_id, lock=lock)
    own = None if found is None else next((p for p in parties() if p.id == found.organisation_id), None)
    if found is None or own is None or found.kind != "upload" or found.changed_at < now() - upload_drafts.LASTS:
        raise not_found()
    if request.method in READS:
        _step_out()  # its rows are read anew for every page
    return found, own


def as_seen(draft: Draft) -> bool:
    """Whether a form was filled in on a page of the draft as it is now; row 2 of another sheet is another pupil."""
    return request.form.get("version") == str(draft.version)


def step_address(draft: Draft) -> str:
    """Where a draft goes on."""
    step = {"columns": "kolommen", "check": "controleren", "review": "nakijken"}[draft.step]
    return f"{PATH}/concept/{draft.id}/{step}"


def _own_upload(upload_id: str, *, lock: bool = False) -> Upload:
    found = lists.upload_by_id(rows(), upload_id, lock=lock)
    if found is None or found.organisation_id not in {party.id for party in parties()}:
        raise not_found()
    return found


def options_of(name: str) -> list[tuple[str, str]]:
    """The choices of a field that takes codes; none for other fields."""
    reader = LeaverSchema.reader(name) if name else None
    if isinstance(reader, Code):
        return [(code, code_label(reader.list.name, code)) for code in reader.codes]
    if isinstance(reader, YesNo):
        return [(code, code_label(reader.codes.name, code)) for code in reader.codes.codes]
    if isinstance(reader, (Codes, Skills, SupportNeeds)):
        return [(code, code_label(reader.list.name, code)) for code in reader.list.codes]
    return []


def fault_words(fault: Fault) -> str:
    """What is wrong in a row; of a word that is no code without the codes, which stand in the list to choose from."""
    if fault.defect.code == "unknown_code" and options_of(fault.field):
        return t("lists.fault_code", title=fault.title, found=fault.found)
    return t("lists.fault_repeat") if fault.defect.code == "duplicate" else fault.message


def _file_page(wrong: dict[str, str] | None = None) -> Response:
    return show("school/list_file.html", 400 if wrong else 200, wrong=wrong or {}, parties=parties(),
                party_options=[(party.id, party.name) for party in parties()])


def _columns_page(draft: Draft, own: Organisation, wrong: dict[str, str] | None = None,
                  chosen: dict[int, str] | None = None, *, stale: bool = False) -> Response:  # fmt: skip
    found = upload_drafts.choices(draft)
    shown = [(column, chosen.get(column.index, "") if chosen else column.field) for column in found]
    missing = upload_drafts.missing_for(draft, {name for _, name in shown if name}, own)
    names = [column.name for column in upload_drafts.columns_of(draft)]
    return show(
        "school/list_columns.html", 409 if stale else 400 if wrong else 200, wrong=wrong or {}, draft=draft,
        shown=shown, seen_by=seen_by, sheet=upload_drafts.sheet_of(draft), sheets=upload_drafts.other_sheets(draft),
        options=[("", t("lists.leave_out")), *((name, t(f"field.{name}")) for name in names)],
        for_all=[name for name in upload_drafts.FOR_ALL if name in missing],
        typed={} if stale else request.form,
    )  # fmt: skip


def to_do(defect: UploadDefect | RowError) -> str:
    """What to do about a file that was refused."""
    title = defect.column if isinstance(defect, RowError) else defect.header
    if defect.code == "bsn" and title:
        return t("lists.refused_column", column=title)
    if defect.code == "missing_column":  # the message of a file speaks of an option of the command line
        return t("lists.refused_missing", column=defect.expected)
    return defect.message


def _review_page(draft: Draft, own: Organisation, wrong: dict[str, str] | None = None) -> Response:
    found = upload_repairs.check(draft, own=own, lang=language(), now=now())
    told = upload_repairs.preview(rows(), draft, found, own=own)
    reasons: dict[int, list[str]] = {}
    for fault in found.faults:
        reasons.setdefault(fault.row, []).append(fault_words(fault))
    asked = [] if grounds.has_ground(rows(), own.id) else [(one, t(f"lists.ground_{one}")) for one in grounds.GROUNDS]
    return show("school/list_review.html", 409 if wrong else 200, wrong=wrong or {}, draft=draft, told=told, most=_MOST,
                reasons=reasons, words=value_words, grounds=asked,
                sheet=upload_drafts.sheet_of(draft), sheets=upload_drafts.other_sheets(draft),
                left_alone=[t(f"field.{name}") for name in told.left_alone])  # fmt: skip


def _list_page(found: Upload, wrong: dict[str, str] | None = None) -> Response:
    said = lists.defects_of(rows(), found.id, 0, _MOST)
    defects = said if found.state == "refused" else []
    sheets = [one.found for one in said if one.row is None and one.severity == "warning" and one.code == "unreadable"]
    told = {f"defect-{k}": to_do(defect) for k, defect in enumerate(defects) if defect.severity == "error"}
    after = [path for path in ("/toestemming", "/leerlingen") if path in addresses()]
    stands = lists.depends(rows(), found) if found.state == "confirmed" else set()
    return show("school/list_done.html", 409 if wrong else 200, wrong=wrong or told, upload=found, defects=defects,
                sheets=sheets, to_do=to_do, after=after, stands=standing(stands, language()))  # fmt: skip
