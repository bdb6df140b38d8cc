"""After the start: check moments, steps of the plan, and where students went."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import destinations as reporting
from api.services import follow_up as verbs
from api.store import destinations, introductions, placements
from api.store.tables.introductions import KINDS, STEP_STATES, WHO
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.base import (
    ETAG,
    LOCATION,
    Blueprint,
    Day,
    Moment,
    Page,
    PageSchema,
    Schema,
    Words,
    etag,
    link,
    matched,
    must_match,
    page_of,
)
from api.web.json.introductions import ALL
from api.web.json.once import once
from api.web.json.placements import own_placement
from api.web.problems import not_found
from api.web.reach import reach_of

blueprint = Blueprint("follow_up", __name__, description="Following who was placed, for two years")
BESIDE = ("connector", "school", "referrer", "coach")
REPORTING = (*BESIDE, "employer")
FOLLOWING = (*BESIDE, "student", "parent")
OUTCOMES = ("goes_well", "needs_attention", "stopped", "not_reached")


class CheckMomentSchema(Schema):
    """A moment to ask how it goes."""

    id = ma.fields.String(required=True)
    placement_id = ma.fields.String(required=True)
    code = ma.fields.String(required=True, metadata={"description": "What the employer calls the student"})
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(KINDS))
    due_on = ma.fields.Date(required=True)
    held_on = ma.fields.Date(allow_none=True)
    outcome = ma.fields.String(allow_none=True, validate=ma.validate.OneOf(OUTCOMES))
    note = ma.fields.String(allow_none=True, metadata={"description": "An employer reads its own alone"})


class CheckMomentQuery(PageSchema):
    """Which moments."""

    placement_id = ma.fields.String(load_default="")
    due_until = Day(load_default=None, allow_none=True, metadata={
        "description": "Those not held that should be by then"})  # fmt: skip


class NewCheckMomentSchema(Schema):
    """One more moment."""

    placement_id = ma.fields.String(required=True)
    due_on = Day(required=True)


class CheckOutcomeSchema(Schema):
    """How it goes; the student may read the note."""

    held_on = Day(required=True)
    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(OUTCOMES))
    note = Words(500, load_default=None, allow_none=True)


class StepTermsSchema(Schema):
    """What a step is."""

    goal = Words(200, load_default="")
    what = Words(300, least=1, required=True)
    who = ma.fields.String(required=True, validate=ma.validate.OneOf(WHO))
    by = Day(load_default=None, allow_none=True)


class NewStepSchema(StepTermsSchema):
    """A step of the plan after a placement."""

    placement_id = ma.fields.String(required=True)


class ChangedStepSchema(StepTermsSchema):
    """A step, said otherwise or moved on."""

    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STEP_STATES))
    reason = Words(300, load_default=None, allow_none=True)

    @ma.validates_schema
    def has_reason(self, data: dict[str, Any], **_: Any) -> None:
        """What paused or stopped says why."""
        if data.get("state") in ("paused", "stopped") and not data.get("reason"):
            raise ma.ValidationError("Say why.", "reason")


class StepSchema(StepTermsSchema):
    """A step."""

    id = ma.fields.String(required=True)
    placement_id = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STEP_STATES))
    reason = ma.fields.String(allow_none=True)
    created_at = Moment(required=True)


class StepQuery(PageSchema):
    """Which steps."""

    placement_id = ma.fields.String(load_default="")


class DestinationSchema(Schema):
    """Where a student went, as reported; the newest report counts."""

    id = ma.fields.String(required=True)
    student_id = ma.fields.String(required=True)
    destination = ma.fields.String(required=True)
    since = ma.fields.Date(required=True)
    source = ma.fields.String(required=True, validate=ma.validate.OneOf(reporting.SOURCES))
    reported_at = Moment(required=True)


class NewDestinationSchema(Schema):
    """Where a student went."""

    student_id = ma.fields.String(required=True)
    destination = ma.fields.String(required=True, validate=ma.validate.OneOf(reporting.CODES))
    since = Day(required=True)


class DestinationQuery(PageSchema):
    """Whose."""

    student_id = ma.fields.String(load_default="")


@blueprint.route("/check-moments")
class CheckMoments(MethodView):
    """Moments to ask how it goes."""

    @access(*ALL)
    @blueprint.arguments(CheckMomentQuery, location="query")
    @blueprint.response(200, page_of(CheckMomentSchema, "CheckMoment"))
    def get(self, query: dict[str, Any]) -> Page:
        """One's own, by day."""
        found = placements.moments(rows(), reach_of(asker(), *ALL), placement_id=query["placement_id"],
                                   due_until=query["due_until"], after=query["after"],
                                   limit=query["limit"] + 1)  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.due_on, last.id))
        return Page(_told_moments(page.items), page.next)

    @access(*REPORTING, people_only=True)
    @blueprint.arguments(NewCheckMomentSchema)
    @blueprint.response(201, CheckMomentSchema, headers=ETAG | LOCATION)
    @once
    def post(self, said: dict[str, Any]) -> Any:
        """Plan one more."""
        of = own_placement(said["placement_id"], *REPORTING)
        made = verbs.add_moment(rows(), asker().actor, of, said["due_on"], now=now())
        where = {"Location": link("follow_up.CheckMoment", check_moment_id=made.id)}
        return _told_moments([made])[0], 201, etag(made.version) | where


