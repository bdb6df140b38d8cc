"""Somebody at work, as the connector reports it: how the trial went, the contract, the end and what comes after it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import marshmallow as ma
from flask import Blueprint

from api.services import placements
from api.services.states import NotNow
from api.store import placements as stored
from api.store.tables.introductions import END_REASONS, VERDICTS
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.pages.base import go, read_form
from api.web.pages.fields import Day
from api.web.pages.follow_pages import DAY, HOURS, PATH, Seen, must_be, reach, show_placement
from api.web.pages.language import language
from api.web.problems import not_found
from features.codes import code_list

blueprint = Blueprint("follow_work", __name__)


class VerdictForm(Seen):
    """How the trial went."""

    verdict = ma.fields.String(required=True, validate=ma.validate.OneOf(VERDICTS),
                               error_messages={"required": "follow.choose_verdict"})  # fmt: skip
    trial_until = Day(load_default=None, error_messages=DAY)

    @ma.validates_schema
    def extended_until(self, data: dict[str, Any], **_: Any) -> None:
        """A longer trial ends on some day."""
        if data.get("verdict") == "extended" and not data.get("trial_until"):
            raise ma.ValidationError("follow.choose_day", "trial_until")


class ContractForm(Seen):
    """The contract."""

    contract_on = Day(required=True, error_messages=DAY)
    contract_type = ma.fields.String(required=True, validate=ma.validate.OneOf(code_list("contract_type").codes))
    hours = ma.fields.Integer(**HOURS)


class EndForm(Seen):
    """The end, and whether the student looks for a place again."""

    ended_on = Day(required=True, error_messages=DAY)
    reason = ma.fields.String(required=True, validate=ma.validate.OneOf(END_REASONS),
                              error_messages={"required": "follow.choose_reason"})  # fmt: skip
    back = ma.fields.Boolean(required=True, error_messages={"required": "follow.choose_back"})


@blueprint.post(f"{PATH}/plaatsing/<placement_id>/oordeel")
@access("connector", people_only=True)
@once
def judge(placement_id: str) -> Any:
    """Say how the trial went."""
    return _say(placement_id, VerdictForm, ("oordeel", "trial_until"), lambda found, said: placements.judge(
        rows(), asker().actor, found, said["verdict"], on=local_day(now()), trial_until=said["trial_until"],
        seen=must_be(said["seen"]), now=now()))  # fmt: skip


@blueprint.post(f"{PATH}/plaatsing/<placement_id>/contract")
@access("connector", people_only=True)
@once
def sign(placement_id: str) -> Any:
    """Report the contract."""
    return _say(placement_id, ContractForm, ("contract", "contract_on"), lambda found, said: placements.sign(
        rows(), asker().actor, found, contract_on=said["contract_on"], contract_type=said["contract_type"],
        hours=said["hours"], seen=must_be(said["seen"]), now=now()))  # fmt: skip


@blueprint.post(f"{PATH}/plaatsing/<placement_id>/einde")
@access("connector", people_only=True)
@once
def end(placement_id: str) -> Any:
    """Report the end, with its reason, and whether the next run proposes the student again."""
    return _say(placement_id, EndForm, ("einde", "ended_on"), lambda found, said: placements.end(
        rows(), asker().actor, found, on=said["ended_on"], reason=said["reason"], back=said["back"],
        seen=must_be(said["seen"]), now=now()))  # fmt: skip


def _say(placement_id: str, schema: type[ma.Schema], at: tuple[str, str],
         act: Callable[[stored.Placement, dict[str, Any]], Any]) -> Any:  # fmt: skip
    """Read a form and do it; ``at`` names the form and its field beside which it is said what is in the way."""
    found = stored.placement(rows(), reach(), placement_id)
    if found is None:
        raise not_found()
    said, wrong = read_form(schema)
    if wrong:
        return show_placement(placement_id, wrong, at[0])
    try:
        act(found, said)
    except NotNow as why:
        return show_placement(placement_id, {at[1]: why.sentence(language())}, at[0])
    return go(f"{PATH}/plaatsing/{placement_id}", done="saved")
