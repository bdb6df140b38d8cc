"""Requests for help to a municipality: it sees one only after the student consented to that one."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import help_requests as verbs
from api.services import looks
from api.store import decisions, destinations, help_requests, introductions
from api.web.access import access, asker
from api.web.database import apart, now, rows
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
from api.web.json.once import once
from api.web.problems import not_found
from api.web.reach import own_municipalities, reach_of, speaks_for

blueprint = Blueprint("help_requests", __name__, description="Consented requests for help to a municipality")
ASKING = ("connector", "school", "referrer", "coach")
SPEAKING = ("student", "parent")
SEEING = (*ASKING, *SPEAKING)
STATES = ("asked", "open", "answered", "withdrawn")


class HelpRequestSchema(Schema):
    """A request: for whom, what, who should do it, by when, and the answer."""

    id = ma.fields.String(required=True)
    student_id = ma.fields.String(allow_none=True, metadata={"description": "Not for the municipality"})
    first_name = ma.fields.String(required=True)
    municipality_id = ma.fields.String(required=True)
    municipality = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    what = ma.fields.String(required=True)
    who = ma.fields.String(required=True)
    by = ma.fields.Date(allow_none=True)
    asked_by = ma.fields.String(allow_none=True)
    asked_at = Moment(required=True)
    consented_at = Moment(allow_none=True)
    answer = ma.fields.String(required=True)
    answered_by = ma.fields.String(allow_none=True)
    answered_at = Moment(allow_none=True)


class NewHelpRequestSchema(Schema):
    """What is asked."""

    student_id = ma.fields.String(required=True)
    municipality_id = ma.fields.String(required=True)
    what = Words(500, least=1, required=True)
    who = Words(200, load_default="")
    by = Day(load_default=None, allow_none=True)


class HelpRequestQuery(PageSchema):
    """Which requests."""

    state = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *STATES]))


class HelpAnswerSchema(Schema):
    """The answer."""

    answer = Words(500, least=1, required=True)


class MunicipalitySchema(Schema):
    """A municipality that takes part."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


@blueprint.route("/municipalities")
class Municipalities(MethodView):
    """Municipalities that take part."""

    @access(*ASKING)
    @blueprint.response(200, MunicipalitySchema(many=True))
    def get(self) -> Any:
        """All, by name."""
        return help_requests.municipalities(rows())


@blueprint.route("/help-requests")
class HelpRequests(MethodView):
    """Requests for help."""

    @access(*SEEING, "municipality")
    @blueprint.arguments(HelpRequestQuery, location="query")
    @blueprint.response(200, page_of(HelpRequestSchema, "HelpRequest"))
    def get(self, query: dict[str, Any]) -> Page:
        """One's own, newest first; a municipality's are those that were consented to."""
        found = help_requests.requests(
            rows(), reach_of(asker(), *SEEING), own_municipalities(asker()), state=query["state"],
            after=query["after"], limit=query["limit"] + 1,
        )  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.asked_at, last.id))
        return Page(told(look_at(page.items)), page.next)

    @access(*ASKING, people_only=True)
    @blueprint.arguments(NewHelpRequestSchema)
    @blueprint.response(201, HelpRequestSchema, headers=ETAG | LOCATION)
    @once
    def post(self, said: dict[str, Any]) -> Any:
        """Ask; it waits for the student's consent."""
        if not destinations.reaches(rows(), reach_of(asker(), *ASKING), said["student_id"]):
            raise not_found()
        made = verbs.ask(rows(), asker().actor, said["student_id"], said["municipality_id"], what=said["what"],
                         who=said["who"], by=said["by"], now=now())  # fmt: skip
        where = {"Location": link("help_requests.HelpRequest", help_request_id=made.id)}
        return told([made])[0], 201, etag(made.version) | where


