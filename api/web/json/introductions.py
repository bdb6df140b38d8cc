"""Introductions, and what is agreed after them."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import agreements as agreeing
from api.services import introductions as verbs
from api.store import introductions, runs
from api.store.tables.introductions import WHO
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
    SaneMoment,
    Schema,
    Words,
    etag,
    link,
    matched,
    must_match,
    page_of,
)
from api.web.json.once import once
from api.web.json.proposals import OpeningSchema, StudentSchema
from api.web.problems import not_found
from api.web.reach import reach_of, speaks_for
from features.codes import code_list

blueprint = Blueprint("introductions", __name__, description="Meeting, and what is agreed before the start")
FOLLOWING = ("connector", "school", "referrer", "coach", "student", "parent")
ALL = (*FOLLOWING, "employer")
BOTH = ("connector", "employer")
SPEAKING = ("student", "parent")


class WhomToCallSchema(Schema):
    """Whom to call about the student."""

    name = ma.fields.String(required=True)
    phone = ma.fields.String(required=True)


class IntroductionSchema(Schema):
    """A meeting. An employer reads a code, and after the student's permission a first name and whom to call.

    That is as long as the student is shown to it or works there.
    """

    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    student = ma.fields.Nested(StudentSchema, allow_none=True, metadata={"description": "Not for the employer"})
    first_name = ma.fields.String(allow_none=True)
    call = ma.fields.List(ma.fields.Nested(WhomToCallSchema), required=True)
    names_permitted = ma.fields.Boolean(required=True)
    opening = ma.fields.Nested(OpeningSchema, allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["asked", "planned", "held", "cancelled"]))
    asked_at = Moment(required=True)
    planned_at = Moment(allow_none=True)
    where = ma.fields.String(required=True)
    outcome = ma.fields.String(allow_none=True, validate=ma.validate.OneOf(["go_on", "stop"]))
    held_on = ma.fields.Date(allow_none=True)


class IntroductionQuery(PageSchema):
    """Which introductions."""

    state = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", "asked", "planned", "held", "cancelled"]))
    student_id = ma.fields.String(load_default="")
    opening_id = ma.fields.String(load_default="")


class MeetingPlanSchema(Schema):
    """When and where they meet, and who comes along."""

    planned_at = SaneMoment(required=True)
    where = Words(200, load_default="")


class MeetingOutcomeSchema(Schema):
    """Whether they go on."""

    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(["go_on", "stop"]))
    held_on = Day(required=True)


class AdaptationSchema(Schema):
    """One thing that somebody adapts or arranges."""

    who = ma.fields.String(required=True, validate=ma.validate.OneOf(WHO))
    what = Words(300, least=1, required=True)
    support = ma.fields.String(load_default=None, allow_none=True,
                               validate=ma.validate.OneOf(code_list("support").codes))  # fmt: skip
    by = Day(load_default=None, allow_none=True)


class DoneAdaptationSchema(AdaptationSchema):
    """An adaptation, and when it was done."""

    position = ma.fields.Integer(required=True)
    done_on = ma.fields.Date(allow_none=True)


class AgreementTermsSchema(Schema):
    """What is agreed."""

    starts_on = Day(required=True)
    hours = ma.fields.Integer(load_default=None, allow_none=True, validate=ma.validate.Range(1, 48))
    mentor = Words(120, load_default="")
    adaptations = ma.fields.List(ma.fields.Nested(AdaptationSchema), load_default=list,
                                 validate=ma.validate.Length(max=20))  # fmt: skip


class NewAgreementSchema(AgreementTermsSchema):
    """What is agreed, after which introduction."""

    introduction_id = ma.fields.String(required=True)


class AgreementSchema(AgreementTermsSchema):
    """An agreement; ``state`` draft until both sides agreed, started when the placement began.

    An employer reads the adaptations as long as the student is shown to it or works there.
    """

    id = ma.fields.String(required=True)
    introduction_id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    student = ma.fields.Nested(StudentSchema, allow_none=True)
    opening = ma.fields.Nested(OpeningSchema, allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["draft", "agreed", "started"]))
    adaptations = ma.fields.List(ma.fields.Nested(DoneAdaptationSchema), required=True)
    student_agreed_at = Moment(allow_none=True)
    employer_agreed_at = Moment(allow_none=True)


class AgreementQuery(PageSchema):
    """Which agreements."""

    student_id = ma.fields.String(load_default="")


class AdaptationDoneSchema(Schema):
    """When an adaptation was done; null: not yet."""

    done_on = Day(required=True, allow_none=True)


@blueprint.route("/introductions")
class Introductions(MethodView):
    """Meetings."""

    @access(*ALL)
    @blueprint.arguments(IntroductionQuery, location="query")
    @blueprint.response(200, page_of(IntroductionSchema, "Introduction"))
    def get(self, query: dict[str, Any]) -> Page:
        """One's own, newest first. An employer asks for one by the word "meet" on a candidate."""
        found = introductions.introductions(
            rows(), _reach(query["student_id"]), state=query["state"], student_id=query["student_id"],
            opening_id=query["opening_id"], after=query["after"], limit=query["limit"] + 1,
        )  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.asked_at, last.id))
        return Page(told_introductions(page.items), page.next)


