"""The parts of a card beside the pair itself: consent, seats, history, other places and students, the banner."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.services import releases
from api.services.candidates import told_no
from api.services.close_ups import Look
from api.services.proposals import shown
from api.services.states import NotNow
from api.store import decisions, people, queues, reviews, runs
from api.store.releases import declined as declined_on
from api.store.releases import where_of
from api.texts.catalogue import listing
from api.texts.pages.review import AGAIN
from api.web.access import asker, regions_of
from api.web.database import local_day, now, rows
from api.web.pages import words
from api.web.pages.base import day, n, t
from api.web.pages.language import language

SHOWN = 5
_POINT = 10_000


def rest_of_card(proposal: runs.Proposal, look: Look, live: decisions.Decided | None) -> dict[str, Any]:
    """What the left side of a card tells beside the support."""
    students, openings = runs.names_of(rows(), [proposal.student_id], [proposal.opening_id])
    student, opening = students[proposal.student_id], openings[proposal.opening_id]
    name = student["first_name"] or student["student_ref"]
    places, held = reviews.seats(rows(), proposal.opening_id)
    decided = {} if live is None else {(live.student_id, live.opening_id): live}
    state = queues.states_of(rows(), [proposal], decided).get(proposal.id, "alternative")
    shut = _shut(proposal.opening_id)
    return {
        "name": name, "student": student, "opening": opening, "places": places, "free": max(places - held, 0),
        "state": state, "shut": shut, "said": "shut" if shut and state == "ready" else state,
        "consent": _consent(live), "declined": _declined(live),
        "others": reviews.other_words(rows(), proposal.student_id, proposal.opening_id),
        "age": words.age_on(look.student.birth_date, local_day(now())),
        "history": reviews.words_of(rows(), student_id=proposal.student_id, opening_id=proposal.opening_id,
                                    regions=asker().regions),
        "again": _again(proposal),
        "discarded": decisions.is_discarded(rows(), proposal) and (live is None or live.proposal_id != proposal.id),
    }  # fmt: skip


def _shut(opening_id: str) -> str:
    """Why nobody can be shared for a place now, as the tag on the card says it; empty: it is open."""
    try:
        releases.must_be_open(rows(), opening_id, local_day(now()))
    except NotNow as why:
        if why.code == "vacancy_not_open":
            return where_of(rows(), [opening_id])[opening_id][0].state
        return {"employer_not_approved": "unapproved", "vacancy_closed": "past"}[why.code]
    return ""


def _consent(live: decisions.Decided | None) -> str:
    found = reviews.consent_state(rows(), live) if live is not None else None
    if found is None:
        return t("review.consent_none")
    state, at = found
    return t(f"review.consent_{state}", date=day(at))


def _declined(live: decisions.Decided | None) -> str:
    """What the employer said of the student for this place, when it turned the student down; empty: nothing."""
    found = declined_on(rows(), [live]) if live is not None else {}
    return told_no(found[live.id], language()) if live is not None and live.id in found else ""


def _again(proposal: runs.Proposal) -> str:
    told: Any = proposal.again
    if not told:
        return ""
    fields = list(dict.fromkeys(_changed(name) for name in told.get("changed", [])))
    return t("review.again_why", reason=t(f"reason.{told['reason']}"), fields=listing(fields, language()))


def _changed(name: str) -> str:
    """What changed in words, of ``student.hours_max`` or ``opening.tasks``."""
    kind, _, field = name.partition(".")
    if kind == "student":
        return t("again.student", what=t(f"field.{field}").lower())
    return t(f"again.{field if field in AGAIN else 'opening'}")


def alternatives(proposal: runs.Proposal) -> dict[str, Any]:
    """Other places for the student and other students for the place, with what each would cost whom.

    Who was erased is no choice any more.
    """
    elsewhere = runs.proposals_of(rows(), proposal.run_id, student_id=proposal.student_id, limit=SHOWN + 1)
    here = runs.proposals_of(rows(), proposal.run_id, opening_id=proposal.opening_id,
                             among_regions=regions_of(asker()), limit=SHOWN + 1)  # fmt: skip
    sides = [[p for p in found if p.id != proposal.id][:SHOWN] for found in (elsewhere, here)]
    told = [(one, _cost(one)) for one in shown(rows(), sides[0] + sides[1], lang=language(), regions=asker().regions)]
    return {"elsewhere": told[: len(sides[0])], "here": told[len(sides[0]) :]}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a choice would do to the others: in short, and where everybody goes."""

    short: list[str]
    moves: list[str]


def _cost(told: dict[str, Any]) -> Cost:
    """Who loses a place and how many move, then who goes where, by name."""
    if told["chosen"]:
        return Cost([t("review.in_plan")], [])
    if told["regret"] is None:
        return Cost([t("review.cost_unknown")], [])
    moves = [move for move in told["regret"]["moves"] if move["student"] != told["student"]["id"]]
    going: dict[str, list[str]] = {}
    for move in moves:
        going.setdefault(move["to_name"], []).append(move["student_name"])
    losers = going.pop("", [])
    short = [t(f"review.cost_lose{_many(losers)}", names=listing(losers, language()))] if losers else []
    said = [t(f"review.cost_move{_many(who)}", names=listing(who, language()), title=place)
            for place, who in sorted(going.items())]  # fmt: skip
    if len(said) > 1:
        short.append(n("review.cost_shift", sum(map(len, going.values()))))
    else:
        short, said = short + said, []
    points = round(told["regret"]["others_loss"] / _POINT)
    if points:
        short.append(n("review.cost_points" if points > 0 else "review.gain_points", abs(points)))
    return Cost(short or [t("review.cost_none")], said)


def _many(names: list[str]) -> str:
    return "" if len(names) == 1 else "_many"


def banner_of(decision_id: str) -> dict[str, Any] | None:
    """What was just decided, by whom, while it stands: with the way to take it back."""
    found = decisions.by_id(rows(), decision_id) if decision_id else None
    if found is None or found.ended_at is not None:
        return None
    if runs.proposal_within(rows(), found.proposal_id, regions_of(asker()), by_name=True) is None:
        return None
    students, _ = runs.names_of(rows(), [found.student_id], [])
    student = students[found.student_id]
    if found.account_id == asker().account_id:
        who = t("review.you")
    else:
        account = people.account_by_id(rows(), found.account_id)
        who = account.name if account else ""
    reason = t(f"reason.{found.reason}") if found.reason else ""
    told = t(f"review.now_{found.word}", who=who, name=student["first_name"] or student["student_ref"],
             **({"reason": reason} if found.word == "reject" else {}))  # fmt: skip
    return {"text": told, "id": found.id}
