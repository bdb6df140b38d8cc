"""Voorstellen: the list by state, grouped, filtered, kept as a view, and a word on several at once."""
from __future__ import annotations

from itertools import groupby
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.bsn import suspects
from api.services import accounts
from api.services import decisions as verbs
from api.services.uploads import Conflict
from api.store import decisions, runs
from api.store.queues import STATES
from api.store.tables.decisions import REASONS
from api.web.access import access, asker, regions_of
from api.web.database import now, rows
from api.web.json.once import once
from api.web.pages.base import go, me, read_form, show, t
from api.web.pages.card import banner_of
from api.web.pages.school.fields import Said
from api.web.pages.scope import TABS, chosen_region, context, holding, listed, numbers, region_choices, view
from api.web.pages.stopped import stopped
from api.web.problems import not_found

blueprint = Blueprint("proposals_pages", __name__)
PATH, MANY, MOST = "/voorstellen", "/voorstellen/samen", 30
WORDS = {"later": "defer", "past-niet": "reject"}
MOST_VIEWS = 12
PER_PAGE = 100


class ManyForm(ma.Schema):
    """A word on several proposals, each as it was seen: ``id:state``; ``gone``: how many more were picked at first."""

    word = ma.fields.String(required=True, validate=ma.validate.OneOf(("defer", "reject")))
    seen = ma.fields.List(ma.fields.String(), required=True, validate=ma.validate.Length(1, MOST))
    gone = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, MOST))
    reason = ma.fields.String(load_default=None, validate=ma.validate.OneOf(REASONS))
    note = ma.fields.String(load_default=None, validate=ma.validate.Length(max=500, error="review.note_long"))

    @ma.validates_schema
    def rejection_has_reason(self, data: dict[str, Any], **_: Any) -> None:
        """Why not is what the next run needs to know."""
        check_reason(data)


class ViewForm(ma.Schema):
    """A view to keep or to drop, by name."""

    name = Said(40, least=1, error="proposals.name_view", required=True)
    drop = ma.fields.Boolean(load_default=False)


def check_reason(data: dict[str, Any]) -> None:
    """A rejection needs a reason; "other" needs words; words hold no number that may be a BSN."""
    if data.get("word") == "reject":
        if not data.get("reason"):
            raise ma.ValidationError("review.choose_reason", "reason")
        if data["reason"] == "other" and not (data.get("note") or "").strip():
            raise ma.ValidationError("review.note_other", "note")
    if suspects(data.get("note") or ""):
        raise ma.ValidationError("review.note_number", "note")


@blueprint.get(PATH)
@access("connector", people_only=True)
def proposals() -> Response:
    """The list."""
    return _list()


@blueprint.post(f"{PATH}/weergaven")
@access("connector", people_only=True)
@once
def keep_view() -> Any:
    """Keep the list of this address under a name, or drop one."""
    values, wrong = read_form(ViewForm)
    if wrong:
        return _list(wrong)
    kept = {name: query for name, query in _views() if name != values["name"]}
    if not values["drop"]:
        kept = dict(list(kept.items())[-MOST_VIEWS + 1 :]) | {values["name"]: context()}
    accounts.set_preference(rows(), asker().account_id, "views", kept)
    return go(f"{PATH}{context()}", done="view_dropped" if values["drop"] else "view_kept")


@blueprint.get(MANY)
@access("connector", people_only=True)
def many() -> Any:
    """Who is meant, before several get one word; comparing goes on to its own page."""
    picked = list(dict.fromkeys(request.args.getlist("voorstel")))
    what = request.args.get("doe", "")
    if what == "vergelijk" and 2 <= len(picked) <= 4:
        return go("/vergelijken" + "".join(f"{'&' if k else '?'}voorstel={one}" for k, one in enumerate(picked)))
    key = "pick_some" if not picked else "pick_two" if what == "vergelijk" else "pick_fewer"
    if not picked or what not in WORDS or len(picked) > MOST:
        return _list({"pick": t(f"proposals.{key}")})
    return _sure(WORDS[what], picked)