@blueprint.route("/introductions/<introduction_id>")
class Introduction(MethodView):
    """One meeting."""

    @access(*ALL)
    @blueprint.response(200, IntroductionSchema, headers=ETAG)
    def get(self, introduction_id: str) -> Any:
        """How far it is; its ETag is what a change must match."""
        return _shown(_own(introduction_id, *ALL))

    @matched
    @access(*BOTH, people_only=True)
    @blueprint.response(200, IntroductionSchema, headers=ETAG)
    def delete(self, introduction_id: str) -> Any:
        """Call it off; the candidate stays visible."""
        found = _own(introduction_id, *BOTH)
        return _shown(verbs.cancel(rows(), asker().actor, found, seen=must_match, now=now()))


@blueprint.route("/introductions/<introduction_id>/plan")
class MeetingPlan(MethodView):
    """When and where they meet."""

    @matched
    @access("connector", people_only=True)
    @blueprint.arguments(MeetingPlanSchema)
    @blueprint.response(200, IntroductionSchema, headers=ETAG)
    def put(self, said: dict[str, Any], introduction_id: str) -> Any:
        """Plan it, or plan it otherwise."""
        found = _own(introduction_id, "connector")
        return _shown(verbs.plan(rows(), asker().actor, found, at=said["planned_at"], where=said["where"],
                                 seen=must_match, now=now()))  # fmt: skip


@blueprint.route("/introductions/<introduction_id>/outcome")
class MeetingOutcome(MethodView):
    """How it went."""

    @matched
    @access(*BOTH, people_only=True)
    @blueprint.arguments(MeetingOutcomeSchema)
    @blueprint.response(200, IntroductionSchema, headers=ETAG)
    def put(self, said: dict[str, Any], introduction_id: str) -> Any:
        """Report that they met, and whether they go on."""
        found = _own(introduction_id, *BOTH)
        return _shown(verbs.hold(rows(), asker().actor, found, outcome=said["outcome"], held_on=said["held_on"],
                                 by_employer=not _followed(introductions.Introduction, [found.id]), seen=must_match,
                                 now=now()))  # fmt: skip


@blueprint.route("/introductions/<introduction_id>/name-permission")
class NamePermission(MethodView):
    """That the employer may know the first name, and whom to call: apart from the consent to be shown."""

    @matched
    @access(*SPEAKING, people_only=True)
    @blueprint.response(200, IntroductionSchema, headers=ETAG)
    def put(self, introduction_id: str) -> Any:
        """Permit it for the meeting as it was seen. If-Match is the ETag of the introduction."""
        found = _own(introduction_id, *SPEAKING)
        return _shown(verbs.permit_names(rows(), asker().actor, found, roles=speaks_for(asker(), found.student_id),
                                         seen=must_match, now=now()))  # fmt: skip

    @access(*SPEAKING, people_only=True)
    @blueprint.response(200, IntroductionSchema, headers=ETAG)
    def delete(self, introduction_id: str) -> Any:
        """Take it back, as long as they have not met; whatever changed meanwhile, so without If-Match."""
        found = _own(introduction_id, *SPEAKING)
        return _shown(verbs.hide_names(rows(), asker().actor, found, roles=speaks_for(asker(), found.student_id),
                                       now=now()))  # fmt: skip


@blueprint.route("/agreements")
class Agreements(MethodView):
    """What is agreed before the start."""

    @access(*ALL)
    @blueprint.arguments(AgreementQuery, location="query")
    @blueprint.response(200, page_of(AgreementSchema, "Agreement"))
    def get(self, query: dict[str, Any]) -> Page:
        """One's own, newest first."""
        found = introductions.agreements(rows(), _reach(query["student_id"]), student_id=query["student_id"],
                                         after=query["after"], limit=query["limit"] + 1)  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.created_at, last.id))
        return Page(told_agreements(page.items), page.next)

    @access(*BOTH, people_only=True)
    @blueprint.arguments(NewAgreementSchema)
    @blueprint.response(201, AgreementSchema, headers=ETAG | LOCATION)
    @once
    def post(self, said: dict[str, Any]) -> Any:
        """Write it down after a meeting."""
        after = _own(said.pop("introduction_id"), *BOTH)
        made = agreeing.write(rows(), asker().actor, after, **said, now=now())
        where = {"Location": link("introductions.Agreement", agreement_id=made.id)}
        return told_agreements([made])[0], 201, etag(made.version) | where


@blueprint.route("/agreements/<agreement_id>")
class Agreement(MethodView):
    """One agreement."""

    @access(*ALL)
    @blueprint.response(200, AgreementSchema, headers=ETAG)
    def get(self, agreement_id: str) -> Any:
        """Who adapts what by when, and who agreed."""
        return _shown_agreement(_own_agreement(agreement_id, *ALL))

    @matched
    @access(*BOTH, people_only=True)
    @blueprint.arguments(AgreementTermsSchema)
    @blueprint.response(200, AgreementSchema, headers=ETAG)
    def put(self, said: dict[str, Any], agreement_id: str) -> Any:
        """Say it otherwise; both sides must agree anew."""
        found = _own_agreement(agreement_id, *BOTH)
        return _shown_agreement(agreeing.change(rows(), asker().actor, found, **said, seen=must_match, now=now()))


