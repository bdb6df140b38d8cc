"""What a school or a coach agreed to arrange for students who begin somewhere, and saying that it is done."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from api.services import agreements as verbs
from api.services.states import NotNow
from api.store import introductions, runs, students
from api.store.introductions import Adaptation, Agreement
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.own import OF_PARTY
from api.web.pages.base import go, show
from api.web.pages.school.students import name_of
from api.web.pages.seen import Stale, seen_as
from api.web.problems import not_found
from api.web.reach import reach_of

blueprint = Blueprint("school_agreed", __name__)
PATH = "/afspraken"
FOLLOWING = (*OF_PARTY, "coach")
DOERS: dict[str, tuple[str, ...]] = {"school": OF_PARTY, "coach": ("coach",)}
"""Who does it, as an agreement says, and by which roles somebody is that one for a student."""
_MOST = 200


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing that was agreed before the start, where, and whether it is for whoever asks to do."""

    agreement: Agreement
    adaptation: Adaptation
    place: str
    mine: bool

    @property
    def is_open(self) -> bool:
        """Whether the asker has it still to do."""
        return self.mine and self.adaptation.done_on is None


@blueprint.get(PATH)
@access(*FOLLOWING, people_only=True)
def overview() -> Response:
    """What is one's own to arrange, what is still to do first."""
    found = sorted((one for one in promises() if one.mine), key=lambda one: (
        one.adaptation.done_on is not None, one.adaptation.by or one.agreement.starts_on))  # fmt: skip
    called = {}
    for student_id in {one.agreement.student_id for one in found}:
        row = students.row_by_id(rows(), student_id)
        called[student_id] = name_of(row.record, row.student.student_ref)
    return show("school/agreed.html", found=found, names=called)


@blueprint.post(f"{PATH}/<agreement_id>/<int:position>")
@access(*FOLLOWING, people_only=True)
@once
def finish(agreement_id: str, position: int) -> Any:
    """Say that what one was to arrange is done, or that it is not yet."""
    of = next((one for one in promises() if one.mine and one.agreement.id == agreement_id
               and one.adaptation.position == position), None)  # fmt: skip
    if of is None:
        raise not_found()
    done = "not_yet" not in request.form
    here = f"/route/{of.agreement.student_id}" if request.form.get("at") == "route" else PATH
    try:
        verbs.finish(rows(), asker().actor, of.agreement, position, done_on=local_day(now()) if done else None,
                     seen=seen_as(request.form.get("seen", "")), now=now())  # fmt: skip
    except (NotNow, Stale):
        return go(here, done="changed_meanwhile")
    return go(here, done="adapted" if done else "adapted_not")


def promises(student_id: str = "") -> list[Promise]:
    """What both sides agreed on for one's own students, or one of them, where it goes on: not where the work ended, or
    will not begin for the student is shown to the employer no more.
    """
    reach = reach_of(asker(), *FOLLOWING)
    found = introductions.agreements(rows(), reach, student_id=student_id, limit=_MOST)
    after = [one.introduction_id for one in found]
    begun, goes_on = introductions.started(rows(), after), introductions.shown(rows(), after)
    found = [one for one in found if one.introduction_id in goes_on
             and verbs.state_of(one, started=one.introduction_id in begun) != "draft"]  # fmt: skip
    mine = {doer: introductions.within(rows(), Agreement, reach_of(asker(), *roles), [one.id for one in found])
            for doer, roles in DOERS.items()}  # fmt: skip
    lines = introductions.adaptations_of(rows(), [one.id for one in found])
    _, openings = runs.names_of(rows(), [], [one.opening_id for one in found])
    return [Promise(one, line, openings[one.opening_id]["employer"], one.id in mine.get(line.who, ()))
            for one in found for line in lines[one.id]]  # fmt: skip