@blueprint.route("/help-requests/<help_request_id>")
class HelpRequest(MethodView):
    """One request."""

    @access(*SEEING, "municipality")
    @blueprint.response(200, HelpRequestSchema, headers=ETAG)
    def get(self, help_request_id: str) -> Any:
        """For whom, what, by when, and the answer."""
        seen = look_at([own(help_request_id, *SEEING, "municipality")])
        if not seen:
            raise not_found()
        return _shown(seen[0])

    @matched
    @access(*SEEING, people_only=True)
    @blueprint.response(200, HelpRequestSchema, headers=ETAG)
    def delete(self, help_request_id: str) -> Any:
        """Take it back, also after the answer: the municipality sees it no more; who else saw it keeps the answer."""
        found = own(help_request_id, *SEEING)
        asks = destinations.reaches(rows(), reach_of(asker(), *ASKING), found.student_id)
        roles: frozenset[str] = frozenset() if asks else speaks_for(asker(), found.student_id)
        return _shown(verbs.withdraw(rows(), asker().actor, found, roles=roles, seen=must_match, now=now()))


@blueprint.route("/help-requests/<help_request_id>/consent")
class HelpConsent(MethodView):
    """The student's consent to this one request."""

    @matched
    @access(*SPEAKING, people_only=True)
    @blueprint.response(200, HelpRequestSchema, headers=ETAG)
    def put(self, help_request_id: str) -> Any:
        """Give it."""
        found = own(help_request_id, *SPEAKING)
        return _shown(verbs.consent(rows(), asker().actor, found, roles=speaks_for(asker(), found.student_id),
                                    seen=must_match, now=now()))  # fmt: skip


@blueprint.route("/help-requests/<help_request_id>/answer")
class HelpAnswer(MethodView):
    """The municipality's answer."""

    @matched
    @access("municipality", people_only=True)
    @blueprint.arguments(HelpAnswerSchema)
    @blueprint.response(200, HelpRequestSchema, headers=ETAG)
    def put(self, said: dict[str, Any], help_request_id: str) -> Any:
        """Answer it."""
        found = own(help_request_id, "municipality")
        return _shown(verbs.answer(rows(), asker().actor, found, said["answer"], seen=must_match, now=now()))


def own(help_request_id: str, *roles: str) -> help_requests.HelpRequest:
    """The request, if one may see it by one of ``roles``; else as one that is not there."""
    mine = own_municipalities(asker()) if "municipality" in roles else frozenset()
    found = help_requests.request(rows(), reach_of(asker(), *roles), mine, help_request_id)
    if found is None:
        raise not_found()
    return found


def look_at(found: Sequence[help_requests.HelpRequest]) -> list[help_requests.HelpRequest]:
    """Write down that a municipality looks at who asks for help; return what it may see after that."""
    mine = own_municipalities(asker())
    if not mine:
        return list(found)
    who = {one.student_id for one in found if one.organisation_id in mine}
    if looks.not_yet(rows(), asker().actor, who, now()):
        with apart() as writing:
            looks.look(writing, asker().actor, who, now())
    rows().expire_all()
    kept = (help_requests.request(rows(), reach_of(asker(), *SEEING), mine, i) for i in [one.id for one in found])
    return [one for one in kept if one is not None]


def told(found: Sequence[help_requests.HelpRequest]) -> list[dict[str, Any]]:
    """Requests as they are shown to whoever may see them."""
    names = decisions.names(rows(), [i for h in found for i in (h.asked_by, h.answered_by) if i])
    reach = reach_of(asker(), *SEEING)
    plain = ("id", "state", "what", "who", "by", "asked_at", "consented_at", "answer", "answered_at")
    made = []
    for one in found:
        beside = destinations.reaches(rows(), reach, one.student_id)
        home = help_requests.municipality(rows(), one.organisation_id)
        made.append({name: getattr(one, name) for name in plain} | {
            "student_id": one.student_id if beside else None, "municipality_id": one.organisation_id,
            "first_name": introductions.first_name(rows(), one.student_id), "municipality": home.name if home else "",
            "asked_by": names.get(one.asked_by), "answered_by": names.get(one.answered_by or ""),
        })  # fmt: skip
    return made


def _shown(found: help_requests.HelpRequest) -> Any:
    return told([found])[0], 200, etag(found.version)