@blueprint.route("/agreements/<agreement_id>/approval")
class AgreementApproval(MethodView):
    """That one's own side agrees."""

    @matched
    @access("employer", *SPEAKING, people_only=True)
    @blueprint.response(200, AgreementSchema, headers=ETAG)
    def put(self, agreement_id: str) -> Any:
        """Agree: the employer for the employer, the student or a mandated parent for the student."""
        found = _own_agreement(agreement_id, "employer", *SPEAKING)
        roles = speaks_for(asker(), found.student_id) or {"employer"}
        return _shown_agreement(agreeing.agree(rows(), asker().actor, found, roles=roles, seen=must_match, now=now()))


@blueprint.route("/agreements/<agreement_id>/adaptations/<int:position>")
class Adaptation(MethodView):
    """One thing that somebody adapts."""

    @matched
    @access(*BOTH, people_only=True)
    @blueprint.arguments(AdaptationDoneSchema)
    @blueprint.response(200, AgreementSchema, headers=ETAG)
    def put(self, said: dict[str, Any], agreement_id: str, position: int) -> Any:
        """Say when it was done."""
        found = _own_agreement(agreement_id, *BOTH)
        try:
            made = agreeing.finish(rows(), asker().actor, found, position, done_on=said["done_on"], seen=must_match,
                                   now=now())  # fmt: skip
        except LookupError:
            raise not_found() from None
        return _shown_agreement(made)


def told_introductions(found: Sequence[introductions.Introduction]) -> list[dict[str, Any]]:
    """Meetings as who asks may see them."""
    followed = _followed(introductions.Introduction, [one.id for one in found])
    students, openings = runs.names_of(rows(), [i.student_id for i in found], [i.opening_id for i in found])
    codes = introductions.codes_of(rows(), [one.id for one in found])
    shown = followed | introductions.shown(rows(), [one.id for one in found])
    plain = ("id", "state", "asked_at", "planned_at", "outcome", "held_on")
    made = []
    for one in found:
        permitted = verbs.shows_name(one) and one.id in shown
        named = one.id in followed or permitted
        call = introductions.whom_to_call(rows(), one.student_id) if named else []
        made.append({name: getattr(one, name) for name in plain} | {
            "code": codes[one.id], "student": students.get(one.student_id) if one.id in followed else None,
            "first_name": introductions.first_name(rows(), one.student_id) if named else None,
            "call": [{"name": name, "phone": phone} for name, phone in call],
            "names_permitted": permitted, "opening": openings.get(one.opening_id),
            "where": one.where if one.id in shown else "",  # in somebody's words, who comes along may stand there too
        })  # fmt: skip
    return made


def told_agreements(found: Sequence[introductions.Agreement]) -> list[dict[str, Any]]:
    """Agreements as who asks may see them."""
    followed = _followed(introductions.Agreement, [one.id for one in found])
    students, openings = runs.names_of(rows(), [a.student_id for a in found], [a.opening_id for a in found])
    started = introductions.started(rows(), [one.introduction_id for one in found])
    shown = introductions.shown(rows(), [one.introduction_id for one in found])
    adaptations = introductions.adaptations_of(rows(), [
        one.id for one in found if one.id in followed or one.introduction_id in shown])  # fmt: skip
    codes = introductions.codes_of(rows(), [one.introduction_id for one in found])
    plain = ("id", "introduction_id", "starts_on", "hours", "mentor", "student_agreed_at", "employer_agreed_at")
    return [
        {name: getattr(one, name) for name in plain}
        | {"code": codes[one.introduction_id], "opening": openings.get(one.opening_id),
           "student": students.get(one.student_id) if one.id in followed else None,
           "state": agreeing.state_of(one, started=one.introduction_id in started),
           "adaptations": adaptations.get(one.id, [])}
        for one in found
    ]  # fmt: skip


def _followed(of: Any, ids: Sequence[str]) -> set[str]:
    """Of these rows, those one sees as somebody beside the student, not as the employer."""
    return introductions.within(rows(), of, reach_of(asker(), *FOLLOWING), ids)


def _reach(student_id: str) -> Any:
    """What one sees; by a student's id what one does beside the student alone: an employer knows candidates by code."""
    return reach_of(asker(), *(FOLLOWING if student_id else ALL))


def _own(introduction_id: str, *roles: str) -> introductions.Introduction:
    found = introductions.introduction(rows(), reach_of(asker(), *roles), introduction_id)
    if found is None:
        raise not_found()
    return found


def _own_agreement(agreement_id: str, *roles: str) -> introductions.Agreement:
    found = introductions.agreement(rows(), reach_of(asker(), *roles), agreement_id)
    if found is None:
        raise not_found()
    return found


def _shown(found: introductions.Introduction) -> Any:
    return told_introductions([found])[0], 200, etag(found.version)


def _shown_agreement(found: introductions.Agreement) -> Any:
    return told_agreements([found])[0], 200, etag(found.version)
