"""Vergelijken: two to four students for one place side by side, who waits longest first, without a winner."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from api.services import close_ups, looks
from api.services import decisions as verbs
from api.store import decisions, people, reviews, runs
from api.web.access import access, asker, regions_of
from api.web.database import apart, now, rows
from api.web.json.proposals import own_proposal
from api.web.json.runs import seen_regions
from api.web.own import look_at_id
from api.web.pages import words
from api.web.pages.base import day, show, t
from api.web.pages.language import language
from api.web.pages.scope import context, held_runs
from api.web.problems import not_found

blueprint = Blueprint("compare", __name__)
MOST = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One student in the comparison."""

    proposal: runs.Proposal
    name: str
    look: close_ups.Look
    live: Any
    seen: str


@blueprint.get("/vergelijken")
@access("connector", people_only=True)
def compare() -> Response:
    """The comparison: of the proposals in the address, or of those for the place in it."""
    asked = dict.fromkeys(request.args.getlist("voorstel"))
    picked = [own_proposal(one, by_name=True) for one in asked][:MOST]
    opening_id = request.args.get("plek", "") or (picked[0].opening_id if picked else "")
    if opening_id and len(picked) < 2:
        picked = _for_place(opening_id, picked)
    if not picked:
        raise not_found()
    for one in picked:
        look_at_id(one.student_id)
    picked = _opened(picked)
    students, openings = runs.names_of(rows(), [p.student_id for p in picked], [p.opening_id for p in picked])
    live = decisions.live_among(rows(), picked)
    columns = []
    for proposal, look in zip(picked, close_ups.looks(rows(), picked, language()), strict=True):
        student = students[proposal.student_id]
        word = live.get((proposal.student_id, proposal.opening_id))
        columns.append(Column(proposal, student["first_name"] or student["student_ref"],
                              look, word, verbs.state_of(word)))  # fmt: skip
    columns.sort(key=lambda one: (one.look.student.leaves_on or date.max, one.look.student.student_ref))
    table = [(key, label, cells) for key, label, cells in _rows(columns)]
    only = request.args.get("alleen") == "verschillen"
    if only:
        table = [row for row in table if len(set(map(str, row[2]))) > 1]
    same_place = len({p.opening_id for p in picked}) == 1
    titles = [openings[one.proposal.opening_id] for one in columns]
    return show("compare.html", columns=columns, table=table, only=only, opening=titles[0], same_place=same_place,
                titles=titles, context=context)  # fmt: skip


def _opened(picked: list[runs.Proposal]) -> list[runs.Proposal]:
    """The proposals, anew where it is written now that their cards are open: all that decides is in the comparison."""
    new = looks.not_opened(rows(), asker().actor, picked)
    if not new:
        return picked
    with apart() as writing:
        looks.say_compared(writing, asker().actor, new, now())
    return [own_proposal(one.id, by_name=True) for one in picked]


def _for_place(opening_id: str, picked: list[runs.Proposal]) -> list[runs.Proposal]:
    """Who is proposed for a place in the runs that hold, then who fits best, up to `MOST`."""
    if not picked and reviews.opening_in(rows(), opening_id, seen_regions()) is None:
        raise not_found()
    found: list[runs.Proposal] = list(picked)
    run_ids = [picked[0].run_id] if picked else held_runs()
    for run_id in run_ids:
        candidates = runs.proposals_of(rows(), run_id, opening_id=opening_id, among_regions=regions_of(asker()),
                                       limit=50)  # fmt: skip
        found += sorted(candidates, key=lambda p: (not p.chosen, -p.fit, p.student_id))
    unique = {p.student_id: p for p in reversed(found)}
    return [unique[i] for i in dict.fromkeys(p.student_id for p in found)][:MOST]


def _rows(columns: list[Column]) -> list[tuple[str, str, list[Any]]]:
    looks = [one.look for one in columns]
    return [
        ("band", t("compare.fits"), [look.scored.band for look in looks]),
        ("text", t("compare.must"), [_musts(look) for look in looks]),
        ("text", t("compare.support"), [_support(look) for look in looks]),
        ("text", t("compare.travel"), [words.journey(look) or t("compare.travel_unknown") for look in looks]),
        ("text", t("compare.wants"), [words.names("branch", look.student.branches, 3) for look in looks]),
        ("text", t("compare.begins"), [day(look.student.available_from or look.student.leaves_on) for look in looks]),
        ("text", t("compare.better"), [_better(look) for look in looks]),
        ("text", t("compare.waits"), [day(look.student.leaves_on) for look in looks]),
        ("text", t("compare.state"), [_state(one) for one in columns]),
    ]  # fmt: skip


def _musts(look: close_ups.Look) -> str:
    counted = Counter(must.state for must in words.musts(look))
    told = [t(f"compare.{state}", n=counted[state]) for state in ("met", "unknown", "unmet") if counted[state]]
    open_ones = [must.text for must in words.musts(look) if must.state == "unmet"]
    return "; ".join([", ".join(told), *open_ones])


def _support(look: close_ups.Look) -> str:
    needs = look.scored.facts.support
    if needs is None:
        return t("compare.support_unknown")
    if not needs:
        return t("compare.support_none")
    return t("compare.support_of", n=sum(need.offered == "yes" for need in needs), all=len(needs))


def _better(look: close_ups.Look) -> str:
    return words.change_words(look.better[0]) if look.better else t("compare.none")


def _state(column: Column) -> str:
    if column.live is None:
        return t("review.status_to_review")
    who = people.account_by_id(rows(), column.live.account_id)
    return f"{t(f'conflict.word_{column.live.word}')} ({who.name if who else ''})"