@blueprint.post(MANY)
@access("connector", people_only=True)
@once
def decide_many() -> Any:
    """Give several proposals one word; whoever was judged meanwhile, has moved or was erased is left out."""
    values, wrong = read_form(ManyForm)
    if wrong:
        picked = [one.partition(":")[0] for one in request.form.getlist("seen")]
        gone = request.form.get("gone", 0, type=int)
        return _sure(request.form.get("word", "defer"), picked[:MOST], wrong, gone=min(max(gone, 0), MOST))
    seen = [(proposal, state) for proposal_id, _, state in (one.partition(":") for one in values["seen"])
            if (proposal := runs.proposal_within(rows(), proposal_id, regions_of(asker()), by_name=True))]  # fmt: skip
    if not seen:
        raise not_found()
    done = 0
    verbs.hold_all(rows(), [proposal for proposal, _ in seen])
    for proposal, state in seen:
        live = decisions.live_of(rows(), proposal.student_id, proposal.opening_id)
        if verbs.state_of(live) != state:
            continue
        try:
            verbs.decide(rows(), asker().actor, proposal, values["word"], reason=values["reason"],
                         note=values["note"], now=now())  # fmt: skip
        except Conflict:  # an employer sees the student: that is ended first, by itself
            continue
        done += 1
    missed = values["gone"] + len(values["seen"]) - done
    query = {"gemist": str(missed)} if missed else {}
    return go(f"{PATH}{context()}", done=f"many_{values['word']}" if done else "", **query)


def _list(wrong: dict[str, str] | None = None) -> Response:
    asked = view()
    found = listed(asked.tab, **asked.filters)
    key = (lambda one: one.opening_id) if asked.by == "opening" else (lambda one: one.student_id)
    ordered = found if asked.by == "opening" else sorted(found, key=lambda one: (one.name.lower(), one.student_id))
    pages = max(-(-len(ordered) // PER_PAGE), 1)
    wanted = request.args.get("pagina", "1")
    at = min(max(int(wanted), 1), pages) if wanted.isdecimal() and len(wanted) < 5 else 1
    groups = [list(group) for _, group in groupby(ordered[(at - 1) * PER_PAGE : at * PER_PAGE], key=key)]
    branches = sorted({one.branch for one in listed(asked.tab)}) if found or asked.is_filtered else []
    missed, number = request.args.get("gemist", ""), numbers()
    return show(
        "proposals.html", 400 if wrong else 200, wrong=wrong or {}, asked=asked, groups=groups, number=len(found),
        page=at, pages=pages,
        numbers=number, judged=any(number[state] for state in STATES), tabs=TABS,
        branches=branches, regions=region_choices(), context=context, views=_views(),
        made=banner_of(request.args.get("besluit", "")), has_run=bool(holding()),
        first=found[0].proposal_id if found else "", region=chosen_region(),
        missed=int(missed) if missed.isdecimal() and len(missed) < 5 else 0, picked=request.args.getlist("voorstel"),
        stopped=stopped(),
    )  # fmt: skip


def _sure(word: str, picked: list[str], wrong: dict[str, str] | None = None, *, gone: int = 0) -> Response:
    """Who is meant, and how many who were picked are there no more: they moved away or were erased meanwhile."""
    asked = [runs.proposal_within(rows(), one, regions_of(asker()), by_name=True) for one in picked]
    found = [one for one in asked if one is not None]
    if not found:
        raise not_found()
    students, openings = runs.names_of(rows(), [p.student_id for p in found], [p.opening_id for p in found])
    live = decisions.live_among(rows(), found)
    pairs = [(p, students[p.student_id], openings[p.opening_id],
              verbs.state_of(live.get((p.student_id, p.opening_id)))) for p in found]  # fmt: skip
    return show("many.html", 400 if wrong else 200, wrong=wrong or {}, word=word, pairs=pairs, context=context,
                reasons=REASONS, gone=min(gone + len(picked) - len(found), MOST))  # fmt: skip


def _views() -> list[tuple[str, str]]:
    return list((me().preferences or {}).get("views", {}).items())
