"""Mijn jongeren: whom a coach follows, where they work, and which check moments are due."""
from __future__ import annotations

from flask import Blueprint, Response

from api.services import students as verbs
from api.store import placements, runs
from api.store.paging import START
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.pages.base import show
from api.web.pages.school.agreed import promises
from api.web.pages.school.students import name_of
from api.web.reach import reach_of

blueprint = Blueprint("coach", __name__)
_MOST = 200


@blueprint.get("/mijn-jongeren")
@access("coach", people_only=True)
def youths() -> Response:
    """The youths of a coach."""
    who, today = asker(), local_day(now())
    reach = reach_of(who, "coach")
    found = verbs.listed(rows(), verbs.Wanted(), homes=(), regions=(), ids=who.students["coach"], after=START,
                         limit=_MOST, today=today)  # fmt: skip
    held = {one.student_id: one for one in reversed(placements.placements(rows(), reach, limit=_MOST))}
    _, openings = runs.names_of(rows(), [], [one.opening_id for one in held.values()])
    planned = [one for one in placements.moments(rows(), reach, limit=5 * _MOST) if one.held_on is None]
    of = placements.of_parts(rows(), [one.placement_id for one in planned])
    coming = {one.placement_id: one for one in reversed(planned)
              if placements.asked_for(of[one.placement_id], one)}  # fmt: skip
    due = placements.moments(rows(), reach, due_until=today, limit=_MOST)
    of |= placements.of_parts(rows(), [one.placement_id for one in due])
    names = {row.student.id: name_of(row.record, row.student.student_ref) for row, _, _ in found}
    return show("school/youths.html", shown=found, held=held, openings=openings, coming=coming, names=names,
                to_arrange=sum(one.is_open for one in promises()),
                due=[(one, of[one.placement_id].student_id) for one in due])  # fmt: skip
