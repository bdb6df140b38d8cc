"""Delen: who is ready, asking for consent, exactly what the employer will see, sharing, and taking it back."""
from __future__ import annotations

from datetime import date
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.services import consents
from api.services import releases as verbs
from api.services.candidates import told_no
from api.services.card_words import words
from api.services.states import NotNow
from api.services.states import told as in_the_way
from api.store import decisions, releases, runs
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.json.releases import told_releases, told_seen
from api.web.pages.base import go, read_form, show, t
from api.web.pages.language import language
from api.web.pages.scope import MOST, chosen_region, my_regions, unshared
from api.web.problems import not_found
from api.web.reach import candidate_key, reach_of

blueprint = Blueprint("share", __name__)
PATH = "/delen"
TABS = ("klaar", "wacht", "gedeeld")


class ShareForm(ma.Schema):
    """Whom to share, each as previewed: ``decision:digest``."""

    candidate = ma.fields.List(ma.fields.String(), required=True, validate=ma.validate.Length(1, verbs.MOST))


@blueprint.get(PATH)
@access("connector", people_only=True)
def share() -> Response:
    """Acceptances by how far they are, and what is shared."""
    return _list()


@blueprint.post(f"{PATH}/<decision_id>/vraag")
@access("connector", people_only=True)
@once
def ask(decision_id: str) -> Any:
    """Ask the student for consent."""
    found = _own_decision(decision_id)
    try:
        consents.ask(rows(), asker().actor, found, now=now())
    except NotNow as refused:
        return _refused([refused.sentence(language())])
    return go(f"{PATH}?tab=wacht", done="consent_asked")


@blueprint.get(f"{PATH}/controle")
@access("connector", people_only=True)
def check() -> Response:
    """Exactly what the employer will see of everybody who was picked."""
    picked = list(dict.fromkeys(request.args.getlist("keuze")))[: verbs.MOST]
    if not picked:
        return _list({"pick": t("share.pick_some")})
    found = releases.decisions_of(rows(), reach_of(asker(), "connector"), picked)
    if len(found) < len(picked):
        raise not_found()
    students, openings = runs.names_of(rows(), [d.student_id for d in found], [d.opening_id for d in found])
    declined = releases.declined(rows(), found)
    cards = []
    for decision in found:
        made = verbs.preview(rows(), decision, key=candidate_key(), today=local_day(now()))
        cards.append({
            "decision": decision, "student": students[decision.student_id], "opening": openings[decision.opening_id],
            "code": made.pseudonym, "card": words(made.card, language()), "coarsened": made.card["coarsened"],
            "digest": made.digest, "declined": _declined(declined.get(decision.id)),
            "blocks": [in_the_way(code, language()) for code in made.blocks],
        })  # fmt: skip
    return show("share_check.html", cards=cards, ready=[one for one in cards if not one["blocks"]])


@blueprint.post(PATH)
@access("connector", people_only=True)
@once
def release() -> Any:
    """Share, all or none, each as it was previewed."""
    values, wrong = read_form(ShareForm)
    if wrong:
        return _list({"pick": t("share.pick_some")})
    wanted = dict(one.partition(":")[::2] for one in values["candidate"])
    found = releases.decisions_of(rows(), reach_of(asker(), "connector"), wanted)
    if len(found) < len(wanted):
        raise not_found()
    try:
        verbs.release(rows(), asker().actor, [(one, wanted[one.id]) for one in found], key=candidate_key(), now=now())
    except verbs.BatchRefused as refused:
        students, _ = runs.names_of(rows(), [d.student_id for d in found], [])
        who = {d.id: students[d.student_id] for d in found}
        return _refused([f"{who[one.decision_id]['first_name'] or who[one.decision_id]['student_ref']}: "
                         f"{in_the_way(one.why, language())}" for one in refused.refusals])  # fmt: skip
    return go(f"{PATH}?tab=gedeeld", done="shared")


@blueprint.get(f"{PATH}/<release_id>")
@access("connector", people_only=True)
def shared(release_id: str) -> Response:
    """One candidate that is shared: what the employer sees and who looked; taking it back."""
    return show("shared.html", release=told_seen(_own_release(release_id), language()))


@blueprint.post(f"{PATH}/<release_id>/terugtrekken")
@access("connector", people_only=True)
@once
def take_back(release_id: str) -> Any:
    """Take a candidate back."""
    try:
        verbs.take_back(rows(), asker().actor, _own_release(release_id), now=now())
    except NotNow as refused:
        return _refused([refused.sentence(language())])
    return go(f"{PATH}/{release_id}", done="taken_back")


def _list(wrong: dict[str, str] | None = None) -> Response:
    tab = request.args.get("tab", "") if request.args.get("tab") in TABS else "klaar"
    reach = reach_of(asker(), "connector")
    found = unshared()
    live = releases.releases(rows(), reach, regions=my_regions(), live=True, limit=MOST + 1, down=False)
    more = {"klaar": found.more_ready, "wacht": found.more_waiting, "gedeeld": len(live) > MOST}
    live = live[:MOST][::-1]
    numbers = {"klaar": len(found.ready), "wacht": len(found.waiting), "gedeeld": len(live)}
    shown = {"klaar": found.ready, "wacht": found.waiting}.get(tab, [])
    students, openings = runs.names_of(rows(), [one.decision.student_id for one in shown],
                                       [one.decision.opening_id for one in shown])  # fmt: skip
    cannot = releases.cannot_work(rows(), [one.student_id for one in live] + [s.decision.student_id for s in shown])
    declined = releases.declined(rows(), [one.decision for one in shown])
    lines = [
        {"decision": one.decision, "student": students[one.decision.student_id],
         "opening": openings[one.decision.opening_id], "consent": one.consent_state,
         "blocks": [in_the_way(code, language()) for code in one.blocks if code != "no_consent"],
         "cannot": one.decision.student_id in cannot, "said_no": _said_no(one),
         "declined": _declined(declined.get(one.decision.id)),
         "may_ask": one.consent_state in ("not_asked", "no", "talk", "withdrawn")}
        for one in shown
    ]  # fmt: skip
    return show(
        "share.html", 400 if wrong else 200, wrong=wrong or {}, tab=tab, lines=lines,
        shared=told_releases(live) if tab == "gedeeld" else [], region=chosen_region(),
        cannot={one.id for one in live if one.student_id in cannot},
        numbers={key: f"{number}+" if more[key] else number for key, number in numbers.items()},
        cut=numbers[tab] if more[tab] else 0, regions=len(my_regions()),
    )  # fmt: skip


def _said_no(one: verbs.Ready) -> date | None:
    """The day on which the student said no, where that is how it stands."""
    request = one.request if one.consent_state == "no" else None
    return local_day(request.answered_at) if request is not None and request.answered_at is not None else None


def _declined(found: releases.Release | None) -> str:
    """What the employer said of the student for this very place before, when that was no; empty: nothing."""
    return "" if found is None else told_no(found, language())


def _refused(said: list[str]) -> Response:
    return show("refused.html", 409, title_of=t("share.refused_title"), said=[*said, t("share.refused_text")],
                back=PATH)  # fmt: skip


def _own_decision(decision_id: str) -> decisions.Decided:
    found = releases.decision(rows(), reach_of(asker(), "connector"), decision_id)
    if found is None:
        raise not_found()
    return found


def _own_release(release_id: str) -> releases.Release:
    found = releases.release(rows(), reach_of(asker(), "connector"), release_id)
    if found is None:
        raise not_found()
    return found