@blueprint.route("/check-moments/<check_moment_id>")
class CheckMoment(MethodView):
    """One moment."""

    @access(*ALL)
    @blueprint.response(200, CheckMomentSchema, headers=ETAG)
    def get(self, check_moment_id: str) -> Any:
        """When it is or was, and how it goes."""
        return _shown_moment(_own_moment(check_moment_id, *ALL))

    @matched
    @access(*REPORTING, people_only=True)
    @blueprint.arguments(CheckOutcomeSchema)
    @blueprint.response(200, CheckMomentSchema, headers=ETAG)
    def put(self, said: dict[str, Any], check_moment_id: str) -> Any:
        """Say how it goes."""
        found = _own_moment(check_moment_id, *REPORTING)
        return _shown_moment(verbs.report(rows(), asker().actor, found, **said, seen=must_match, now=now()))


@blueprint.route("/steps")
class Steps(MethodView):
    """Steps of the plan after a placement."""

    @access(*ALL)
    @blueprint.arguments(StepQuery, location="query")
    @blueprint.response(200, page_of(StepSchema, "Step"))
    def get(self, query: dict[str, Any]) -> Page:
        """One's own, newest first; an employer's are those it does or wrote."""
        found = placements.steps(rows(), reach_of(asker(), *FOLLOWING), reach_of(asker(), "employer"),
                                 asker().account_id, placement_id=query["placement_id"], after=query["after"],
                                 limit=query["limit"] + 1)  # fmt: skip
        return Page.of(found, query["limit"], lambda last: (last.created_at, last.id))

    @access(*REPORTING, people_only=True)
    @blueprint.arguments(NewStepSchema)
    @blueprint.response(201, StepSchema, headers=ETAG | LOCATION)
    @once
    def post(self, said: dict[str, Any]) -> Any:
        """Add one."""
        of = own_placement(said.pop("placement_id"), *REPORTING)
        made = verbs.add_step(rows(), asker().actor, of, **said, now=now())
        return made, 201, etag(made.version) | {"Location": link("follow_up.Step", step_id=made.id)}


@blueprint.route("/steps/<step_id>")
class Step(MethodView):
    """One step."""

    @access(*ALL)
    @blueprint.response(200, StepSchema, headers=ETAG)
    def get(self, step_id: str) -> Any:
        """What, who, by when, how far."""
        found = _own_step(step_id, *ALL)
        return found, 200, etag(found.version)

    @matched
    @access(*REPORTING, people_only=True)
    @blueprint.arguments(ChangedStepSchema)
    @blueprint.response(200, StepSchema, headers=ETAG)
    def put(self, said: dict[str, Any], step_id: str) -> Any:
        """Say it otherwise, or move it on."""
        found = _own_step(step_id, *REPORTING)
        made = verbs.change_step(rows(), asker().actor, found, **said, seen=must_match, now=now())
        return made, 200, etag(made.version)


@blueprint.route("/destinations")
class DestinationReports(MethodView):
    """Where students went."""

    @access(*FOLLOWING)
    @blueprint.arguments(DestinationQuery, location="query")
    @blueprint.response(200, page_of(DestinationSchema, "Destination"))
    def get(self, query: dict[str, Any]) -> Page:
        """Reports, newest first; of each student the newest counts."""
        found = destinations.reports(rows(), reach_of(asker(), *FOLLOWING), student_id=query["student_id"],
                                     after=query["after"], limit=query["limit"] + 1)  # fmt: skip
        return Page.of(found, query["limit"], lambda last: (last.reported_at, last.id))

    @access("school", "referrer", "connector", "student", people_only=True)
    @blueprint.arguments(NewDestinationSchema)
    @blueprint.response(201, DestinationSchema, headers=LOCATION)
    @once
    def post(self, said: dict[str, Any]) -> Any:
        """Report where a student went; never changed, a next report is added."""
        for source, roles in (("school", ("school", "referrer")), ("connector", ("connector",)),
                              ("student", ("student",))):  # fmt: skip
            if destinations.reaches(rows(), reach_of(asker(), *roles), said["student_id"]):
                made = reporting.report(rows(), asker().actor, said["student_id"], said["destination"],
                                        since=said["since"], source=source, now=now())  # fmt: skip
                return made, 201, {"Location": link("follow_up.DestinationReports", studentId=made.student_id)}
        raise not_found()


def _told_moments(found: Sequence[placements.CheckMoment]) -> list[dict[str, Any]]:
    of = placements.of_parts(rows(), [one.placement_id for one in found])
    codes = introductions.codes_of(rows(), [one.introduction_id for one in of.values()])
    followed = introductions.within(rows(), placements.Placement, reach_of(asker(), *FOLLOWING), list(of))
    plain = ("id", "placement_id", "kind", "due_on")
    made = []
    for one in found:
        at_work = of[one.placement_id]
        own = one.placement_id in followed or one.account_id == asker().account_id
        told = own or at_work.ended_on is None or (one.held_on is not None and one.held_on <= at_work.ended_on)
        made.append({name: getattr(one, name) for name in plain} | {
            "code": codes[at_work.introduction_id], "note": one.note if own else None,
            "held_on": one.held_on if told else None, "outcome": one.outcome if told else None,
        })  # fmt: skip
    return made


def _own_moment(check_moment_id: str, *roles: str) -> placements.CheckMoment:
    return _own(placements.moment(rows(), reach_of(asker(), *roles), check_moment_id))


def _own_step(step_id: str, *roles: str) -> placements.Step:
    beside = [role for role in roles if role != "employer"]
    return _own(placements.step(rows(), reach_of(asker(), *beside), reach_of(asker(), "employer"),
                                asker().account_id, step_id))  # fmt: skip


def _own(found: Any) -> Any:
    if found is None:
        raise not_found()
    return found


def _shown_moment(found: placements.CheckMoment) -> Any:
    return _told_moments([found])[0], 200, etag(found.version)


