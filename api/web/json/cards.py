"""The card of a candidate as the API shows it: codes with their words."""
from __future__ import annotations

import marshmallow as ma

from api.web.json.base import PageSchema, Schema


class LanguageSchema(Schema):
    """In which language words come."""

    lang = ma.fields.String(validate=ma.validate.OneOf(["nl", "en"]), load_default="nl")


class LanguagePageSchema(PageSchema):
    """Which part of a list, and in which language its words come."""

    lang = ma.fields.String(validate=ma.validate.OneOf(["nl", "en"]), load_default="nl")


class ItemSchema(Schema):
    """A code (empty for the employer's own words) and what it means."""

    code = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class NeedSchema(ItemSchema):
    """Support that is needed, and whether the workplace offers it."""

    when = ma.fields.String(allow_none=True)
    essential = ma.fields.Boolean(required=True)
    offered = ma.fields.String(required=True)
    offered_label = ma.fields.String(required=True)


class CardSchema(Schema):
    """All that an employer sees of a candidate. What would point at one person is left out or coarse."""

    strengths = ma.fields.List(ma.fields.Nested(ItemSchema), required=True)
    support = ma.fields.List(ma.fields.Nested(NeedSchema), allow_none=True)
    certificates = ma.fields.List(ma.fields.Nested(ItemSchema), allow_none=True)
    available = ma.fields.Nested(ItemSchema, allow_none=True)
    travel = ma.fields.Nested(ItemSchema, allow_none=True)
    age = ma.fields.Nested(ItemSchema, allow_none=True)
    level = ma.fields.Nested(ItemSchema, allow_none=True)
    hours_min = ma.fields.Float(allow_none=True)
    hours_max = ma.fields.Float(allow_none=True)
