"""Beoordelen: one proposal on a card, a person's word on it, taking it back, and what one change would do."""
from __future__ import annotations

import hashlib
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.services import close_ups, looks, standing
from api.services import decisions as verbs
from api.services.states import NotNow
from api.services.uploads import Conflict
from api.store import audit, decisions, people, reviews, runs
from api.store.tables.decisions import REASONS, WORDS
from api.texts.catalogue import listing, say
from api.texts.standing import LEFT_OUT
from api.web.access import access, asker
from api.web.database import apart, local_day, now, rows
from api.web.json.once import once
from api.web.json.proposals import own_proposal
from api.web.own import look_at_id
from api.web.pages import words
from api.web.pages.base import clock, go, me, read_form, show, t
from api.web.pages.card import alternatives, banner_of, rest_of_card
from api.web.pages.language import language
from api.web.pages.proposals import check_reason
from api.web.pages.scope import context, listed, view
from api.web.problems import not_found

blueprint = Blueprint("review", __name__)
BANDS = ("good", "fair", "not_yet")
ONE_IN = 10
"""One in so many cards asks for one's own judgement first, unless the region switched it off."""


class WordForm(ma.Schema):
    """A word on a proposal; ``seen`` is the state it was read in."""

    word = ma.fields.String(required=True, validate=ma.validate.OneOf(WORDS))
    seen = ma.fields.String(required=True)
    reason = ma.fields.String(load_default=None, validate=ma.validate.OneOf(REASONS))
    note = ma.fields.String(load_default=None, validate=ma.validate.Length(max=500, error="review.note_long"))

    @ma.validates_schema
    def rejection_has_reason(self, data: dict[str, Any], **_: Any) -> None:
        """Why not is what the next run needs to know."""
        check_reason(data)


class FirstForm(ma.Schema):
    """One's own judgement."""

    band = ma.fields.String(required=True, validate=ma.validate.OneOf(BANDS))


@blueprint.get("/voorstellen/<proposal_id>")
@access("connector", people_only=True)
def card(proposal_id: str) -> Response:
    """The card; the student reads later who looked."""
    proposal = own_proposal(proposal_id, by_name=True)
    look_at_id(proposal.student_id)
    if looks.must_say_open(rows(), asker().actor, proposal, now()):
        with apart() as writing:
            looks.say_open(writing, asker().actor, proposal, now())
    return _card(own_proposal(proposal_id, by_name=True))


@blueprint.post("/voorstellen/<proposal_id>")
@access("connector", people_only=True)
@once
def decide(proposal_id: str) -> Any:
    """Write a word, only on what was seen; then on to the next card."""
    proposal = own_proposal(proposal_id, by_name=True)
    values, wrong = read_form(WordForm)
    if wrong:
        return _card(proposal, wrong)
    decisions.lock_pair(rows(), proposal.student_id, proposal.opening_id)
    live = decisions.live_of(rows(), proposal.student_id, proposal.opening_id)
    if verbs.state_of(live) != values["seen"]:
        return _conflict(proposal, 412, live)
    _, after = _neighbours(proposal.id)
    try:
        made = verbs.decide(rows(), asker().actor, proposal, values["word"], reason=values["reason"],
                            note=values["note"], now=now())  # fmt: skip
    except NotNow as why:
        return _conflict(proposal, 409, None, why.sentence(language()))
    except Conflict as conflict:
        return _conflict(proposal, 409, conflict.decision)
    told = {"besluit": made.id}
    return go(f"/voorstellen/{after}{context()}" if after else f"/voorstellen{context()}", **told)


@blueprint.post("/besluiten/<decision_id>/ongedaan")
@access("connector", people_only=True)
@once
def undo(decision_id: str) -> Any:
    """Take a word back; the card shows again."""
    found = decisions.by_id(rows(), decision_id)
    if found is None:
        raise not_found()
    proposal = own_proposal(found.proposal_id, by_name=True)
    try:
        verbs.undo(rows(), asker().actor, found, now=now())
    except Conflict as conflict:
        return _conflict(proposal, 409, conflict.decision)
    return go(f"/voorstellen/{proposal.id}{context()}", done="undone")


@blueprint.post("/voorstellen/<proposal_id>/eerst-zelf")
@access("connector", people_only=True)
@once
def first_look(proposal_id: str) -> Any:
    """Keep in the log what somebody thought before reading the explanation, and show it."""
    proposal = own_proposal(proposal_id, by_name=True)
    values, wrong = read_form(FirstForm)
    if wrong:
        return _card(proposal, wrong)
    audit.append(rows(), asker().actor, "proposal.first_look", ("proposal", proposal.id), now=now(),
                 own=values["band"], band=proposal.band)  # fmt: skip
    return go(f"/voorstellen/{proposal.id}{context(eerst=values['band'])}")


@blueprint.get("/voorstellen/<proposal_id>/wat-als")
@access("connector", people_only=True)
def what_if(proposal_id: str) -> Response:
    """The pair after one change, beside the pair as it is; nothing is stored."""
    proposal = own_proposal(proposal_id, by_name=True)
    found = close_ups.what_if(rows(), proposal, request.args.get("wat", ""), language())
    if found is None:
        raise not_found()
    before, after, change = found
    students, openings = runs.names_of(rows(), [proposal.student_id], [proposal.opening_id])
    points = (before.scored.of_features, after.scored.of_features)
    changes = [(feature, points[0][feature], points[1][feature]) for feature in points[0]
               if points[0][feature] != points[1][feature]]  # fmt: skip
    return show("what_if.html", proposal=proposal, before=before, after=after, change=words.change_words(change),
                who=words.who_acts(change), rows=changes, student=students[proposal.student_id],
                opening=openings[proposal.opening_id], context=context)  # fmt: skip


