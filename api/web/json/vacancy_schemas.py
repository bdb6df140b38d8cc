"""The shapes of vacancies in the API: what is listed, written, drafted, suggested."""
from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.schemas.openings import OpeningSchema
from api.services import cells
from api.services import vacancies as verbs
from api.web.json.base import CellsSchema, Moment, PageSchema, Schema, Words, cell_fields
from api.web.json.students import LANG, RowWarningSchema, ToAskSchema

_KVK = ma.validate.Regexp(r"[0-9]{8}\Z")

FIELDS: type[Schema] = Schema.from_dict(  # type: ignore[assignment]
    cell_fields(OpeningSchema(), cells.OF_VACANCY), name="VacancyFields"
)
"""What all openings of a vacancy share, as cells of the list."""
OPENING: type[Schema] = Schema.from_dict(  # type: ignore[assignment]
    cell_fields(OpeningSchema(), cells.OF_OPENING), name="OpeningFields"
)
"""What each opening says for itself, as cells of the list."""
_CONTACT = {"description": "Whom one calls about it: a contact person of the employer"}
_OPENINGS = ma.fields.List(ma.fields.Nested(OPENING), load_default=list,
                           validate=ma.validate.Length(max=verbs.MOST_OPENINGS))  # fmt: skip


_NAMED: type[Schema] = OPENING.from_dict(  # type: ignore[assignment]
    {"id": ma.fields.String(validate=ma.validate.Length(max=32), metadata={
        "description": "Which opening this is, to move it to another start; without it, the one of its start"})},
    name="ChangedOpening",
)  # fmt: skip


class PlacesSchema(Schema):
    """An opening and its places."""

    id = ma.fields.String(required=True)
    starts_on = ma.fields.Date(required=True)
    places = ma.fields.Integer(required=True)
    left = ma.fields.Integer(required=True, metadata={
        "description": "Places that nobody has; an employer counts those whom it sees or who work there"})  # fmt: skip
    min_to_open = ma.fields.Integer(required=True)
    present = ma.fields.Integer(required=True)
    closes_on = ma.fields.Date(allow_none=True)
    number = ma.fields.Integer(required=True, metadata={"description": "Version that holds"})


class ListedVacancySchema(Schema):
    """A vacancy in a list."""

    id = ma.fields.String(required=True)
    vacancy_ref = ma.fields.String(required=True)
    employer_id = ma.fields.String(required=True)
    employer = ma.fields.String(required=True)
    employer_kvk = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    branch = ma.fields.String(required=True)
    region = ma.fields.String(allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(verbs.STATES))
    to_review = ma.fields.List(ma.fields.String(), required=True)
    openings = ma.fields.List(ma.fields.Nested(PlacesSchema), required=True)
    complete = ma.fields.Integer(required=True, metadata={"description": "Share that is filled in, in millionths"})
    missing = ma.fields.List(ma.fields.String(), required=True)
    created_at = Moment(required=True)
    version = ma.fields.Integer(required=True)


class FoundWordsSchema(Schema):
    """Words that a connector looks at."""

    code = ma.fields.String(required=True)
    found = ma.fields.String(required=True)
    message = ma.fields.String(required=True)


class EffectSchema(Schema):
    """What a demand does to who can come, in words."""

    code = ma.fields.String(required=True)
    effect = ma.fields.String(required=True, validate=ma.validate.OneOf(["large", "part"]))
    sentence = ma.fields.String(required=True)


class FullVacancySchema(ListedVacancySchema):
    """A vacancy with all that it says."""

    shared = ma.fields.Nested(FIELDS, required=True)
    contact_id = ma.fields.String(required=True, allow_none=True, metadata=_CONTACT)
    to_ask = ma.fields.List(ma.fields.Nested(ToAskSchema), required=True)
    wording = ma.fields.List(ma.fields.Nested(FoundWordsSchema), required=True)


class WrittenVacancySchema(Schema):
    """A vacancy after it was written."""

    vacancy = ma.fields.Nested(FullVacancySchema, required=True)
    warnings = ma.fields.List(ma.fields.Nested(RowWarningSchema), required=True)


class _CellsOfVacancy(CellsSchema):
    """What is said of a vacancy: what its openings share, and each of them."""

    LIST = "vacancies"

    def rows_in(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """A row for each opening."""
        shared, openings = given.get("shared") or {}, given.get("openings") or [{}]
        rows = [{**shared, **opening} for opening in openings if isinstance(opening, dict)]
        return [{name: value for name, value in row.items() if name != "id"} for row in rows]


class NewVacancySchema(_CellsOfVacancy):
    """A vacancy to post; from a draft, what is not said is as the draft has it."""

    vacancy_ref = ma.fields.String(load_default="", validate=ma.validate.Length(max=40))
    organisation_id = ma.fields.String(metadata={"description": "Whose, for who works at several employers"})
    employer_kvk = ma.fields.String(validate=_KVK, metadata={"description": "Whose, for a connector"})
    employer = Words(120, load_default="")
    shared = ma.fields.Nested(FIELDS, load_default=dict)
    openings = _OPENINGS
    contact_id = ma.fields.String(allow_none=True, validate=ma.validate.Length(max=32), metadata=_CONTACT)
    draft_id = ma.fields.String(validate=ma.validate.Length(max=32))
    lang = LANG


class ChangedVacancySchema(_CellsOfVacancy):
    """What to change: what all openings share, and openings by id or start; a new start is a new opening."""

    shared = ma.fields.Nested(FIELDS, load_default=dict)
    openings = ma.fields.List(ma.fields.Nested(_NAMED), load_default=list,
                              validate=ma.validate.Length(max=verbs.MOST_OPENINGS))  # fmt: skip
    contact_id = ma.fields.String(allow_none=True, validate=ma.validate.Length(max=32), metadata=_CONTACT)
    lang = LANG


class VacancyQuery(PageSchema):
    """Which vacancies."""

    state = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *verbs.STATES]))


class StateSchema(Schema):
    """The state to bring a vacancy to."""

    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["open", "closed"]))


class OpeningVersionSchema(Schema):
    """A version of an opening."""

    starts_on = ma.fields.Date(required=True)
    number = ma.fields.Integer(required=True)
    created_at = Moment(required=True)
    by = ma.fields.String(allow_none=True)
    from_list = ma.fields.Boolean(required=True)
    changed = ma.fields.List(ma.fields.Dict(), required=True)


class TextSchema(Schema):
    """A text to look at."""

    text = Words(5_000, least=1, required=True)
    lang = LANG


class MeantSchema(Schema):
    """A code that a text may mean."""

    code = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    sure = ma.fields.Boolean(required=True)


class SuggestionsSchema(Schema):
    """What a job text may mean, for somebody to confirm; by field of the vacancy."""

    branch = ma.fields.List(ma.fields.Nested(MeantSchema), required=True)
    tasks = ma.fields.List(ma.fields.Nested(MeantSchema), required=True)
    conditions = ma.fields.List(ma.fields.Nested(MeantSchema), required=True)
    support_offered = ma.fields.List(ma.fields.Nested(MeantSchema), required=True)
    certificates_required = ma.fields.List(ma.fields.Nested(MeantSchema), required=True)


class ExampleSchema(Schema):
    """A vacancy to begin from."""

    name = ma.fields.String(required=True)
    shared = ma.fields.Nested(FIELDS, required=True)
