"""The shapes of a list on its way in, in the API: its columns and sheets, its faults, what storing it would do."""
from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.services import upload_drafts as verbs
from api.services import upload_repairs as repairs
from api.web.json.base import Moment, Schema
from api.web.json.uploads import UploadSchema

_CELL = ma.fields.String(validate=ma.validate.Length(max=repairs.LONGEST))


class ColumnSchema(Schema):
    """A column of the file, and which field it is or probably is."""

    index = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    samples = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "Up to three, masked"})
    field = ma.fields.String(required=True, metadata={"description": "Empty: none; then it is not kept"})
    how = ma.fields.String(required=True, validate=ma.validate.OneOf(["known", "near", "content", "none"]))


class SheetSchema(Schema):
    """A sheet of a workbook."""

    name = ma.fields.String(required=True)
    rows = ma.fields.Integer(required=True)


class ChosenSheetSchema(Schema):
    """Which sheet of a workbook is the list."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(max=120))


class UploadDraftSchema(Schema):
    """A list on its way in."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    file_name = ma.fields.String(required=True)
    organisation_id = ma.fields.String(allow_none=True)
    step = ma.fields.String(required=True, validate=ma.validate.OneOf(verbs.STEPS))
    sheet = ma.fields.String(required=True, metadata={"description": "Which sheet of a workbook it is"})
    other_sheets = ma.fields.List(ma.fields.Nested(SheetSchema), required=True, metadata={
        "description": "Sheets that look like the same list: not part of this one; hand them in next"})  # fmt: skip
    columns = ma.fields.List(ma.fields.Nested(ColumnSchema), required=True)
    left_out = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "Headers not kept"})
    rows = ma.fields.Integer(required=True)
    skipped = ma.fields.List(ma.fields.Integer(), required=True)
    changed_at = Moment(required=True)
    version = ma.fields.Integer(required=True)


class BegunSchema(Schema):
    """A list that was taken in, or the refused upload where the file cannot be used as a whole."""

    draft = ma.fields.Nested(UploadDraftSchema, allow_none=True)
    upload = ma.fields.Nested(UploadSchema, allow_none=True)


class ChosenColumnsSchema(Schema):
    """Which column is which field, by index; what is not named is let go."""

    columns = ma.fields.Dict(keys=ma.fields.Integer(validate=ma.validate.Range(0, 9_999)),
                             values=ma.fields.String(validate=ma.validate.Length(max=40)), required=True, metadata={
        "description": "Fields by `index` of the column, which as a key of JSON is a text"})  # fmt: skip
    for_all = ma.fields.Dict(keys=ma.fields.String(validate=ma.validate.OneOf(verbs.FOR_ALL)), values=_CELL,
                             load_default=dict)  # fmt: skip


class FaultSchema(Schema):
    """One thing wrong in a row, in the words of a file."""

    row = ma.fields.Integer(required=True, allow_none=True, metadata={
        "description": "Empty: the list as a whole, of which no row can be read"})  # fmt: skip
    column = ma.fields.String(required=True)
    field = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    found = ma.fields.String(required=True)
    message = ma.fields.String(required=True)
    suggestion = ma.fields.String(required=True)


class GroupSchema(Schema):
    """Faults that one action mends."""

    key = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    field = ma.fields.String(required=True)
    found = ma.fields.String(required=True)
    rows = ma.fields.List(ma.fields.Integer(), required=True)
    suggestion = ma.fields.String(required=True)


class CheckedListSchema(Schema):
    """A list as it reads now."""

    total = ma.fields.Integer(required=True)
    good = ma.fields.Integer(required=True)
    faults = ma.fields.List(ma.fields.Nested(FaultSchema), required=True)
    groups = ma.fields.List(ma.fields.Nested(GroupSchema), required=True)
    skipped = ma.fields.List(ma.fields.Integer(), required=True)
    version = ma.fields.Integer(required=True)


class MendedRowSchema(Schema):
    """Cells of a row, by field, as somebody typed them; or that the row is left out."""

    cells = ma.fields.Dict(keys=ma.fields.String(), values=_CELL, load_default=dict)
    skipped = ma.fields.Boolean(load_default=None)


class MendSchema(Schema):
    """One action for a group of faults: the order of its dates, or the code that was meant."""

    order = ma.fields.String(validate=ma.validate.OneOf(["dmy", "mdy"]))
    word = ma.fields.String(validate=ma.validate.Length(1, 120))

    @ma.validates_schema
    def one_action(self, data: dict[str, Any], **_: Any) -> None:
        """One of both."""
        if len(data) != 1:
            raise ma.ValidationError("Send order or word.", "order")


class FieldDifferenceSchema(Schema):
    """A field that a list changes."""

    name = ma.fields.String(required=True)
    before = ma.fields.Raw(allow_none=True)
    after = ma.fields.Raw(allow_none=True)


class RowDifferenceSchema(Schema):
    """A record that a list changes."""

    row = ma.fields.Integer(required=True)
    fields_changed = ma.fields.List(ma.fields.Nested(FieldDifferenceSchema), required=True)


class PreviewedListSchema(Schema):
    """What storing a list would do."""

    new = ma.fields.List(ma.fields.Integer(), required=True, metadata={"description": "Rows"})
    changed = ma.fields.List(ma.fields.Nested(RowDifferenceSchema), required=True)
    same = ma.fields.Integer(required=True)
    skipped = ma.fields.List(ma.fields.Integer(), required=True)
    left_alone = ma.fields.List(ma.fields.String(), required=True, metadata={
        "description": "Fields without a column: as stored, in rows that were there before"})  # fmt: skip