def _card(proposal: runs.Proposal, wrong: dict[str, str] | None = None) -> Response:
    look = close_ups.look(rows(), proposal, language())
    live = decisions.live_of(rows(), proposal.student_id, proposal.opening_id)
    own = request.args.get("eerst", "") if request.args.get("eerst") in BANDS else ""
    asks_first = live is None and not own and (_asks_first(proposal) or "band" in (wrong or {}))
    line, rest = _neighbours(proposal.id), rest_of_card(proposal, look, live)
    return show(
        "review.html", 400 if wrong else 200, wrong=wrong or {}, proposal=proposal, look=look, live=live,
        seen=request.form.get("seen") or verbs.state_of(live), musts=words.musts(look), words=words, own_band=own,
        asks_first=asks_first, before=line[0], after=line[1], place=_place(proposal.id), context=context,
        reasons=REASONS, bands=BANDS, typed=request.form, banner=banner_of(request.args.get("besluit", "")),
        also_open=_also_open(proposal),
        cannot=_left_out(look.nowhere), beware=_left_out(_beware(proposal, look, rest["state"])),
        shortcuts=(me().preferences or {}).get("shortcuts", True), **rest,
        **({} if asks_first else alternatives(proposal)),
    )  # fmt: skip


def _beware(proposal: runs.Proposal, look: close_ups.Look, state: str) -> str:
    """What is told of a student and forbids no word, by its code: looks no more, or the data are too old meanwhile."""
    if look.beware or look.nowhere or state not in ("to_review", "later"):
        return look.beware
    old = standing.too_old(rows(), proposal.student_id, look.policy, local_day(now()))
    return "freshness" if old else ""


def _left_out(code: str) -> str:
    """Why the student is placed nowhere now, or takes no part in a next run, in words; empty: neither."""
    return say(LEFT_OUT, code, language()) if code else ""


def _also_open(proposal: runs.Proposal) -> str:
    """Who else is at this card now: nobody is locked out, two at once should know."""
    names = looks.also_open(rows(), asker().actor, proposal.student_id, proposal.opening_id, now())
    if not names:
        return ""
    return t("review.also_open" if len(names) == 1 else "review.also_open_many", names=listing(names, language()))


def _asks_first(proposal: runs.Proposal) -> bool:
    """Whether this card is in the sample: always the same ones, one in `ONE_IN`."""
    drawn = int(hashlib.sha256(proposal.id.encode()).hexdigest()[:8], 16) % ONE_IN == 0
    return drawn and reviews.first_look_is_on(rows(), proposal.student_id)


def _queue() -> list[str]:
    asked = view()
    return [one.proposal_id for one in listed(asked.tab, **asked.filters)]


def _neighbours(proposal_id: str) -> tuple[str, str]:
    """The cards before and after this one in the list one is in; the list goes round once this one is judged."""
    queue = _queue()
    if proposal_id not in queue:
        return "", queue[0] if queue else ""
    at = queue.index(proposal_id)
    after = queue[at + 1] if at + 1 < len(queue) else queue[0] if at else ""
    return queue[at - 1] if at else "", after


def _place(proposal_id: str) -> tuple[int, int]:
    queue = _queue()
    return (queue.index(proposal_id) + 1, len(queue)) if proposal_id in queue else (0, len(queue))


def _conflict(proposal: runs.Proposal, status: int, found: decisions.Decided | None, told: str = "") -> Response:
    """Who was first, when and with what, or ``told``; what one chose and wrote oneself stays on the screen."""
    students, openings = runs.names_of(rows(), [proposal.student_id], [proposal.opening_id])
    name = students[proposal.student_id]["first_name"] or students[proposal.student_id]["student_ref"]
    first, other = not told, ""
    mine = found is not None and found.account_id == asker().account_id
    if told:
        pass
    elif found is None:
        told = t("conflict.who_undid")
    elif decisions.is_released(rows(), found):
        told = t("conflict.shared")
    elif found.student_id == proposal.student_id and found.opening_id != proposal.opening_id:
        told, other = t("conflict.place_elsewhere", name=name), found.proposal_id
    elif found.opening_id == proposal.opening_id and found.student_id != proposal.student_id:
        told = t("conflict.place_gone")
    elif found.ended_at is not None:
        told = t("conflict.who_undid")
    else:
        who = people.account_by_id(rows(), found.account_id)
        word = t(f"conflict.word_{found.word}") + (f": {t(f'reason.{found.reason}')}" if found.reason else "")
        told = t("conflict.who", who=who.name if who else "", time=clock(found.decided_at), word=word)
    head = "title_not_now" if not first else "title_own" if mine else "title"
    return show("conflict.html", status, told=told, head=head, other=other, proposal=proposal, name=name,
                typed=request.form, context=context,
                title_of=openings[proposal.opening_id]["title"])  # fmt: skip
