"""The labour-market regions: names, neighbours, and where each stands on a map of tiles."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.regions import TILES
from api.web.access import SIGNED_IN, access
from api.web.json.base import Blueprint, Schema
from features.geography import REGIONS, neighbours, region_name

blueprint = Blueprint("regions", __name__, description="The labour-market regions")


class TileSchema(Schema):
    """Where a region stands on the map of tiles, from the top left; all tiles are as large."""

    letters = ma.fields.String(required=True)
    column = ma.fields.Integer(required=True)
    row = ma.fields.Integer(required=True)


class RegionSchema(Schema):
    """A labour-market region."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    neighbours = ma.fields.List(ma.fields.String(), required=True)
    tile = ma.fields.Nested(TileSchema, required=True)


@blueprint.route("/regions")
class LabourRegions(MethodView):
    """All regions."""

    @access(SIGNED_IN)
    @blueprint.response(200, RegionSchema(many=True))
    def get(self) -> Any:
        """By name."""
        found = []
        for code in REGIONS:
            letters, column, row = TILES[code]
            found.append({"code": code, "name": region_name(code), "neighbours": list(neighbours(code)),
                          "tile": {"letters": letters, "column": column, "row": row}})  # fmt: skip
        return sorted(found, key=lambda one: str(one["name"]))
