"""The stop switch."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import switches as verbs
from api.store import decisions
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.base import ETAG, Blueprint, Moment, Schema, Words, etag, matched, must_match

blueprint = Blueprint("switches", __name__, description="The stop switch of the matcher")


class SwitchSchema(Schema):
    """Whether runs are stopped, why, since when and by whom."""

    on = ma.fields.Boolean(required=True)
    reason = ma.fields.String(required=True)
    at = Moment(allow_none=True)
    by = ma.fields.String(allow_none=True)


class TurnSchema(Schema):
    """How to set it, and why."""

    on = ma.fields.Boolean(required=True)
    reason = Words(300, least=1, required=True)


@blueprint.route("/stop-switch")
class StopSwitch(MethodView):
    """The switch that halts every run until it is set back."""

    @access("connector", "administrator")
    @blueprint.response(200, SwitchSchema, headers=ETAG)
    def get(self) -> Any:
        """Whether it is on, and why."""
        found = verbs.stop_switch(rows())
        return _told(found), 200, etag(found.version if found else verbs.UNSET)

    @access("administrator", people_only=True)
    @matched
    @blueprint.arguments(TurnSchema)
    @blueprint.response(200, SwitchSchema, headers=ETAG)
    def put(self, wish: dict[str, Any]) -> Any:
        """Stop every run within seconds, or let them go on; the reason is for everybody to read."""
        found = verbs.stop_switch(rows())
        must_match(found.version if found else verbs.UNSET)
        made = verbs.set_stop(rows(), asker().actor, on=wish["on"], reason=wish["reason"], now=now())
        return _told(made), 200, etag(made.version)


def _told(found: Any) -> dict[str, Any]:
    if found is None:
        return {"on": False, "reason": "", "at": None, "by": None}
    names = decisions.names(rows(), [found.account_id] if found.account_id else [])
    return {"on": found.on, "reason": found.reason, "at": found.at, "by": names.get(found.account_id or "")}
